// SPDX-License-Identifier: Apache-2.0
// MessagePack and CBOR as the JSON they stand for, as they stream by: {"key":"value","number":1}, a line for each map.
// Numbers with a point, dates and what is neither true nor there are 0. Byte strings that begin with a magic number are
// files, those longer than kHeldBytes entities of their own; shorter ones are text where they read as text.
#ifndef GANDER_CONTENT_ITEM_LAYER_H_
#define GANDER_CONTENT_ITEM_LAYER_H_

#include <array>

#include "content/format_layer.h"
#include "content/notation/item_formats.h"
#include "content/owed.h"

namespace gander::content {

class ItemLayer final : public FormatLayer {
 public:
  static constexpr std::size_t kMaxDepth = 64;   // containers inside each other; what is deeper is a leaf
  static constexpr std::size_t kHeldBytes = 64;  // of a byte string, until it is known what it is

  // To be called before Open().
  void SetFormat(const ItemFormat& format) noexcept { format_ = &format; }
  void GiveBack() noexcept override;

 protected:
  void Begin() noexcept override;
  Uninspected Read(Bytes in) noexcept override;
  void Finish(protocol::BodyEnd end) noexcept override;

 private:
  enum class State : std::uint8_t {
    kHead,
    kText,
    kBytes,   // held
    kInside,  // `inside_` takes them
    kSkip,    // one part too many
    kNone,    // this is no item: `inside_` takes the rest
  };
  struct Container {
    std::uint64_t left;  // items, keys and values counted
    bool open;           // ends with kEnd
    bool map;
    bool chunks;  // of a text or byte string in pieces
    bool any;     // an item was written
    bool value;   // the next item is one, its key was the last
  };

  void TakeHead(Bytes& in) noexcept;
  void OnItem(const Item& item) noexcept;
  void BeginContainer(const Item& item) noexcept;
  void BeginBytes(std::uint64_t size) noexcept;
  void TakeContent(Bytes& in) noexcept;
  void JudgeBytes() noexcept;
  void EndBytes() noexcept;
  void OpenInside(bool file) noexcept;
  void CloseInside(protocol::BodyEnd end) noexcept;
  void BeginItem() noexcept;
  void EndItem() noexcept;
  void EndContainer() noexcept;
  bool InChunks() const noexcept { return depth_ > 0 && containers_[depth_ - 1].chunks; }
  void Fail() noexcept;
  void Number(std::uint64_t value) noexcept;
  void PutText(Bytes text) noexcept;
  void Put(std::string_view text) noexcept;
  void Flush() noexcept;
  void EndText() noexcept;

  const ItemFormat* format_ = nullptr;
  State state_ = State::kHead;
  bool any_ = false;  // a head was read
  std::uint8_t head_size_ = 0;
  std::uint8_t held_size_ = 0;
  std::uint8_t depth_ = 0;
  std::uint64_t left_ = 0;  // bytes of the string at hand
  std::size_t used_ = 0;    // of `out_`
  LayerPtr text_;
  LayerPtr inside_;
  Owed owed_;
  std::array<std::uint8_t, kMaxItemHead> head_;
  std::array<std::byte, kHeldBytes> held_;
  std::array<Container, kMaxDepth> containers_;
  std::array<std::byte, 512> out_;
};

LayerPtr OpenItems(Body& body, const EntityMeta& meta, const ItemFormat& format) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_ITEM_LAYER_H_
