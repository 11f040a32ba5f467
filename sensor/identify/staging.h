// SPDX-License-Identifier: Apache-2.0
// Buffers in which the pieces of open texts gather until there is enough of one to be worth a scan: a segment of
// 1460 bytes scanned by itself costs a third more than its share of a longer stretch, for what must be seen around it.
#ifndef GANDER_IDENTIFY_STAGING_H_
#define GANDER_IDENTIFY_STAGING_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/net.h"
#include "identify/context.h"
#include "identify/text_state.h"

namespace gander::identify {

class StagePool;

// What is gathered of one text: the bytes kept of what was scanned before, then new ones.
struct Stage {
  static constexpr std::size_t kBytes = 16 * 1024;

  TextState::Impl* text = nullptr;  // nullptr: free
  StagePool* pool = nullptr;
  void* owner = nullptr;
  Direction direction = Direction::kToServer;
  bool has_name = false;
  bool recent = false;  // used since the pool's hand came by
  ContextWords name_words;
  std::uint64_t begin = 0;  // offset of the first byte within its text
  std::size_t size = 0, fresh = 0;  // bytes here, and how many of them were added since the last scan
  char* bytes = nullptr;

  std::string_view view() const noexcept { return {bytes, size}; }
};

// A fixed number of them, made when the first is asked for.
class StagePool {
 public:
  static constexpr std::size_t kStages = 512;

  StagePool() = default;
  ~StagePool();
  StagePool(const StagePool&) = delete;
  StagePool& operator=(const StagePool&) = delete;

  // A free one, or nullptr.
  Stage* Take(TextState::Impl& text);
  bool full() const noexcept { return in_use_ == kStages; }
  // One in use whose text has not been written to for long.
  Stage& Oldest() noexcept;
  void Give(Stage& stage) noexcept;

  // Calls on_stage(stage) for each one in use; it may give it back.
  template <class F>
  void Each(F&& on_stage) noexcept {
    for (std::size_t i = 0; i < kStages && stages_ != nullptr && in_use_ > 0; ++i) {
      if (stages_[i].text != nullptr) on_stage(stages_[i]);
    }
  }

 private:
  void Make();

  std::unique_ptr<Stage[]> stages_;
  std::unique_ptr<char[]> bytes_;
  std::array<std::uint16_t, kStages> free_{};  // a stack
  std::size_t free_count_ = 0, in_use_ = 0, hand_ = 0;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_STAGING_H_
