// SPDX-License-Identifier: Apache-2.0
#include "protocol/redis/resp_reader.h"

#include <algorithm>
#include <charconv>

#include "base/renew.h"
#include "protocol/redis/redis.h"

namespace gander::protocol::redis {
namespace {

constexpr std::uint64_t kMaxBulk = 512ull << 20;  // the server's own bound
constexpr std::uint64_t kMaxElements = 1ull << 31;

// -1 (null) is told as `null`; false when it is no number or too large.
bool ReadCount(std::string_view text, std::uint64_t most, std::uint64_t* value, bool* null) noexcept {
  *null = text == "-1";
  *value = 0;
  if (*null) return true;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), *value);
  return result.ec == std::errc() && result.ptr == text.data() + text.size() && *value <= most;
}

}  // namespace

void RespReader::Hold(std::string_view bytes) noexcept {
  const std::size_t room = kMaxLine - std::min(held_.size(), kMaxLine);
  held_.append(bytes.substr(0, room));
  if (bytes.size() > room) dropped_ += bytes.size() - room;
}

Token RespReader::Next(Bytes& in) noexcept {
  if (given_) held_.clear();
  given_ = false;
  if (at_ == At::kValue) {
    if (left_ == 0) {
      at_ = At::kLineEnd;
      left_ = 2;
      return Token::kBulkEnd;
    }
    if (in.empty()) return Token::kNeedMore;
    text_ = AsText(TakeFront(in, static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size()))));
    left_ -= text_.size();
    return Token::kPart;
  }
  if (at_ == At::kLineEnd) {
    left_ -= TakeFront(in, static_cast<std::size_t>(left_)).size();
    if (left_ > 0) return Token::kNeedMore;
    at_ = At::kLine;
  }
  if (in.empty()) return Token::kNeedMore;
  const std::string_view text = AsText(in);
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    Hold(text);
    in = {};
    return Token::kNeedMore;
  }
  in = in.subspan(end + 1);
  std::string_view line = text.substr(0, end);
  if (!held_.empty() || line.size() > kMaxLine) {
    Hold(line);
    line = held_;
    given_ = true;
  }
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return OnLine(line);
}

Token RespReader::OnLine(std::string_view line) noexcept {
  text_ = line.empty() ? line : line.substr(1);
  type_ = line.empty() ? '\0' : line[0];
  bool null = false;
  switch (type_) {
    case '+':
    case ':':
    case ',':
    case '#':
    case '(':
    case '_': return Token::kSimple;
    case '-': return Token::kError;
    case '$':
    case '=':
    case '!':
      if (!ReadCount(text_, kMaxBulk, &count_, &null)) return Token::kBad;
      if (null) {
        text_ = {};
        return Token::kSimple;
      }
      at_ = At::kValue;
      left_ = count_;
      return Token::kBulk;
    case '*':
    case '%':
    case '~':
    case '>':
    case '|':
      if (!ReadCount(text_, kMaxElements, &count_, &null)) return Token::kBad;
      if (null) {
        text_ = {};
        return Token::kSimple;
      }
      if (is_map()) count_ *= 2;
      return Token::kAggregate;
    default: break;
  }
  text_ = line;
  return Token::kInline;
}

bool RespReader::Gap(std::uint64_t bytes) noexcept {
  held_.clear();
  given_ = false;
  if (at_ == At::kValue && bytes <= left_) {
    left_ -= bytes;
    return true;
  }
  at_ = At::kLine;
  left_ = 0;
  return false;
}

void RespReader::Reset() noexcept { Renew(*this); }

}  // namespace gander::protocol::redis
