// SPDX-License-Identifier: Apache-2.0
// application/x-www-form-urlencoded (WHATWG URL §5.1) as lines of "name=value": the name stands before its
// value as context, and a line end stands where '&' stood.
#ifndef GANDER_CONTENT_FORM_H_
#define GANDER_CONTENT_FORM_H_

#include <array>

#include "content/converting_layer.h"

namespace gander::content {

class FormLayer final : public ConvertingLayer {
 public:
  void GiveBack() noexcept override;

 protected:
  void Start() noexcept override { held_ = 0; }
  std::size_t Convert(Bytes& in, std::span<std::byte> out) noexcept override;
  std::size_t Finish(std::span<std::byte> out) noexcept override;

 private:
  std::array<std::byte, 2> hold_;  // "%" or "%4"
  std::size_t held_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_FORM_H_
