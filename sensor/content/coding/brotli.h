// SPDX-License-Identifier: Apache-2.0
// Brotli (RFC 7932). The format has no magic number: what decodes on trial is taken for coded.
#ifndef GANDER_CONTENT_BROTLI_H_
#define GANDER_CONTENT_BROTLI_H_

#include <brotli/decode.h>

#include "content/coding/coding.h"

namespace gander::content {

// libbrotlidec cannot reset a decoder, so each body makes one anew, within the pool's memory budget. One call decodes
// until the window is full, whatever room there is for the output: the window's size is what a call may cost.
class BrotliLayer final : public CodingLayer {
 public:
  // Windows are as large as what is to come at least, and no larger than what the encoder was told: 4 MiB unless it was
  // told otherwise. Where they would be larger, reading ends.
  static constexpr std::size_t kMaxWindow = 4u << 20;
  // On trial.
  static constexpr std::size_t kMaxTrialWindow = 1u << 20;

  BrotliLayer() = default;
  ~BrotliLayer() override { Close(); }
  void GiveBack() noexcept override;

 protected:
  Guess Recognise(Bytes prefix, bool all) noexcept override;
  Step Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept override;
  bool Complete() const noexcept override {
    return decoder_ != nullptr && ready_.empty() && BrotliDecoderIsFinished(decoder_);
  }
  void CountBody(Counters& counters) const noexcept override { ++counters.brotli; }
  void Close() noexcept override;

 private:
  bool Start(std::size_t max_window) noexcept;
  BrotliDecoderResult Refill(Bytes& in) noexcept;
  Step StepOf(BrotliDecoderResult result) const noexcept;
  static void* Allocate(void* self, std::size_t bytes) noexcept;

  BrotliDecoderState* decoder_ = nullptr;
  std::size_t max_window_ = kMaxWindow;
  Bytes ready_;  // decoded and not yet handed on; lies in the decoder
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_BROTLI_H_
