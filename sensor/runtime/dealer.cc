// SPDX-License-Identifier: Apache-2.0
#include "runtime/dealer.h"

#include <vector>

#include "runtime/threaded_dealer.h"
#include "runtime/worker.h"

namespace gander::runtime {
namespace {

class InlineDealer final : public Dealer {
 public:
  InlineDealer(std::shared_ptr<const config::Snapshot> snapshot, const RunContext& context, Aggregator& aggregator)
      : worker_(std::move(snapshot), context), aggregator_(aggregator) {
    parts_.push_back(worker_.NewEpoch());
  }

  void Deal(std::span<const capture::Packet> packets, bool) override { worker_.Process(packets); }
  void Seal(const EpochCut& cut) override {
    parts_[0] = worker_.Seal(cut.begin, cut.end, cut.final, std::move(parts_[0]));
    parts_[0]->step_back = cut.step_back;
    aggregator_.OnEpoch(parts_, cut.port);
  }
  void Warn(std::string text) override { aggregator_.AddWarning(std::move(text)); }

 private:
  Worker worker_;
  Aggregator& aggregator_;
  std::vector<std::unique_ptr<SealedEpoch>> parts_;
};

}  // namespace

std::unique_ptr<Dealer> MakeDealer(std::shared_ptr<const config::Snapshot> snapshot, std::uint32_t workers,
                                   const RunContext& context, Aggregator& aggregator) {
  if (workers <= 1) return std::make_unique<InlineDealer>(std::move(snapshot), context, aggregator);
  return std::make_unique<ThreadedDealer>(std::move(snapshot), workers, context, aggregator);
}

}  // namespace gander::runtime
