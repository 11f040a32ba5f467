// SPDX-License-Identifier: Apache-2.0
#include "protocol/mongodb/bson_walker.h"

#include <algorithm>

#include "protocol/framing/date_text.h"

namespace gander::protocol::mongodb {
namespace {

// Types of elements.
enum : std::uint8_t {
  kDouble = 0x01,
  kString = 0x02,
  kDocument = 0x03,
  kArray = 0x04,
  kBinary = 0x05,
  kUndefined = 0x06,
  kObjectId = 0x07,
  kBoolean = 0x08,
  kDate = 0x09,
  kNull = 0x0a,
  kRegex = 0x0b,
  kPointer = 0x0c,
  kCode = 0x0d,
  kSymbol = 0x0e,
  kScopedCode = 0x0f,
  kInt32 = 0x10,
  kTimestamp = 0x11,
  kInt64 = 0x12,
  kDecimal = 0x13,
  kMaxKey = 0x7f,
  kMinKey = 0xff
};
constexpr std::int64_t kMillisecondsADay = 86'400'000;

// Octets of a value that are read at once: all of a fixed one, the length before another. -1 for a type that is none.
int HeadSize(std::uint8_t type) noexcept {
  switch (type) {
    case kDouble:
    case kDate:
    case kTimestamp:
    case kInt64: return 8;
    case kString:
    case kSymbol:
    case kCode:
    case kDocument:
    case kArray:
    case kInt32:
    case kScopedCode:
    case kPointer: return 4;
    case kBinary: return 5;  // and the subtype
    case kObjectId: return 12;
    case kBoolean: return 1;
    case kDecimal: return 16;
    case kUndefined:
    case kNull:
    case kRegex:
    case kMinKey:
    case kMaxKey: return 0;
    default: return -1;
  }
}

std::uint64_t LittleEndian(const std::uint8_t* p, int octets) noexcept {
  std::uint64_t value = 0;
  for (int i = 0; i < octets; ++i) value |= std::uint64_t{p[i]} << (8 * i);
  return value;
}

}  // namespace

void BsonWalker::Begin() noexcept {
  at_ = At::kLength;
  small_size_ = 0;
  small_want_ = 4;
  depth_ = 0;
  key_.clear();
  array_key_.clear();
}

bool BsonWalker::Feed(Bytes& in, BsonSink& sink) noexcept {
  while (at_ != At::kDone) {
    const bool ready = (at_ == At::kHead && small_want_ == 0) || ((at_ == At::kText || at_ == At::kSkip) && left_ == 0);
    if (in.empty() && !ready) return true;
    switch (at_) {
      case At::kLength:
      case At::kHead:
        while (small_size_ < small_want_ && !in.empty()) small_[small_size_++] = Octets(TakeFront(in, 1))[0];
        if (small_size_ < small_want_) return true;
        if (!(at_ == At::kLength ? Value(sink) : Head(sink))) return false;
        break;
      case At::kType:
        type_ = Octets(TakeFront(in, 1))[0];
        if (type_ == 0) {
          sink.OnClose(depth_);
          array_key_.clear();
          at_ = --depth_ == 0 ? At::kDone : At::kType;
          break;
        }
        if (HeadSize(type_) < 0) return false;
        key_.clear();
        at_ = At::kKey;
        break;
      case At::kKey: {
        const std::string_view text = AsText(in);
        const std::size_t end = std::min(text.find('\0'), text.size());
        key_.append(text.substr(0, std::min(end, kMaxName - key_.size())));
        TakeFront(in, end + 1);
        if (end == text.size()) break;
        at_ = type_ == kRegex ? At::kZeroEnded : At::kHead;
        strings_left_ = 2;
        small_size_ = 0;
        small_want_ = static_cast<std::uint8_t>(HeadSize(type_));
        break;
      }
      case At::kText: {
        // The last octet is a zero.
        const std::size_t n = static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size()));
        const Bytes part = TakeFront(in, n);
        left_ -= n;
        const std::string_view text = AsText(part).substr(0, left_ == 0 && n > 0 ? n - 1 : n);
        if (!text.empty()) sink.OnTextPart(text);
        if (left_ > 0) break;
        sink.OnTextEnd();
        at_ = At::kType;
        break;
      }
      case At::kSkip: {
        const Bytes part = TakeFront(in, static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size())));
        left_ -= part.size();
        sink.OnOpaque(part.size());
        if (left_ == 0) at_ = At::kType;
        break;
      }
      case At::kZeroEnded: {
        const std::string_view text = AsText(in);
        const std::size_t end = text.find('\0');
        TakeFront(in, end == std::string_view::npos ? text.size() : end + 1);
        if (end != std::string_view::npos && --strings_left_ == 0) at_ = At::kType;
        break;
      }
      case At::kDone: break;
    }
  }
  return true;
}

// The length of a document has come: its own, or that of one within.
bool BsonWalker::Value(BsonSink&) noexcept {
  const std::uint64_t length = LittleEndian(small_.data(), 4);
  if (length < 5 || length > kMaxMessage || depth_ == kMaxDepth) return false;
  ++depth_;
  at_ = At::kType;
  return true;
}

bool BsonWalker::Head(BsonSink& sink) noexcept {
  const std::string_view key = !array_key_.empty() ? array_key_ : key_;
  const std::uint64_t length = LittleEndian(small_.data(), 4);
  at_ = At::kType;
  switch (type_) {
    case kString:
    case kSymbol:
    case kCode:
      if (length == 0 || length > kMaxMessage) return false;
      sink.OnText(key, depth_);
      left_ = length;
      at_ = At::kText;
      return true;
    case kDocument:
    case kArray:
      sink.OnOpen(key, depth_);
      array_key_ = type_ == kArray ? key_ : std::string();
      return Value(sink);
    case kBinary:
    case kPointer:
    case kScopedCode: {
      // What the length counts: the data; a string and an id; all of the value.
      constexpr std::uint64_t kId = 12, kLength = 4;
      if (length > kMaxMessage || (type_ == kScopedCode && length < kLength)) return false;
      left_ = type_ == kPointer ? length + kId : type_ == kScopedCode ? length - kLength : length;
      at_ = At::kSkip;
      return true;
    }
    default: Number(sink); return true;
  }
}

void BsonWalker::Number(BsonSink& sink) noexcept {
  const std::string_view key = !array_key_.empty() ? array_key_ : key_;
  std::string text;
  switch (type_) {
    case kInt32: text = std::to_string(static_cast<std::int32_t>(LittleEndian(small_.data(), 4))); break;
    case kInt64: text = std::to_string(static_cast<std::int64_t>(LittleEndian(small_.data(), 8))); break;
    case kDate: {
      const auto ms = static_cast<std::int64_t>(LittleEndian(small_.data(), 8));
      framing::AppendDate(ms / kMillisecondsADay - (ms % kMillisecondsADay < 0 ? 1 : 0), text);
      break;
    }
    case kDouble: {
      // Telephone and other numbers are stored so by some: whole ones are read.
      double value;
      static_assert(sizeof value == 8);
      __builtin_memcpy(&value, small_.data(), sizeof value);
      constexpr double kExact = 9007199254740992.0;
      if (value > -kExact && value < kExact && value == static_cast<double>(static_cast<std::int64_t>(value))) {
        text = std::to_string(static_cast<std::int64_t>(value));
      }
      break;
    }
    default: break;
  }
  if (!text.empty()) sink.OnNumber(key, depth_, text);
}

}  // namespace gander::protocol::mongodb
