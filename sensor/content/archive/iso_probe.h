// SPDX-License-Identifier: Apache-2.0
// A file that begins with zeros: an ISO 9660 image, whose magic number stands behind a system area of 32 KiB that is
// seldom used (ECMA-119 §6.2.1, §8.1.3), or something else. Counts zeros and holds nothing.
#ifndef GANDER_CONTENT_ISO_PROBE_H_
#define GANDER_CONTENT_ISO_PROBE_H_

#include <array>

#include "content/layer.h"

namespace gander::content {

class IsoProbe final : public Layer {
 public:
  void Open(Body& body, const EntityMeta& meta) noexcept;
  Uninspected Feed(Bytes in) noexcept override;
  void End(protocol::BodyEnd end) noexcept override;
  void GiveBack() noexcept override;

 private:
  static constexpr std::size_t kMagicBytes = 6;

  // Opens what it is and hands on what stood at the front.
  void Decide() noexcept;

  Body* body_ = nullptr;
  EntityMeta meta_;
  std::size_t zeros_ = 0;  // so many stood at the front
  std::size_t held_ = 0;   // bytes in `hold_`, behind a whole system area
  std::array<std::byte, kMagicBytes> hold_;
  LayerPtr inside_;
};

// Null unless `prefix` is all zeros.
LayerPtr OpenIsoProbe(Body& body, const EntityMeta& meta, Bytes prefix) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_ISO_PROBE_H_
