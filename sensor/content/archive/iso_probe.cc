// SPDX-License-Identifier: Apache-2.0
#include "content/archive/iso_probe.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "content/archive/archive_formats.h"
#include "content/decoder_pool.h"
#include "content/open.h"

namespace gander::content {
namespace {

constexpr std::size_t kSystemArea = 16 * 2048;
// The type of a volume descriptor (0 boot record, 1 primary) and the standard's name.
constexpr std::string_view kStandard = "CD001";
constexpr std::size_t kMinPrefix = 64;

constexpr std::array<std::byte, 4096> kZeros{};

}  // namespace

void IsoProbe::Open(Body& body, const EntityMeta& meta) noexcept {
  body_ = &body;
  meta_ = meta;
  zeros_ = held_ = 0;
}

void IsoProbe::GiveBack() noexcept { body_->pool->Give(this); }

Uninspected IsoProbe::Feed(Bytes in) noexcept {
  if (inside_ != nullptr) return inside_->Feed(in);
  const auto first = std::find_if(in.begin(), in.end(), [](std::byte b) { return b != std::byte{0}; });
  const std::size_t zeros = std::min<std::size_t>(static_cast<std::size_t>(first - in.begin()), kSystemArea - zeros_);
  zeros_ += zeros;
  in = in.subspan(zeros);
  Uninspected total{.opaque = zeros};
  if (in.empty()) return total;
  if (zeros_ == kSystemArea) {
    const Bytes more = TakeFront(in, kMagicBytes - held_);
    std::memcpy(hold_.data() + held_, more.data(), more.size());
    held_ += more.size();
    if (held_ < kMagicBytes) return total;
  }
  Decide();
  if (!in.empty()) total += inside_->Feed(in);
  return total;
}

// What is fed here was counted when it came.
void IsoProbe::Decide() noexcept {
  const Bytes held(hold_.data(), held_);
  const bool iso = held_ == kMagicBytes && AsText(held.subspan(1)) == kStandard;
  inside_ = iso ? OpenIso9660(*body_, meta_) : OpenLeaf(*body_, meta_.name);
  for (std::size_t left = zeros_; left > 0;) {
    const std::size_t bytes = std::min(left, kZeros.size());
    inside_->Feed(Bytes(kZeros).first(bytes));
    left -= bytes;
  }
  if (held_ > 0) inside_->Feed(held);
}

void IsoProbe::End(protocol::BodyEnd end) noexcept {
  if (inside_ == nullptr) Decide();
  inside_->End(end);
  inside_.reset();
}

LayerPtr OpenIsoProbe(Body& body, const EntityMeta& meta, Bytes prefix) noexcept {
  if (prefix.size() < kMinPrefix) return nullptr;
  if (!std::all_of(prefix.begin(), prefix.end(), [](std::byte b) { return b == std::byte{0}; })) return nullptr;
  IsoProbe* const probe = body.pool->Take<IsoProbe>();
  probe->Open(body, meta);
  return LayerPtr(probe);
}

}  // namespace gander::content
