// SPDX-License-Identifier: Apache-2.0
// A body in two stages: what was said of it before its first byte, which a million connections may wait for, and what
// it takes from that byte on.
#ifndef GANDER_CONTENT_ANNOUNCED_BODY_H_
#define GANDER_CONTENT_ANNOUNCED_BODY_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "content/decoder_pool.h"
#include "content/entity.h"
#include "content/layer.h"

namespace gander::content {

// Of the pool. What each part needs stands first, up to the front of the body.
struct OpenBody {
  LayerPtr root;
  Entity* plain = nullptr;  // root, where there is no content coding
  Uninspected owed;
  Body body;

  // What a layer held back and only now knows the fate of may be more than this part has; the next part tells it.
  void Tell(ByteFate fate, std::uint64_t& bytes, std::uint64_t& left) noexcept {
    const std::uint64_t told = std::min(bytes, left);
    if (told == 0) return;
    bytes -= told;
    left -= told;
    body.sink->OnFate(fate, told);
  }
};

class AnnouncedBody {
 public:
  // With a decoder pool of its own where `pool` is null.
  AnnouncedBody(std::shared_ptr<const Options> options, Counters& counters, DecoderPool* pool);

  // A body was begun and has not ended.
  bool open() const noexcept { return open_; }
  void Close() noexcept { open_ = false; }
  DecoderPool& pool() noexcept { return *pool_; }
  bool owns_pool() const noexcept { return own_pool_ != nullptr; }
  bool has_coded_name() const noexcept;

  void Begin(const protocol::BodyMeta& meta) noexcept;
  // Another message goes on with the body, which `open` reads where a byte of it has come.
  void GoOn(const protocol::BodyMeta& meta, OpenBody* open) noexcept;
  // Its first byte is here. Belongs to pool().
  OpenBody* Open(TextSink& sink) noexcept;

 private:
  std::string_view content_type() const noexcept { return std::string_view(words_).substr(0, type_size_); }
  std::string_view coding() const noexcept { return std::string_view(words_).substr(type_size_, coding_size_); }
  std::string_view name() const noexcept { return std::string_view(words_).substr(type_size_ + coding_size_); }
  void Describe(Body& body) const noexcept;
  void DecodeName(Body& body) noexcept;

  std::shared_ptr<const Options> options_;
  Counters* counters_;
  DecoderPool* pool_;
  std::unique_ptr<DecoderPool> own_pool_;
  std::string words_;  // content type, content coding and file name, one behind the other
  std::uint16_t type_size_ = 0, coding_size_ = 0;
  const char* where_ = "";
  protocol::BodyRange range_;
  std::uint32_t tx_id_ = 0, messages_ = 0;
  Direction direction_ = Direction::kToServer;
  bool open_ = false, from_start_ = true, is_file_ = false, in_parts_ = false;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_ANNOUNCED_BODY_H_
