// SPDX-License-Identifier: Apache-2.0
// Percent-encoding (RFC 3986 §2.1) inside text: addresses in JSON and HTML, form values encoded twice. "%25" opens an
// escape again, so that any number of encodings is undone at once. "%uXXXX", which escape() of JavaScript writes, too.
// What stands for a control character but tab and line ends stays as it is; an escaped '"' becomes ', as in
// json_escapes.h.
#ifndef GANDER_CONTENT_PERCENT_ESCAPES_H_
#define GANDER_CONTENT_PERCENT_ESCAPES_H_

#include <array>

#include "content/notation/escape_layer.h"

namespace gander::content {

class PercentEscapes final : public EscapeLayer {
 public:
  PercentEscapes() noexcept : EscapeLayer('%') {}
  void GiveBack() noexcept override;
  bool IsOpen() const noexcept override { return count_ > 0; }

 protected:
  void Start() noexcept override { count_ = 0; }
  std::size_t Whole(Bytes in, std::span<std::byte> out, std::size_t& written) noexcept override;
  std::size_t Step(unsigned char c, std::span<std::byte> out, bool& taken) noexcept override;
  std::size_t Finish(std::span<std::byte> out) noexcept override;

 private:
  std::size_t Decode(std::span<std::byte> out) noexcept;

  std::array<unsigned char, 6> held_{};  // "%", "%4", "%u003"
  std::uint8_t count_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PERCENT_ESCAPES_H_
