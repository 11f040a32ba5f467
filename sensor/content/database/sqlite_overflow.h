// SPDX-License-Identifier: Apache-2.0
// Long values of an SQLite database: the page of their row has the beginning, a chain of other pages the rest
// (section 1.6). Pages come in the order of the file, chains before or behind their row; where a chain lies
// in the file in order, as it does in databases that only grew, it is one stream.
#ifndef GANDER_CONTENT_SQLITE_OVERFLOW_H_
#define GANDER_CONTENT_SQLITE_OVERFLOW_H_

#include <array>

#include "content/database/sqlite_page.h"
#include "content/held_list.h"
#include "content/layer.h"

namespace gander::content {

class SqliteOverflow {
 public:
  // Chains that are waited for, and the beginnings kept for them. What is too much is read on its own.
  static constexpr std::size_t kMaxChains = 64;
  static constexpr std::size_t kMaxBeginnings = 128 * 1024;
  // Chains that came before their row, of which the first bytes are remembered.
  static constexpr std::size_t kMaxOrphans = 512;
  // So much is handed on again across a gap, so that no value is torn by it.
  static constexpr std::size_t kOverlap = 64;
  // Values of one row that a chain holds; what is more is read as one.
  static constexpr std::size_t kMaxValues = 6;

  struct Value {
    SqliteValue::Type type = SqliteValue::Type::kNull;
    std::uint64_t bytes = 0;  // to come
  };
  // What a chain holds: the rest of a value, and the values behind it.
  struct Values {
    std::array<Value, kMaxValues> values;
    std::size_t count = 0;
    void Add(SqliteValue::Type type, std::uint64_t bytes) noexcept;
  };

  void Begin(Body& body, std::string_view name) noexcept;
  // The value that begins with `beginning` goes on at `page`. False: it is not waited for.
  bool Expect(std::uint32_t page, Bytes beginning, const Values& values) noexcept;
  // The first bytes of the chain that began at `page`, if that has passed. The view lives until the next
  // call.
  Bytes Passed(std::uint32_t page) noexcept;
  // A page (`usable` bytes) that is none of a tree.
  void Take(std::uint32_t number, Bytes usable, Uninspected& total) noexcept;
  // Something else is handed on next.
  void Pause() noexcept;
  // Hands on beginnings whose rest never came.
  void Finish(Uninspected& total) noexcept;

 private:
  static constexpr std::size_t kNextBytes = 4;

  struct Chain {
    std::uint32_t page;  // 0: none
    std::uint32_t at, size;
    Values values;
  };
  struct Orphan {
    std::uint32_t page, size;
    std::array<std::byte, kOverlap> head;
  };

  void Start(std::uint32_t number, Bytes content, Uninspected& total) noexcept;
  void Remember(std::uint32_t number, Bytes content) noexcept;
  void Open(Bytes beginning, Uninspected& total) noexcept;
  void Close(protocol::BodyEnd end) noexcept;
  void Feed(Bytes content, Uninspected& total) noexcept;

  Body* body_ = nullptr;
  std::string_view name_;
  HeldList<Chain> chains_;
  HeldBytes beginnings_;
  HeldList<Orphan> orphans_;
  std::size_t next_orphan_ = 0;

  // The chain at hand.
  bool in_chain_ = false;
  bool is_orphan_ = false;  // its row has not come: where its values end is unknown
  std::uint32_t next_ = 0;
  Values values_;
  std::size_t value_ = 0;  // at hand
  LayerPtr stream_;        // of it, if it can hold text
  bool odd_ = false;       // bytes of it so far: halves of UTF-16 are kept together
  std::array<std::byte, kOverlap> tail_;
  std::size_t tail_size_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_SQLITE_OVERFLOW_H_
