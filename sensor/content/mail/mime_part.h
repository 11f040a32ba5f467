// SPDX-License-Identifier: Apache-2.0
// A MIME entity on the wire (RFC 2045 §2.4): header fields, an empty line, a body. Whole messages and parts
// alike.
#ifndef GANDER_CONTENT_MIME_PART_H_
#define GANDER_CONTENT_MIME_PART_H_

#include <string>

#include "content/layer.h"
#include "content/mail/header_words.h"

namespace gander::content {

class MimePart final : public Layer {
 public:
  // Longest header field, continuation lines included; the rest of a longer one is counted as lost.
  static constexpr std::size_t kMaxField = 16 * 1024;

  // `nested`: counted as a wrapping by whoever opened it. `default_type`: static; of a body that says nothing of
  // itself.
  void Open(Body& body, bool nested, std::string_view default_type) noexcept;
  Uninspected Feed(Bytes in) noexcept override;
  void End(protocol::BodyEnd end) noexcept override;
  void GiveBack() noexcept override;

 private:
  // Fields that say what the body is. More than this of one is not kept.
  static constexpr std::size_t kMaxKept = 2048;

  void Line(std::string_view line_end, Uninspected& total) noexcept;
  void FinishField() noexcept;
  void Keep(std::string_view name, std::string_view value) noexcept;
  void Tell(std::string_view name, std::string_view text) noexcept;
  void OpenBody() noexcept;

  Body* body_ = nullptr;
  bool nested_ = false;
  std::string_view default_type_;
  bool first_line_ = true;
  bool told_ = false;  // the cap is reported once a part
  std::string line_;   // the line at hand, without its end
  std::string field_;  // the field at hand, unfolded so far
  std::string decoded_;
  HeaderWords words_;
  std::string content_type_, transfer_encoding_, disposition_;
  std::string name_;  // file name, or the form field's name
  LayerPtr inner_;    // once the empty line was seen
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_MIME_PART_H_
