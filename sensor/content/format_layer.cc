// SPDX-License-Identifier: Apache-2.0
#include "content/format_layer.h"

namespace gander::content {

void FormatLayer::Open(Body& body, const EntityMeta& meta, std::string_view segment) noexcept {
  body_ = &body;
  meta_ = meta;
  segment_ = segment;
  pushed_ = false;
  Begin();
}

Uninspected FormatLayer::Feed(Bytes in) noexcept {
  if (!pushed_ && !segment_.empty()) {
    path_before_ = body_->path.Push(segment_);
    pushed_ = true;
  }
  return Read(in);
}

void FormatLayer::Rename(std::string_view segment) noexcept {
  segment_ = segment;
  if (!pushed_) return;
  body_->path.Pop(path_before_);
  body_->path.Push(segment_);
}

void FormatLayer::End(protocol::BodyEnd end) noexcept {
  Finish(end);
  if (pushed_) body_->path.Pop(path_before_);
  --body_->depth;
}

}  // namespace gander::content
