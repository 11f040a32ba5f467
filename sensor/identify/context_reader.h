// SPDX-License-Identifier: Apache-2.0
// Asks what stands beside a value: the column it is in, else its key, else the words before it. Keys are
// remembered, for the same ones come in every row.
#ifndef GANDER_IDENTIFY_CONTEXT_READER_H_
#define GANDER_IDENTIFY_CONTEXT_READER_H_

#include <array>
#include <vector>

#include "identify/context.h"
#include "identify/rule_tables.h"
#include "identify/table_columns.h"
#include "identify/window.h"

namespace gander::identify {

class ContextReader final : public ColumnNamer {
 public:
  ContextReader(const RuleSet::Impl& rules, std::size_t reach);
  void Begin() noexcept { barren_text_ = nullptr; }  // another window

  // Words beside the value that begins at `begin`. `columns` may be nullptr; it must have been advanced to
  // `begin`.
  ContextWords Beside(const Window& window, std::size_t begin, TableColumns* columns) noexcept;
  // Words just behind a value, where a notation puts its kind there (HL7's ^^^NHS).
  ContextWords Behind(const Window& window, std::size_t end) noexcept;
  // Words behind a value in a sentence ("... is my passport number"), unless they name another value there.
  ContextWords BehindInSentence(const Window& window, std::size_t end) noexcept;
  ContextWords WordsOf(std::string_view key) noexcept;
  Column NameColumn(std::string_view name) noexcept override;

 private:
  static constexpr std::size_t kCachedKeys = 512;  // power of two
  static constexpr std::size_t kMaxCachedKey = 48;
  struct CachedKey {
    std::uint8_t length = 0;
    char key[kMaxCachedKey];
    ContextWords words;
  };
  // Tables of one kind come again and again.
  static constexpr std::size_t kCachedColumns = 256;  // power of two
  struct CachedColumn {
    std::uint8_t length = 0;
    char key[kMaxCachedKey];
    Column column;
  };
  void Match(std::string_view raw, ContextWords& out) noexcept;
  Column MakeColumn(std::string_view name) const noexcept;

  // Words of running text before a value. Every value of a line would read the same bytes again: what held no word is
  // remembered.
  ContextWords WordsOfText(const Window& window, std::size_t begin, std::size_t end, std::size_t value) noexcept;

  bool GoesOnBarren(const Window& window, std::size_t begin) noexcept;

  const RuleSet::Impl& rules_;
  std::size_t reach_;
  const char* barren_text_ = nullptr;  // [begin, end) of this text holds no context word
  std::size_t barren_begin_ = 0, barren_end_ = 0;
  std::vector<CachedKey> cache_;
  std::vector<CachedColumn> columns_;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_CONTEXT_READER_H_
