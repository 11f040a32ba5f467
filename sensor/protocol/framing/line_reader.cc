// SPDX-License-Identifier: Apache-2.0
#include "protocol/framing/line_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/renew.h"

namespace gander::protocol::framing {
namespace {

// A buffer no larger than this is kept between lines.
constexpr std::size_t kKeptBuffer = 256;

}  // namespace

bool LineReader::Next(Bytes& in, std::string_view* line) noexcept {
  if (std::exchange(given_, false)) Drop();
  while (!in.empty()) {
    const void* const found = std::memchr(in.data(), '\n', in.size());
    if (found == nullptr) {
      const Bytes all = TakeFront(in, in.size());
      if (!skip_) Hold(AsText(all));
      return false;
    }
    const std::size_t length = static_cast<std::size_t>(static_cast<const std::byte*>(found) - in.data());
    std::string_view text = AsText(TakeFront(in, length));
    in = in.subspan(1);
    if (std::exchange(skip_, false)) continue;
    if (!held_.empty() || text.size() > kMaxLine) {
      Hold(text);
      text = held_;
      given_ = true;
    }
    bare_lf_ = text.empty() || text.back() != '\r';
    if (!bare_lf_) text.remove_suffix(1);
    *line = text;
    return true;
  }
  return false;
}

std::string_view LineReader::Rest() noexcept {
  if (given_) Drop();
  given_ = true;
  return held_;
}

std::uint64_t LineReader::TakeDropped() noexcept { return std::exchange(dropped_, 0); }

void LineReader::Drop() noexcept {
  held_.clear();
  if (held_.capacity() > kKeptBuffer) std::string().swap(held_);
}

void LineReader::Resync() noexcept {
  Drop();
  given_ = false;
  skip_ = true;
}

void LineReader::Reset() noexcept {
  Drop();
  Renew(*this, {}, &LineReader::held_);
}

void LineReader::Hold(std::string_view bytes) noexcept {
  const std::size_t room = kMaxLine - held_.size();
  held_.append(bytes.substr(0, room));
  if (bytes.size() > room) dropped_ += bytes.size() - room;
}

}  // namespace gander::protocol::framing
