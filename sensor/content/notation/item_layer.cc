// SPDX-License-Identifier: Apache-2.0
#include "content/notation/item_layer.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include "content/sniff.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::content {

void ItemLayer::GiveBack() noexcept { body().pool->Give(this); }

void ItemLayer::Begin() noexcept {
  state_ = State::kHead;
  any_ = false;
  head_size_ = held_size_ = depth_ = 0;
  left_ = 0;
  used_ = 0;
  owed_.Clear();
}

Uninspected ItemLayer::Read(Bytes in) noexcept {
  const std::size_t fed = in.size();
  while (!in.empty()) {
    if (state_ == State::kNone) {
      owed_ += inside_->Feed(in);
      break;
    }
    state_ == State::kHead ? TakeHead(in) : TakeContent(in);
  }
  if (state_ != State::kNone) Flush();
  return owed_.Tell(fed);
}

void ItemLayer::TakeHead(Bytes& in) noexcept {
  head_[head_size_++] = Octets(TakeFront(in, 1))[0];
  const std::size_t size = format_->head_size(head_[0]);
  if (size == 0) return Fail();
  if (head_size_ < size) return;
  const Item item = format_->read(head_.data());
  if (depth_ == 0 && (any_ ? item.kind == ItemKind::kEnd : !BeginsStream(item.kind))) return Fail();
  any_ = true;
  OnItem(item);
}

void ItemLayer::OnItem(const Item& item) noexcept {
  if (InChunks() && item.kind != ItemKind::kEnd && item.kind != ItemKind::kText && item.kind != ItemKind::kBytes)
    return Fail();
  switch (item.kind) {
    case ItemKind::kInvalid:
      return Fail();
    case ItemKind::kNumber:
    case ItemKind::kNegative:
    case ItemKind::kOther:
      BeginItem();
      if (item.kind == ItemKind::kNegative) Put("-");
      Number(item.kind == ItemKind::kOther ? 0 : item.value + (item.kind == ItemKind::kNegative ? 1 : 0));
      return EndItem();
    case ItemKind::kText:
    case ItemKind::kBytes:
      if (!InChunks()) BeginItem();
      if (item.open) return BeginContainer(item);
      if (item.kind == ItemKind::kBytes) return BeginBytes(item.value);
      if (!InChunks()) Put("\"");
      left_ = item.value;
      state_ = State::kText;
      if (left_ == 0) EndBytes();
      return;
    case ItemKind::kArray:
    case ItemKind::kMap:
      BeginItem();
      return BeginContainer(item);
    case ItemKind::kTag:
      head_size_ = 0;
      return;
    case ItemKind::kEnd:
      if (!containers_[depth_ - 1].open) return Fail();
      return EndContainer();
  }
}

void ItemLayer::BeginContainer(const Item& item) noexcept {
  if (depth_ == kMaxDepth) return Fail();
  const bool map = item.kind == ItemKind::kMap;
  const bool chunks = item.kind == ItemKind::kText || item.kind == ItemKind::kBytes;
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max() / 2;
  containers_[depth_++] = {map ? std::min(item.value, kMost) * 2 : item.value, item.open, map, chunks, false, false};
  Put(chunks ? "\"" : map ? "{" : "[");
  head_size_ = 0;
  if (!item.open && item.value == 0) EndContainer();
}

void ItemLayer::BeginBytes(std::uint64_t size) noexcept {
  left_ = size;
  held_size_ = 0;
  state_ = State::kBytes;
  if (left_ == 0) EndBytes();
}

void ItemLayer::TakeContent(Bytes& in) noexcept {
  const std::uint64_t most = state_ == State::kBytes ? std::min<std::uint64_t>(left_, kHeldBytes - held_size_) : left_;
  const Bytes part = TakeFront(in, static_cast<std::size_t>(std::min<std::uint64_t>(most, in.size())));
  left_ -= part.size();
  if (state_ == State::kText) PutText(part);
  if (state_ == State::kInside) owed_ += inside_->Feed(part);
  if (state_ == State::kSkip) owed_ += {.lost = part.size()};
  if (state_ == State::kBytes) {
    std::memcpy(held_.data() + held_size_, part.data(), part.size());
    held_size_ = static_cast<std::uint8_t>(held_size_ + part.size());
    if (left_ > 0 && held_size_ == kHeldBytes) JudgeBytes();
  }
  if (left_ == 0) EndBytes();
}

