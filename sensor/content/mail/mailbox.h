// SPDX-License-Identifier: Apache-2.0
// mbox (RFC 4155; the variants by how they quote: mboxo, mboxrd): messages one behind the other, a "From " line in
// front of each. Each message is a wrapping of its own.
#ifndef GANDER_CONTENT_MAILBOX_H_
#define GANDER_CONTENT_MAILBOX_H_

#include <array>

#include "content/format_layer.h"

namespace gander::content {

class Mailbox final : public FormatLayer {
 public:
  static constexpr std::string_view kSegment = "mbox";
  static constexpr std::size_t kMaxLine = 512;  // of a "From " line; a longer one is text

  void GiveBack() noexcept override;

 protected:
  void Begin() noexcept override;
  Uninspected Read(Bytes in) noexcept override;
  void Finish(protocol::BodyEnd end) noexcept override;

 private:
  Uninspected Gather(Bytes& in) noexcept;
  Bytes NoSeparator() noexcept;
  Uninspected Separator() noexcept;
  bool IsLike(Bytes line) const noexcept;
  Uninspected Lines(Bytes& in) noexcept;
  Uninspected Put(Bytes text) noexcept;
  Bytes Held() const noexcept { return {hold_.data(), held_}; }
  void EndMessage(protocol::BodyEnd end) noexcept;

  LayerPtr message_;
  bool capped_ = false;       // there are more messages than are read
  bool line_start_ = true;
  bool behind_blank_ = true;  // the line before was empty, or there was none
  std::size_t line_ = 0;      // bytes of the line at hand
  std::byte last_{};          // the last of them
  std::size_t held_ = 0;      // bytes in `hold_`: the front of a line that may be quoted, or stand between messages
  std::array<std::byte, kMaxLine> hold_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_MAILBOX_H_
