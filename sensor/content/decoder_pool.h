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

#include "base/pool.h"
#include "content/charset/transcoder.h"
#include "content/burst_budget.h"
#include "content/layer.h"
#include "content/memory.h"

namespace gander::content {

class AnyFreeList {
 public:
  virtual ~AnyFreeList() = default;
  virtual void DropIdle() noexcept = 0;
  std::size_t open() const noexcept { return open_; }

 protected:
  std::size_t open_ = 0;  // taken and not yet given back
};

// Objects of one kind: taken when needed, kept when given back.
template <class T>
class FreeList final : public AnyFreeList {
 public:
  T* Take() {
    ++open_;
    return idle_.Take().release();
  }
  void Give(T* item) noexcept {
    --open_;
    idle_.Give(std::unique_ptr<T>(item));
  }
  void DropIdle() noexcept override { idle_.DropIdle(); }

 private:
  Pool<T> idle_{1024};  // a burst of bodies is not held for ever
};

struct PoolLimits {
  // Windows, dictionaries and whatever a format makes a layer hold, of all bodies of a worker. About 1,500 gzip bodies
  // open at once.
  std::size_t memory = 64u << 20;
  std::size_t kept = 0;  // files gathered for the operator's quarantine
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

  // The layers of one kind; each kind gets its list when it is first asked for.
  template <class T>
  FreeList<T>& Of() {
    const std::size_t kind = kKind<T>;
    if (kind >= lists_.size()) lists_.resize(kind + 1);
    if (lists_[kind] == nullptr) lists_[kind] = std::make_unique<FreeList<T>>();
    return static_cast<FreeList<T>&>(*lists_[kind]);
  }
  template <class T>
  T* Take() {
    return Of<T>().Take();
  }
  // For GiveBack() of T.
  template <class T>
  void Give(T* item) noexcept {
    static_cast<FreeList<T>&>(*lists_[kKind<T>]).Give(item);
  }
  // Layers of all kinds that are out.
  std::size_t open() const noexcept;

  BurstBudget burst;     // of the packet at hand: whoever feeds the bodies renews it
  std::string boundary;  // scratch of whoever opens a multipart
  Memory memory;         // outlives the layers, which give back to it
  Memory kept;           // of files
  ConverterPool converters;

 private:
  static std::size_t NextKind() noexcept;
  template <class T>
  static inline const std::size_t kKind = NextKind();

  std::vector<std::unique_ptr<AnyFreeList>> lists_;  // by kind
  std::vector<std::unique_ptr<std::array<std::byte, kBufferBytes>>> buffers_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_DECODER_POOL_H_
