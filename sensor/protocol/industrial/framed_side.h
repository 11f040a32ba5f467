// SPDX-License-Identifier: Apache-2.0
// One direction of a control protocol over TCP: short messages, each with its length in front. Where bytes are missing
// or make no message, it goes on with the first chunk that begins as one.
#ifndef GANDER_PROTOCOL_INDUSTRIAL_FRAMED_SIDE_H_
#define GANDER_PROTOCOL_INDUSTRIAL_FRAMED_SIDE_H_

#include "protocol/framing/frame_reader.h"
#include "protocol/parser.h"

namespace gander::protocol::industrial {

class FramedSide {
 public:
  explicit FramedSide(std::size_t kept) noexcept : frames_(kept) {}

  // `measure` as FrameReader's; `begins(Bytes)` whether a message may begin so; `on_frame(Bytes)` for each. Bytes that
  // make no message are told as `anomaly` once `recognised()`; before that they are left, untold, for who reads the
  // flow next: kNotThis.
  template <class Measure, class Begins, class OnFrame, class Recognised>
  ParseStatus Read(const stream::StreamChunk& chunk, const char* anomaly, Measure&& measure, Begins&& begins,
                   OnFrame&& on_frame, Recognised&& recognised, MessageSink& sink) noexcept {
    Bytes in = chunk.bytes;
    if (chunk.gap_before > 0 && !frames_.Gap(chunk.gap_before)) lost_ = true;
    if (lost_ && !begins(in)) {
      sink.OnFate(ByteFate::kOpaqueBinary, in.size());
      return ParseStatus::kContinue;
    }
    lost_ = false;
    for (;;) {
      switch (frames_.Next(in, measure)) {
        case framing::FrameReader::Step::kNeedMore: return ParseStatus::kContinue;
        case framing::FrameReader::Step::kFrame: on_frame(frames_.frame()); break;
        case framing::FrameReader::Step::kPart:
          sink.OnFate(frames_.broken() ? ByteFate::kOpaqueBinary : ByteFate::kLostParserCap, frames_.part().size());
          break;
        case framing::FrameReader::Step::kBad:
          if (!recognised()) return ParseStatus::kNotThis;
          sink.OnAnomaly(anomaly);
          sink.OnFate(ByteFate::kOpaqueBinary, in.size());
          frames_.Reset();
          lost_ = true;
          return ParseStatus::kContinue;
      }
    }
  }
  void Reset() noexcept {
    frames_.Reset();
    lost_ = false;
  }

 private:
  framing::FrameReader frames_;
  bool lost_ = false;
};

}  // namespace gander::protocol::industrial

#endif  // GANDER_PROTOCOL_INDUSTRIAL_FRAMED_SIDE_H_
