// SPDX-License-Identifier: Apache-2.0
#include "content/mail/uuencode.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gander::content {
namespace {

constexpr char kFirst = ' ', kLast = '`';  // both stand for zero
constexpr std::size_t kMaxChecksum = 2;

constexpr unsigned SixBits(char c) noexcept { return static_cast<unsigned>(c - kFirst) & 63; }

std::string_view WithoutEnd(Bytes line_and_end) noexcept {
  std::string_view line = AsText(line_and_end);
  if (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

bool IsEnd(std::string_view line) noexcept {
  return line.starts_with("end") && line.find_first_not_of(" \t", 3) == std::string_view::npos;
}

}  // namespace

UuLine DecodeUuLine(std::string_view line, std::span<std::byte> out, std::size_t& size) noexcept {
  size = 0;
  if (IsEnd(line)) return UuLine::kEnd;
  if (line.empty()) return UuLine::kLast;
  if (line.size() > kMaxUuLine) return UuLine::kInvalid;
  if (std::any_of(line.begin(), line.end(), [](char c) { return c < kFirst || c > kLast; })) return UuLine::kInvalid;
  const std::size_t bytes = SixBits(line[0]);
  const std::size_t characters = (bytes + 2) / 3 * 4;
  line.remove_prefix(1);
  if (line.size() > characters + kMaxChecksum) return UuLine::kInvalid;
  if (bytes == 0) return UuLine::kLast;
  const auto bits = [&](std::size_t at) { return at < line.size() ? SixBits(line[at]) : 0; };
  for (std::size_t at = 0; size < bytes; at += 4) {
    const unsigned group = bits(at) << 18 | bits(at + 1) << 12 | bits(at + 2) << 6 | bits(at + 3);
    for (const int shift : {16, 8, 0}) {
      if (size < bytes) out[size++] = static_cast<std::byte>(group >> shift & 0xff);
    }
  }
  return UuLine::kData;
}

void UuDecoder::Begin() noexcept {
  over_ = complete_ = damaged_ = last_ = false;
  held_ = rest_size_ = 0;
  skipped_ = 0;
}

std::size_t UuDecoder::TakeSkipped() noexcept { return std::exchange(skipped_, 0); }

std::size_t UuDecoder::Decode(Bytes& in, std::span<std::byte> out) noexcept {
  std::size_t n = 0;
  while (!in.empty() && !over_ && out.size() - n >= kMaxUuBytes) {
    const void* const found = std::memchr(in.data(), '\n', in.size());
    const std::size_t length =
        found == nullptr ? in.size() : static_cast<std::size_t>(static_cast<const std::byte*>(found) - in.data()) + 1;
    if (held_ == 0 && found != nullptr && length <= hold_.size()) {
      n += Line(TakeFront(in, length), out.subspan(n));
      continue;
    }
    const Bytes more = TakeFront(in, std::min(length, hold_.size() - held_));
    std::memcpy(hold_.data() + held_, more.data(), more.size());
    held_ = static_cast<std::uint16_t>(held_ + more.size());
    const bool whole = more.back() == std::byte{'\n'};
    if (!whole && held_ < hold_.size()) break;
    // A line of so many bytes that does not end is none of ours.
    const Bytes line(hold_.data(), std::exchange(held_, std::uint16_t{0}));
    if (whole) {
      n += Line(line, out.subspan(n));
    } else {
      Keep(line);
      Stop(false);
    }
  }
  return n;
}

std::size_t UuDecoder::Line(Bytes line_and_end, std::span<std::byte> out) noexcept {
  std::size_t size = 0;
  const UuLine line = DecodeUuLine(WithoutEnd(line_and_end), out, size);
  if (line == UuLine::kEnd) {
    Stop(true);
    return 0;
  }
  if (line == UuLine::kInvalid || (last_ && line != UuLine::kLast)) {
    const bool second = last_ || rest_size_ > 0;
    Keep(line_and_end);
    if (second) Stop(false);
    return 0;
  }
  if (line == UuLine::kLast) {
    last_ = true;
    return 0;
  }
  if (rest_size_ > 0) {
    damaged_ = true;
    skipped_ += std::exchange(rest_size_, std::uint16_t{0});
  }
  return size;
}

std::size_t UuDecoder::Finish(std::span<std::byte> out) noexcept {
  if (over_ || held_ == 0) return 0;
  return Line(Bytes(hold_.data(), std::exchange(held_, std::uint16_t{0})), out);
}

void UuDecoder::Keep(Bytes line) noexcept {
  std::memcpy(rest_.data() + rest_size_, line.data(), line.size());
  rest_size_ = static_cast<std::uint16_t>(rest_size_ + line.size());
}

void UuDecoder::Stop(bool complete) noexcept {
  over_ = true;
  complete_ = complete;
  if (complete && rest_size_ > 0) {
    damaged_ = true;
    skipped_ += std::exchange(rest_size_, std::uint16_t{0});
  }
}

}  // namespace gander::content
