// SPDX-License-Identifier: Apache-2.0
// What follows a literal: the rest of a token, the value of a named field, an HL7 segment, an SQL column
// list.
#ifndef GANDER_IDENTIFY_LITERAL_READER_H_
#define GANDER_IDENTIFY_LITERAL_READER_H_

#include <cstdint>
#include <vector>

#include "base/pool.h"
#include "identify/context_reader.h"
#include "identify/judge.h"
#include "identify/text_state.h"
#include "identify/window.h"

namespace gander::identify {

class LiteralReader {
 public:
  LiteralReader(const RuleSet::Impl& rules, Judge& judge, ContextReader& context, FieldSink& fields,
                Pool<TableColumns>& columns, Counters& counters);

  // Finds the literals of the window, whose masks are `runs`. May lower window.limit to a literal whose value is not
  // wholly there yet.
  void Begin(Window& window, const RunMasks& runs, TextState::Impl& state) noexcept;
  // Handles all literals that end at or before `position`.
  void ReadUntil(std::size_t position) noexcept {
    while (next_ < hits_.size() && hits_[next_].end <= position) Read(hits_[next_++]);
  }
  void Finish() noexcept { ReadUntil(~std::size_t{0}); }

  // The names of a table's columns, which stand at `offset` of the text.
  void ReadNames(std::string_view list, std::uint64_t offset) noexcept;

  // A value of a field whose key is known: trims, tests and reports it.
  void ReadValue(IdType rule, std::size_t begin, std::size_t end, Support support = Support::kContext) noexcept;

 private:
  static constexpr std::size_t kMaxValue = 160;
  static constexpr std::size_t kMaxSegment = 1024;

  void Read(const LiteralHit& hit) noexcept;
  void ReadToken(const Literal& literal, std::size_t end) noexcept;
  // Where a token begins whose prefix stands at `prefix`; npos when what leads it is too short or too long.
  std::size_t LeadBegin(const CompiledRule& rule, std::size_t prefix) const noexcept;
  // Whether a word of the rule names what begins there: its column, its key or a word before it.
  Support SupportOf(IdType rule, std::size_t begin) noexcept;
  void ReadField(const Literal& literal, std::size_t end) noexcept;
  void ReadKey(const Literal& literal, std::uint64_t offset) noexcept;
  const Literal& LiteralOf(const LiteralHit& hit) const noexcept;
  void FindKeys(const Window& window) noexcept;
  void ReadHl7Diagnosis(std::size_t end) noexcept;
  void ReadHl7Pid(const Literal& literal, std::size_t end) noexcept;
  void ReadSqlInsert(std::size_t end) noexcept;
  void ReadExpression(const Literal& literal, std::size_t end) noexcept;
  // How far what follows a literal reaches, or npos when it goes on beyond the window.
  std::size_t Extent(const Literal& literal, std::size_t end) noexcept;
  // Where what is of the rule's alphabet ends that stands at `begin`, at most max_length and one characters on.
  std::size_t AlphabetEnd(IdType rule, std::size_t begin) noexcept;
  bool FieldValue(std::size_t key_begin, std::size_t key_end, std::size_t& begin,
                  std::size_t& end) const noexcept;

  const RuleSet::Impl& rules_;
  Judge& judge_;
  ContextReader& context_;
  FieldSink& fields_;
  Pool<TableColumns>& columns_;
  Counters& counters_;
  LiteralScratch scratch_;
  const Window* window_ = nullptr;
  TextState::Impl* state_ = nullptr;
  // The last stretch that AlphabetEnd read: prefixes within a long one do not read it again, each for itself.
  struct Stretch {
    IdType rule = kNoRule;
    std::size_t begin = 0, end = 0;
  };
  Stretch stretch_;
  std::vector<LiteralHit> hits_, names_;
  std::size_t next_ = 0;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_LITERAL_READER_H_
