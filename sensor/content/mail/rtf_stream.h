// SPDX-License-Identifier: Apache-2.0
// Compressed RTF as Outlook's messages carry it ([MS-OXRTFCP]): LZ77 over a window of 4 KiB that begins with words
// every RTF has. What comes out goes to the layer within.
#ifndef GANDER_CONTENT_RTF_STREAM_H_
#define GANDER_CONTENT_RTF_STREAM_H_

#include <array>

#include "content/layer.h"

namespace gander::content {

class RtfStream final : public Layer {
 public:
  void Open(Body& body, LayerPtr inner) noexcept;
  Uninspected Feed(Bytes in) noexcept override;
  void End(protocol::BodyEnd end) noexcept override;
  void GiveBack() noexcept override;

 private:
  static constexpr std::size_t kHeaderBytes = 16, kWindow = 4096, kStep = 2048;

  enum class State : std::uint8_t { kHeader, kCompressed, kStored, kEnded, kUndecodable, kCapped };

  void HeaderRead() noexcept;
  Uninspected Decompress(Bytes& in) noexcept;
  Uninspected HandOn() noexcept;
  void Copy(std::uint16_t token) noexcept;
  void Put(std::byte b) noexcept;

  Body* body_ = nullptr;
  LayerPtr inner_;
  State state_ = State::kHeader;
  std::uint8_t flags_ = 0, flags_left_ = 0;  // one a token, the lowest bit first
  bool half_ = false;                        // the first byte of a reference was read
  std::uint8_t first_ = 0;
  std::size_t held_ = 0;
  std::size_t at_ = 0;   // in the window: where the next byte goes
  std::size_t out_ = 0;  // bytes in `step_`
  std::array<std::byte, kHeaderBytes> header_;
  std::array<std::byte, kWindow> window_;
  std::array<std::byte, kStep> step_;
};

LayerPtr OpenRtfStream(Body& body, LayerPtr inner) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_RTF_STREAM_H_
