// SPDX-License-Identifier: Apache-2.0
// Layers at rest. One pool serves all BodyReaders of a worker, so that a flow between two bodies holds no
// inflate window; memory follows the number of bodies open at the same time.
#ifndef GANDER_CONTENT_DECODER_POOL_H_
#define GANDER_CONTENT_DECODER_POOL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "content/layer.h"

namespace gander::content {

class Base64Layer;
class BrotliLayer;
class Entity;
class FileHash;
class FormLayer;
class InflateLayer;
class MimePart;
class Multipart;
class QuotedPrintableLayer;
struct SniffBuffer;
class UnknownCoding;
class Utf16Layer;

// Objects of one kind: taken when needed, kept when given back. Only the large kinds have a limit of their
// own; of the others there are at most a dozen for each body open.
template <class T>
class FreeList {
 public:
  explicit FreeList(std::size_t max_open = SIZE_MAX) : max_open_(max_open) {}

  // Null when `max_open` are out.
  T* Take() {
    if (open_ == max_open_) return nullptr;
    ++open_;
    if (free_.empty()) return new T;
    T* const taken = free_.back().release();
    free_.pop_back();
    return taken;
  }
  void Give(T* item) noexcept {
    --open_;
    if (free_.size() >= kKeep) {
      delete item;
      return;
    }
    free_.emplace_back(item);
  }
  std::size_t open() const noexcept { return open_; }

 private:
  static constexpr std::size_t kKeep = 1024;  // a burst of bodies is not held for ever
  std::size_t max_open_;
  std::size_t open_ = 0;
  std::vector<std::unique_ptr<T>> free_;
};

struct PoolLimits {
  std::size_t inflaters = 4096;           // about 45 KiB each
  std::size_t brotli_bytes = 256u << 20;  // brotli windows are as large as the sender says, up to 16 MiB
};

class DecoderPool {
 public:
  explicit DecoderPool(const PoolLimits& limits = {});
  ~DecoderPool();
  DecoderPool(const DecoderPool&) = delete;
  DecoderPool& operator=(const DecoderPool&) = delete;

  // Output buffer of the layer at `depth`; in use only while that layer is in Feed() or End(), so one set
  // serves every body of a worker. Kept once made.
  static constexpr std::size_t kBufferBytes = 16 * 1024;
  std::span<std::byte> Buffer(std::size_t depth);

  // Brotli's allocator: within the budget, or null. Freed through the same pool.
  void* AllocateBrotli(std::size_t bytes) noexcept;
  void FreeBrotli(void* memory) noexcept;
  std::size_t brotli_bytes_in_use() const noexcept { return brotli_in_use_; }

  FreeList<InflateLayer> inflaters;
  FreeList<BrotliLayer> brotlis;
  FreeList<UnknownCoding> unknowns;
  FreeList<Base64Layer> base64s;
  FreeList<QuotedPrintableLayer> quoted_printables;
  FreeList<Multipart> multiparts;
  FreeList<MimePart> mime_parts;
  FreeList<FormLayer> forms;
  FreeList<Utf16Layer> utf16s;
  FreeList<Entity> entities;
  FreeList<FileHash> hashes;
  FreeList<SniffBuffer> sniff_buffers;
  std::string boundary;  // scratch of whoever opens a multipart

 private:
  std::vector<std::unique_ptr<std::array<std::byte, kBufferBytes>>> buffers_;
  std::size_t brotli_budget_;
  std::size_t brotli_in_use_ = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_DECODER_POOL_H_
