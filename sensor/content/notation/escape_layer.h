// SPDX-License-Identifier: Apache-2.0
// A layer that undoes the escapes of one notation. Every escape begins with one mark; what has no mark is handed on
// where it stands, uncopied. What an escape gives is never longer than the escape.
#ifndef GANDER_CONTENT_ESCAPE_LAYER_H_
#define GANDER_CONTENT_ESCAPE_LAYER_H_

#include "content/converting_layer.h"

namespace gander::content {

class EscapeLayer : public ConvertingLayer {
 public:
  Uninspected Feed(Bytes in) noexcept final;
  // Whether an escape has begun and is not over.
  virtual bool IsOpen() const noexcept = 0;

 protected:
  explicit EscapeLayer(char mark) noexcept : mark_(mark) {}

  // Reads an escape of the common kinds that is there as a whole at the front of `in`, which begins with the mark.
  // Writes what it stands for, and returns its size; 0 when it must be read byte by byte. Only while none is open.
  virtual std::size_t Whole(Bytes in, std::span<std::byte> out, std::size_t& written) noexcept = 0;
  // Reads one byte of an escape: the mark, when none is open, else what follows. Writes what is now certain, at most
  // kMaxExpansion bytes. `taken` is set to false when the byte is no part of the escape, which is over then.
  virtual std::size_t Step(unsigned char c, std::span<std::byte> out, bool& taken) noexcept = 0;
 private:
  std::size_t Convert(Bytes& in, std::span<std::byte> out) noexcept final;

  char mark_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_ESCAPE_LAYER_H_
