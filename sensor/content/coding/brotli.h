// SPDX-License-Identifier: Apache-2.0
// Brotli (RFC 7932). The format has no magic number: what decodes on trial is taken for coded.
#ifndef GANDER_CONTENT_BROTLI_H_
#define GANDER_CONTENT_BROTLI_H_

#include <brotli/decode.h>

#include "content/coding/coding.h"

namespace gander::content {

// libbrotlidec cannot reset a decoder, so each body makes one anew, within the pool's memory budget.
class BrotliLayer final : public CodingLayer {
 public:
  BrotliLayer() = default;
  ~BrotliLayer() override { Close(); }
  void GiveBack() noexcept override;

 protected:
  Guess Recognise(Bytes prefix, bool all) noexcept override;
  Step Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept override;
  bool Complete() const noexcept override { return decoder_ != nullptr && BrotliDecoderIsFinished(decoder_); }
  void CountBody(Counters& counters) const noexcept override { ++counters.brotli; }
  void Close() noexcept override;

 private:
  bool Start() noexcept;

  BrotliDecoderState* decoder_ = nullptr;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_BROTLI_H_
