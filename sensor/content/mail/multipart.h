// SPDX-License-Identifier: Apache-2.0
// multipart/* (RFC 2046 §5.1): finds the boundary lines in a stream of bytes, each part goes to a MimePart.
#ifndef GANDER_CONTENT_MULTIPART_H_
#define GANDER_CONTENT_MULTIPART_H_

#include <string>

#include "content/layer.h"

namespace gander::content {

class Multipart final : public Layer {
 public:
  // RFC 2046 allows 70.
  static constexpr std::size_t kMaxBoundary = 256;

  // `part_type`: static; of parts that say nothing of themselves. Empty: they are text.
  void Open(Body& body, std::string_view boundary, std::string_view part_type) noexcept;
  Uninspected Feed(Bytes in) noexcept override;
  void End(protocol::BodyEnd end) noexcept override;
  void GiveBack() noexcept override;

 private:
  enum class Section : std::uint8_t { kPreamble, kPart, kEpilogue, kTooMany };
  enum class At : std::uint8_t {
    kLineStart,  // the line so far equals the first `matched_` bytes of the delimiter
    kInLine,
    kTail,  // behind a delimiter, up to the end of its line
  };
  // Positions within the bytes of one Feed().
  struct Cursor {
    Bytes in;
    std::size_t i = 0;           // next byte to read
    std::size_t from = 0;        // first byte not handed on
    std::size_t text_end = 0;    // where the text before the line at hand ends, its line end excluded
    std::size_t line_start = 0;  // of the line at hand
    bool carried = false;        // the line at hand began in an earlier Feed()
    Uninspected total;
  };

  void AtLineStart(Cursor& c) noexcept;
  void InLine(Cursor& c) noexcept;
  void Tail(Cursor& c) noexcept;
  void NoDelimiter(Cursor& c) noexcept;
  void Delimiter(Cursor& c) noexcept;
  void Suspend(Cursor& c) noexcept;
  void NextSection() noexcept;
  Uninspected Put(Bytes bytes) noexcept;
  void EndSection(protocol::BodyEnd end) noexcept;

  Body* body_ = nullptr;
  LayerPtr inner_;
  std::string delimiter_;  // "--boundary"
  std::string_view part_type_;
  Section section_ = Section::kPreamble;
  At at_ = At::kLineStart;
  std::string_view pending_eol_;  // static; the line end before the line at hand, not handed on
  std::size_t matched_ = 0;
  std::size_t carried_matched_ = 0;  // of matched_, those of earlier Feed()s
  bool pending_cr_ = false;          // the last byte of the Feed() before, not handed on
  std::size_t tail_length_ = 0;      // bytes of the tail so far
  bool final_ = false;               // the tail begins with "--"
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_MULTIPART_H_
