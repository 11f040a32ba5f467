// SPDX-License-Identifier: Apache-2.0
// MIME transfer encodings (RFC 2045 §6.7, §6.8) as layers.
#ifndef GANDER_CONTENT_TRANSFER_ENCODING_H_
#define GANDER_CONTENT_TRANSFER_ENCODING_H_

#include <array>

#include "content/converting_layer.h"
#include "protocol/mime/base64.h"

namespace gander::content {

// A part that calls itself base64 and is not, is handed on as it stands: malware hides behind that label.
class Base64Layer final : public ConvertingLayer {
 public:
  Uninspected Feed(Bytes in) noexcept override;
  void End(protocol::BodyEnd end) noexcept override;
  void GiveBack() noexcept override;

 protected:
  void Start() noexcept override;
  std::size_t Convert(Bytes& in, std::span<std::byte> out) noexcept override {
    return decoder_.Decode(in, out);
  }
  std::size_t Finish(std::span<std::byte> out) noexcept override { return decoder_.Finish(out); }

 private:
  static constexpr std::size_t kPrefixBytes = 64;

  Uninspected Settle() noexcept;

  protocol::mime::Base64Decoder decoder_;
  bool settled_ = false;
  bool plain_ = false;
  std::size_t held_ = 0;
  std::array<std::byte, kPrefixBytes> hold_;
};

class QuotedPrintableLayer final : public ConvertingLayer {
 public:
  void GiveBack() noexcept override;

 protected:
  void Start() noexcept override { held_ = 0; }
  std::size_t Convert(Bytes& in, std::span<std::byte> out) noexcept override;
  std::size_t Finish(std::span<std::byte> out) noexcept override;

 private:
  // An escape begun: "=", "=4", "=\r". Soft line ends and escapes both have three bytes at most.
  std::array<std::byte, 2> hold_;
  std::size_t held_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_TRANSFER_ENCODING_H_