// What is held of a byte string says what it is.
void ItemLayer::JudgeBytes() noexcept {
  const Bytes held(held_.data(), held_size_);
  const bool file = !MagicOf(held).empty();
  if (file || left_ > 0) {
    if (body().MayBeginPart()) {
      OpenInside(file);
      owed_ += inside_->Feed(held);
    } else {
      state_ = State::kSkip;
      owed_ += {.lost = held.size()};
    }
  } else if (protocol::ReadsAsText(held)) {
    PutText(held);
  } else {
    owed_ += {.opaque = held.size()};
  }
  held_size_ = 0;
}

// A string is complete.
void ItemLayer::EndBytes() noexcept {
  const bool text = state_ == State::kText;
  if (held_size_ > 0) JudgeBytes();
  CloseInside(protocol::BodyEnd::kComplete);
  state_ = State::kHead;
  head_size_ = 0;
  if (InChunks()) return;
  Put(text ? "\"" : "");
  EndItem();
}

void ItemLayer::OpenInside(bool file) noexcept {
  EndText();
  EntityMeta meta;
  meta.is_file = file;
  inside_ = OpenEntity(body(), meta);
  state_ = State::kInside;
}

void ItemLayer::CloseInside(protocol::BodyEnd end) noexcept {
  if (inside_ == nullptr) return;
  inside_->End(end);
  inside_.reset();
}

// What stands between an item and the one before.
void ItemLayer::BeginItem() noexcept {
  if (depth_ == 0) return;
  Container& in = containers_[depth_ - 1];
  if (in.value) {
    Put(":");
  } else if (in.any) {
    Put(",");
  }
  in.any = true;
  in.value = in.map && !in.value;
}

void ItemLayer::EndItem() noexcept {
  head_size_ = 0;
  if (depth_ == 0) return Put("\n");
  Container& in = containers_[depth_ - 1];
  if (!in.open && --in.left == 0) EndContainer();
}

void ItemLayer::EndContainer() noexcept {
  const Container& in = containers_[--depth_];
  // A line ends with each map, for that is a row, as it does with what is in no other item.
  Put(in.chunks ? "\"" : !in.map ? "]" : depth_ > 0 ? "}\n" : "}");
  EndItem();
}

void ItemLayer::Fail() noexcept {
  EndText();
  inside_ = OpenLeaf(body(), meta().name);
  owed_ += inside_->Feed(Bytes(reinterpret_cast<const std::byte*>(head_.data()), head_size_));
  state_ = State::kNone;
}

void ItemLayer::Number(std::uint64_t value) noexcept {
  std::array<char, 20> digits;
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  Put({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

// Quotes inside a string would end it.
void ItemLayer::PutText(Bytes text) noexcept {
  while (!text.empty()) {
    const std::string_view s = AsText(text);
    const std::size_t plain = std::min(s.find('"'), s.size());
    Put(s.substr(0, plain));
    if (plain < s.size()) Put("'");
    text = text.subspan(std::min(plain + 1, text.size()));
  }
}

void ItemLayer::Put(std::string_view text) noexcept {
  for (Bytes rest = AsBytes(text); !rest.empty();) {
    if (used_ == out_.size()) Flush();
    const Bytes some = TakeFront(rest, out_.size() - used_);
    std::memcpy(out_.data() + used_, some.data(), some.size());
    used_ += some.size();
  }
}

void ItemLayer::Flush() noexcept {
  if (used_ == 0) return;
  if (text_ == nullptr) text_ = OpenEmbeddedValues(body(), true, true, meta().name);
  owed_ += text_->Feed({out_.data(), used_});
  used_ = 0;
}

void ItemLayer::EndText() noexcept {
  Flush();
  if (text_ == nullptr) return;
  text_->End(protocol::BodyEnd::kComplete);
  text_.reset();
}

void ItemLayer::Finish(protocol::BodyEnd end) noexcept {
  if (held_size_ > 0) JudgeBytes();
  CloseInside(end);
  EndText();
}

LayerPtr OpenItems(Body& body, const EntityMeta& meta, const ItemFormat& format) noexcept {
  if (!body.MayNest()) return OpenLost(body);
  ItemLayer* const layer = body.pool->Take<ItemLayer>();
  layer->SetFormat(format);
  layer->Open(body, meta, format.segment);
  return LayerPtr(layer);
}

}  // namespace gander::content
