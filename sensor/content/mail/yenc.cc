// SPDX-License-Identifier: Apache-2.0
#include "content/mail/yenc.h"

#include <zlib.h>

#include <charconv>

#include "protocol/mime/header_value.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::content {
namespace {

constexpr std::uint8_t kShift = 42, kEscapeShift = 64;
constexpr std::size_t kLook = 64;  // of a line behind the last byte there should be

// The value of `key` in "=yend size=26624 part=1 pcrc32=ae052b48"; up to a blank.
std::string_view Keyword(std::string_view line, std::string_view key) noexcept {
  for (std::size_t at = line.find(key); at != std::string_view::npos; at = line.find(key, at + 1)) {
    const bool begins = at > 0 && line[at - 1] == ' ';
    const std::string_view rest = line.substr(at + key.size());
    if (begins && rest.starts_with('=')) return rest.substr(1, rest.find(' ', 1) - 1);
  }
  return {};
}

template <class T>
std::optional<T> NumberOf(std::string_view line, std::string_view key, int base) noexcept {
  const std::string_view digits = Keyword(line, key);
  T value{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<YencHead> ReadYencHead(std::string_view line) noexcept {
  constexpr std::string_view kName = " name=";
  if (!line.starts_with(kYencBegin)) return std::nullopt;
  const std::size_t name = line.find(kName);
  if (name == std::string_view::npos) return std::nullopt;
  const std::string_view keys = line.substr(0, name);
  const auto size = NumberOf<std::uint64_t>(keys, "size", 10);
  if (!size.has_value() || !NumberOf<std::uint32_t>(keys, "line", 10).has_value()) return std::nullopt;
  return YencHead{protocol::mime::Trim(line.substr(name + kName.size())), *size, !Keyword(keys, "part").empty()};
}

void YencDecoder::Begin(const YencHead& head) noexcept {
  at_ = At::kLineStart;
  over_ = complete_ = damaged_ = false;
  part_ = head.part;
  crc_ = 0;
  told_ = head.size;
  size_ = 0;
  held_ = rest_size_ = 0;
}

std::size_t YencDecoder::Decode(Bytes& in, std::span<std::byte> out) noexcept {
  std::size_t n = 0;
  while (!in.empty() && !over_ && out.size() - n >= kMaxLine) {
    if (at_ == At::kLine) n += Data(in, out.subspan(n));
    if (in.empty() || out.size() - n < kMaxLine) break;
    const std::size_t more = Step(static_cast<std::uint8_t>(in[0]), out.subspan(n));
    in = in.subspan(1);
    crc_ = static_cast<std::uint32_t>(
        crc32(crc_, reinterpret_cast<const Bytef*>(out.data() + n), static_cast<uInt>(more)));
    size_ += more;
    n += more;
  }
  return n;
}

// Up to the end of the line, or an escape.
std::size_t YencDecoder::Data(Bytes& in, std::span<std::byte> out) noexcept {
  const std::uint8_t* const p = Octets(in);
  const std::size_t room = in.size() < out.size() ? in.size() : out.size();
  std::size_t n = 0;
  for (; n < room && p[n] != '=' && p[n] != '\n' && p[n] != '\r'; ++n) out[n] = static_cast<std::byte>(p[n] - kShift);
  in = in.subspan(n);
  crc_ = static_cast<std::uint32_t>(crc32(crc_, reinterpret_cast<const Bytef*>(out.data()), static_cast<uInt>(n)));
  size_ += n;
  return n;
}

std::size_t YencDecoder::Step(std::uint8_t c, std::span<std::byte> out) noexcept {
  switch (at_) {
    case At::kBehind:
      Hold(c);
      if (held_ < kLook && c != '\n') return 0;
      return JudgeBehind(out);
    case At::kKeywords:
      Hold(c);
      if (c == '\n') KeywordsRead();
      return 0;
    case At::kLineEscape:
      if (c == 'y') {
        at_ = At::kKeywords;
        held_ = 0;
        Hold('=');
        Hold('y');
        return 0;
      }
      [[fallthrough]];
    case At::kEscaping:
      at_ = At::kLine;
      out[0] = static_cast<std::byte>(static_cast<std::uint8_t>(c - kEscapeShift) - kShift);
      return 1;
    case At::kLineStart:
    case At::kLine:
      break;
  }
  const bool start = at_ == At::kLineStart;
  at_ = At::kLine;
  if (c == '=') {
    at_ = start ? At::kLineEscape : At::kEscaping;
    return 0;
  }
  if (c == '\r') return 0;
  if (c == '\n') {
    at_ = At::kLineStart;
    return 0;
  }
  if (start && size_ >= told_) {
    held_ = 0;
    at_ = At::kBehind;
    Hold(c);
    return 0;
  }
  out[0] = static_cast<std::byte>(c - kShift);
  return 1;
}

// More than was told: a size that lies, or text behind a file that has lost its end.
std::size_t YencDecoder::JudgeBehind(std::span<std::byte> out) noexcept {
  const Bytes head(line_.data(), held_);
  if (protocol::IsPlainlyText(head)) {
    rest_size_ = held_;
    Stop(false);
    return 0;
  }
  damaged_ = true;
  at_ = At::kLine;
  std::size_t n = 0;
  for (const std::byte b : head) n += Step(static_cast<std::uint8_t>(b), out.subspan(n));
  return n;
}

void YencDecoder::Hold(std::uint8_t c) noexcept {
  if (held_ < line_.size()) line_[held_++] = static_cast<std::byte>(c);
}

void YencDecoder::KeywordsRead() noexcept {
  const std::string_view line = protocol::mime::Trim(AsText(Bytes(line_.data(), held_)));
  at_ = At::kLineStart;
  if (line.starts_with(kYencBegin)) {
    rest_size_ = held_;
    Stop(false);
  } else if (line.starts_with("=ypart ")) {
    const auto begin = NumberOf<std::uint64_t>(line, "begin", 10), end = NumberOf<std::uint64_t>(line, "end", 10);
    if (begin.has_value() && end.has_value() && *begin > 0 && *end >= *begin) told_ = *end - *begin + 1;
  } else if (line.starts_with("=yend")) {
    End(line);
  }
}

void YencDecoder::End(std::string_view line) noexcept {
  const auto size = NumberOf<std::uint64_t>(line, "size", 10);
  auto crc = NumberOf<std::uint32_t>(line, "pcrc32", 16);
  if (!crc.has_value() && !part_) crc = NumberOf<std::uint32_t>(line, "crc32", 16);
  Stop(true);
  damaged_ = damaged_ || size.value_or(size_) != size_ || told_ != size_ || crc.value_or(crc_) != crc_;
}

std::size_t YencDecoder::Finish(std::span<std::byte> out) noexcept {
  if (over_) return 0;
  const std::size_t n = at_ == At::kBehind ? JudgeBehind(out) : 0;
  // The last line may have lost its end.
  if (at_ == At::kKeywords) KeywordsRead();
  if (!over_) Stop(false);
  return n;
}

void YencDecoder::Stop(bool complete) noexcept {
  over_ = true;
  complete_ = complete;
  damaged_ = damaged_ || !complete;
}

}  // namespace gander::content
