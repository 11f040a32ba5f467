// SPDX-License-Identifier: Apache-2.0
// Asks the operator's registers for what the scanner isolates anyhow: words with digits and what they are joined to,
// and mail addresses. Only what has the outline of some register's values is hashed.
#ifndef GANDER_IDENTIFY_OWN_REGISTER_READER_H_
#define GANDER_IDENTIFY_OWN_REGISTER_READER_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "identify/chain.h"
#include "identify/judge.h"
#include "identify/rule_tables.h"
#include "identify/run_masks.h"
#include "identify/window.h"

namespace gander::identify {

class RegisterReader {
 public:
  RegisterReader(const RuleSet::Impl& rules, Judge& judge, Counters& counters);

  // Whether any register is asked at all; and of chains.
  bool active() const noexcept { return !groups_.empty(); }
  bool reads_chains() const noexcept { return reads_chains_; }
  void Begin(const Window& window) noexcept;

  // Looks up all that stands in the next chains, which hold the candidates that end at `places`: together, since a look
  // is a few misses of the cache and nothing else. Long chains are left out, and places with kOtherPlace. `forms` gets
  // the chain of each place that begins one.
  static constexpr std::uint32_t kOtherPlace = 1U << 31;
  void LookAhead(const RunMasks& runs, std::span<const std::uint32_t> places, ChainForm* forms) noexcept;
  // Reports what was found of that before `end`, where a chain ends. So registers say what they know when the chain is
  // read, whatever was looked up before it.
  void TellUntil(std::size_t end) noexcept {
    while (told_ < hits_.size() && hits_[told_].begin < end) Report(hits_[told_++]);
  }

  // A chain that LookAhead left out, whole: each stretch of its words between spaces or slashes, longest first.
  void ReadChain(std::span<const Group> groups) noexcept;
  // The same of a chain that was too long to be held: what spaces part, and each word of it.
  void ReadTokens(std::span<const Group> groups) noexcept;
  // A value whose borders are known.
  void ReadWhole(std::size_t begin, std::size_t end) noexcept { (void)Ask(begin, end, true); }

 private:
  static constexpr std::size_t kBatch = 64;  // enough to be waiting for memory all the time

  // Registers of one form and key: hashed once for all.
  struct FormGroup {
    RegisterForm form;
    HashKey key;
    ValueOutline outline;  // of all
    std::vector<const OwnRegister*> registers;
    bool in_chains() const noexcept { return form == RegisterForm::kId || form == RegisterForm::kDigits; }
  };
  struct Question {
    std::uint32_t begin, end;
    const FormGroup* group;
    std::uint64_t tag;
  };
  struct Hit {
    std::uint32_t begin, end;
    const OwnRegister* own;
  };

  void LookInto(const ChainForm& chain, std::uint64_t digits) noexcept;
  // Hashes [begin, end) for each group that it may belong to.
  void Enqueue(std::size_t begin, std::size_t end) noexcept;
  void Answer() noexcept;
  void Report(const Hit& hit) noexcept;
  void ReadStretches(std::span<const Group> groups) noexcept;
  bool Parts(std::size_t at) const noexcept;
  bool Ask(std::size_t begin, std::size_t end, bool all_forms) noexcept;
  bool Ours(std::size_t begin) const noexcept { return begin >= window_->from && begin < window_->limit; }
  // The length of [begin, end) in the group's form, written to `known`; 0 when it is none of its values.
  std::size_t FormIn(const FormGroup& group, std::size_t begin, std::size_t end, char* known) noexcept;

  const RuleSet::Impl& rules_;
  Judge& judge_;
  Counters& counters_;
  const Window* window_ = nullptr;
  std::vector<FormGroup> groups_;
  ValueOutline in_chains_;  // lengths of all that is asked of chains
  bool reads_chains_ = false;

  std::array<Question, kBatch> questions_;
  std::size_t asked_ = 0;
  std::size_t looked_ = 0;                      // chains that begin before were looked into
  std::uint32_t found_begin_ = 0, found_end_ = 0;  // the last hit: nothing else is asked for inside of it
  std::vector<Hit> hits_;
  std::size_t told_ = 0;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_OWN_REGISTER_READER_H_
