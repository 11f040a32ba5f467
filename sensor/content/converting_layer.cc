// SPDX-License-Identifier: Apache-2.0
#include "content/converting_layer.h"

#include "content/decoder_pool.h"

namespace gander::content {

void ConvertingLayer::Open(Body& body, LayerPtr inner, std::string_view segment) noexcept {
  body_ = &body;
  inner_ = std::move(inner);
  segment_ = segment;
  pushed_ = false;
  buffer_ = body.buffers++;
  Start();
}

Uninspected ConvertingLayer::Feed(Bytes in) noexcept {
  if (!pushed_ && !segment_.empty()) {
    path_before_ = body_->path.Push(segment_);
    pushed_ = true;
  }
  const std::span<std::byte> out = body_->pool->Buffer(buffer_);
  const std::uint64_t size = in.size();
  Uninspected within;
  std::uint64_t written = 0;
  while (!in.empty()) {
    const std::size_t n = Convert(in, out);
    written += n;
    if (n > 0) within += inner_->Feed(Bytes(out.data(), n));
  }
  return within.Scaled(written, size);
}

void ConvertingLayer::End(protocol::BodyEnd end) noexcept {
  const std::span<std::byte> out = body_->pool->Buffer(buffer_);
  if (const std::size_t n = Finish(out); n > 0) inner_->Feed(Bytes(out.data(), n));
  inner_->End(end);
  inner_.reset();
  if (pushed_) body_->path.Pop(path_before_);
  --body_->buffers;
}

}  // namespace gander::content
