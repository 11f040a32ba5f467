// SPDX-License-Identifier: Apache-2.0
// Taking, finding the oldest, and giving back.
#include "identify/staging.h"

namespace gander::identify {

StagePool::~StagePool() {
  Each([](Stage& s) { s.text->stage = nullptr; });
}

void StagePool::Make() {
  stages_ = std::make_unique<Stage[]>(kStages);
  bytes_.reset(new char[kStages * Stage::kBytes]);  // pages come when they are written to
  for (std::size_t i = 0; i < kStages; ++i) {
    stages_[i].pool = this;
    stages_[i].bytes = bytes_.get() + i * Stage::kBytes;
    free_[kStages - 1 - i] = static_cast<std::uint16_t>(i);  // the first ones first: they are in the cache
  }
  free_count_ = kStages;
}

Stage* StagePool::Take(TextState::Impl& text) {
  if (stages_ == nullptr) Make();
  if (free_count_ == 0) return nullptr;
  Stage& stage = stages_[free_[--free_count_]];
  ++in_use_;
  stage.text = &text;
  stage.recent = true;
  stage.size = stage.fresh = 0;
  text.stage = &stage;
  return &stage;
}

Stage& StagePool::Oldest() noexcept {
  for (;; hand_ = (hand_ + 1) % kStages) {
    Stage& stage = stages_[hand_];
    if (stage.text != nullptr && !stage.recent) return stage;
    stage.recent = false;
  }
}

void StagePool::Give(Stage& stage) noexcept {
  stage.text->stage = nullptr;
  stage.text = nullptr;
  --in_use_;
  free_[free_count_++] = static_cast<std::uint16_t>(&stage - stages_.get());
}

}  // namespace gander::identify
