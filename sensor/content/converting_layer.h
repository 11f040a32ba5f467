// SPDX-License-Identifier: Apache-2.0
// A layer that rewrites bytes and cannot fail: base64, quoted-printable, form encoding, character sets. The subclass
// converts a stretch; this class moves it, and translates what the inner layer left uninspected.
#ifndef GANDER_CONTENT_CONVERTING_LAYER_H_
#define GANDER_CONTENT_CONVERTING_LAYER_H_

#include <cstddef>
#include <span>

#include "content/layer.h"

namespace gander::content {

class ConvertingLayer : public Layer {
 public:
  // `segment`: what the path says of it; empty = nothing.
  void Open(Body& body, LayerPtr inner, std::string_view segment) noexcept;
  Uninspected Feed(Bytes in) noexcept override;
  void End(protocol::BodyEnd end) noexcept override;

 protected:
  // No conversion writes more for one byte of input, nor for what Finish() hands on.
  static constexpr std::size_t kMaxExpansion = 40;

  virtual void Start() noexcept = 0;
  // Converts from the front of `in`, removing what was read, until fewer than kMaxExpansion bytes are free in
  // `out` or `in` is used up. Returns the bytes written.
  virtual std::size_t Convert(Bytes& in, std::span<std::byte> out) noexcept = 0;
  // What was held back; at most kMaxExpansion bytes.
  virtual std::size_t Finish(std::span<std::byte> out) noexcept = 0;

  Body& body() noexcept { return *body_; }
  Layer& inner() noexcept { return *inner_; }

 private:
  Body* body_ = nullptr;
  LayerPtr inner_;
  std::string_view segment_;
  bool pushed_ = false;
  std::size_t path_before_ = 0;
  std::size_t buffer_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_CONVERTING_LAYER_H_
