// SPDX-License-Identifier: Apache-2.0
// A file with a ZIP archive behind it: a program that unpacks itself, a picture that hides one. Up to the archive's
// first header the file is a leaf, from there on it is a ZIP archive.
#ifndef GANDER_CONTENT_ZIP_BEHIND_H_
#define GANDER_CONTENT_ZIP_BEHIND_H_

#include <array>

#include "content/archive/zip_entry.h"
#include "content/layer.h"

namespace gander::content {

class ZipBehind final : public Layer {
 public:
  void Open(Body& body, const EntityMeta& meta) noexcept;
  Uninspected Feed(Bytes in) noexcept override;
  void End(protocol::BodyEnd end) noexcept override;
  void GiveBack() noexcept override;

 private:
  static constexpr std::size_t kHeader = kZipSignatureBytes + kZipLocalBytes;

  Uninspected Gather(Bytes& in) noexcept;
  Uninspected OpenZip() noexcept;

  Body* body_ = nullptr;
  EntityMeta meta_;
  LayerPtr inner_;      // the leaf, then the archive
  bool found_ = false;
  std::size_t held_ = 0;  // bytes in `hold_`: what may be the begin of a header
  std::array<std::byte, kHeader> hold_;
};

LayerPtr OpenZipBehind(Body& body, const EntityMeta& meta) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_ZIP_BEHIND_H_
