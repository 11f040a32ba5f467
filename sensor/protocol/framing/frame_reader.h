// SPDX-License-Identifier: Apache-2.0
// Messages out of a stream whose heads state their length. A message within one chunk is a view into it; one that
// spans chunks is copied; of a long one the front is kept and the rest passes through in parts.
#ifndef GANDER_PROTOCOL_FRAMING_FRAME_READER_H_
#define GANDER_PROTOCOL_FRAMING_FRAME_READER_H_

#include <cstdint>
#include <string>
#include <utility>

#include "base/bytes.h"

namespace gander::protocol::framing {

class FrameReader {
 public:
  static constexpr std::uint64_t kUnknown = 0;            // more bytes are needed to tell the length
  static constexpr std::uint64_t kBad = UINT64_MAX;       // no message begins so
  static constexpr std::size_t kDefaultKept = 16 * 1024;  // front of a message that is handed on as one

  enum class Step : std::uint8_t {
    kNeedMore,  // the input is used up
    kFrame,     // frame() is a message, or the front of one longer than the cap
    kPart,      // part() goes on with the message of the last kFrame; its end when part_ends()
    kBad,       // measure said so; nothing was taken
  };

  explicit FrameReader(std::size_t kept = kDefaultKept) noexcept : kept_(kept) {}

  // `measure(Bytes front)` tells the length in bytes of the message that begins with `front`, its head included.
  template <class Measure>
  Step Next(Bytes& in, Measure&& measure) noexcept {
    if (given_) Drop();
    if (left_ > 0) return TakePart(in);
    if (held_.empty()) total_ = 0;
    while (!in.empty()) {
      const std::uint64_t length = measure(held_.empty() ? in : AsBytes(held_));
      if (length == kBad) return Step::kBad;
      if (length != kUnknown) {
        total_ = length;
        return TakeFrame(in, length);
      }
      // Heads are a few bytes: all of a chunk this short, else one more.
      held_ += AsText(TakeFront(in, held_.empty() ? in.size() : 1));
    }
    // The head may have become whole with the last byte.
    if (!held_.empty()) {
      const std::uint64_t length = measure(AsBytes(held_));
      if (length == kBad) return Step::kBad;
      if (length != kUnknown) {
        total_ = length;
        if (length <= held_.size()) return TakeFrame(in, length);
      }
    }
    return Step::kNeedMore;
  }

  Bytes frame() const noexcept { return frame_; }
  std::uint64_t frame_length() const noexcept { return total_; }  // of the whole message
  bool frame_is_whole() const noexcept { return total_ == frame_.size(); }
  Bytes part() const noexcept { return part_; }
  bool part_ends() const noexcept { return left_ == 0; }

  // Bytes are missing before what comes next. True when they were of a message whose end is known: its rest, if any,
  // comes as parts of a broken message (`broken()`). False when the next message has to be looked for.
  bool Gap(std::uint64_t bytes) noexcept;
  bool broken() const noexcept { return broken_; }
  bool between_messages() const noexcept { return left_ == 0 && (given_ || held_.empty()); }
  void Reset() noexcept;

 private:
  Step TakeFrame(Bytes& in, std::uint64_t length) noexcept;
  Step TakePart(Bytes& in) noexcept;
  void Drop() noexcept;

  std::size_t kept_;
  std::string held_;    // front of a message that spans chunks; at most kept_
  bool given_ = false;  // held_ was handed out
  bool broken_ = false;
  std::uint64_t left_ = 0;   // of the message whose front was handed out
  std::uint64_t total_ = 0;  // of the message at hand; 0 = not known yet
  Bytes frame_, part_;
};

}  // namespace gander::protocol::framing

#endif  // GANDER_PROTOCOL_FRAMING_FRAME_READER_H_
