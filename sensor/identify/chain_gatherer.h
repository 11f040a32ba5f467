// SPDX-License-Identifier: Apache-2.0
// Gathers words with digits into chains and hands those that may hold a value to the ChainReader.
#ifndef GANDER_IDENTIFY_CHAIN_GATHERER_H_
#define GANDER_IDENTIFY_CHAIN_GATHERER_H_

#include <cstdint>

#include "identify/chain.h"
#include "identify/chain_reader.h"
#include "identify/literal_reader.h"
#include "identify/own/register_reader.h"
#include "identify/run_masks.h"
#include "identify/window.h"

namespace gander::identify {

class ChainGatherer {
 public:
  ChainGatherer(const RuleSet::Impl& rules, LiteralReader& literals, ChainReader& reader, RegisterReader& registers)
      : rules_(rules), literals_(literals), reader_(reader), registers_(registers) {}

  void Begin(const Window& window) noexcept { window_ = &window; }
  // Reads the chain to which the candidate word that ends at `end` belongs, wherever it stands in it; `form` is what
  // ChainAt says of it. Returns where the chain ends: candidates up to there are done.
  std::size_t OnCandidate(const RunMasks& runs, std::size_t end, const ChainForm& form) noexcept;

  // Looks back far enough to know whether a chain goes on at `from`; see the .cc for why the result is the
  // same.
  static constexpr std::size_t kRewind = 192;

 private:
  static constexpr std::size_t kMaxChain = 96;
  static constexpr std::size_t kMaxGroup = 64;
  static constexpr std::size_t kMinValue = RunMasks::kMinValue;

  std::size_t OnLongRun(const RunMasks& runs, std::size_t end) noexcept;
  // Any chain, word by word; one that grows too long is read on the way.
  std::size_t ReadLong(const RunMasks& runs, std::size_t begin) noexcept;
  // The groups of a chain whose shape is known.
  void FillGroups(std::size_t begin, int length) noexcept;
  // Whether anything at all can begin with or in the chain whose shape is at hand.
  bool Promising(std::size_t begin, std::size_t end) const noexcept;
  bool TooShort() const noexcept;
  void Flush() noexcept;
  std::span<const Group> Groups() const noexcept { return {chain_.groups.data(), chain_.count}; }
  void Overflow() noexcept;

  const RuleSet::Impl& rules_;
  LiteralReader& literals_;
  ChainReader& reader_;
  RegisterReader& registers_;
  const Window* window_ = nullptr;
  const RunMasks* runs_ = nullptr;
  Chain chain_;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_CHAIN_GATHERER_H_
