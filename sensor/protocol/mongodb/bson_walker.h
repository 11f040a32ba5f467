// SPDX-License-Identifier: Apache-2.0
// Documents of BSON (bsonspec.org, 1.1), cut anyhow: nothing is held but the key and the small value at hand.
#ifndef GANDER_PROTOCOL_MONGODB_BSON_WALKER_H_
#define GANDER_PROTOCOL_MONGODB_BSON_WALKER_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "protocol/mongodb/mongodb.h"

namespace gander::protocol::mongodb {

// What a walk meets. Views live for the call.
class BsonSink {
 public:
  virtual ~BsonSink() = default;
  // A value is text: it comes in parts. `depth` is 1 for the members of the document itself. In an array the key is
  // that of the array.
  virtual void OnText(std::string_view key, std::size_t depth) noexcept = 0;
  virtual void OnTextPart(std::string_view part) noexcept = 0;
  virtual void OnTextEnd() noexcept = 0;
  // A number or date, as text.
  virtual void OnNumber(std::string_view key, std::size_t depth, std::string_view text) noexcept = 0;
  // A document or array within begins, or one ends.
  virtual void OnOpen(std::string_view key, std::size_t depth) noexcept = 0;
  virtual void OnClose(std::size_t depth) noexcept = 0;
  virtual void OnOpaque(std::uint64_t bytes) noexcept = 0;
};

class BsonWalker {
 public:
  void Begin() noexcept;
  // Takes what belongs to the document off the front of `in`. False when it is no BSON.
  bool Feed(Bytes& in, BsonSink& sink) noexcept;
  bool done() const noexcept { return at_ == At::kDone; }

 private:
  enum class At : std::uint8_t { kLength, kType, kKey, kHead, kText, kSkip, kZeroEnded, kDone };
  bool Value(BsonSink& sink) noexcept;
  bool Head(BsonSink& sink) noexcept;
  void Number(BsonSink& sink) noexcept;

  At at_ = At::kDone;
  std::uint8_t type_ = 0;
  std::uint8_t small_size_ = 0, small_want_ = 0;
  int strings_left_ = 0;                  // zero-ended ones of a regular expression
  std::array<std::uint8_t, 16> small_{};  // a length or fixed value
  std::uint64_t left_ = 0;
  std::size_t depth_ = 0;
  std::string key_;        // at most kMaxName
  std::string array_key_;  // of the array whose elements are read; empty within a document
  std::array<bool, kMaxDepth + 1> array_{};
};

}  // namespace gander::protocol::mongodb

#endif  // GANDER_PROTOCOL_MONGODB_BSON_WALKER_H_
