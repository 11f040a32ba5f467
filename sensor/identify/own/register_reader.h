// SPDX-License-Identifier: Apache-2.0
// Asks the operator's registers for what the scanner isolates anyhow: words with digits and what they are joined to, and
// mail addresses. Only candidates whose length some register has are hashed.
#ifndef GANDER_IDENTIFY_OWN_REGISTER_READER_H_
#define GANDER_IDENTIFY_OWN_REGISTER_READER_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "identify/chain.h"
#include "identify/judge.h"
#include "identify/rule_tables.h"
#include "identify/window.h"

namespace gander::identify {

class RegisterReader {
 public:
  RegisterReader(const RuleSet::Impl& rules, Judge& judge, Counters& counters);

  // Whether any register is asked at all; and of chains.
  bool active() const noexcept { return lengths_[0] != 0 || lengths_[1] != 0 || lengths_[2] != 0 || lengths_[3] != 0; }
  bool reads_chains() const noexcept { return reads_chains_; }
  void Begin(const Window& window) noexcept { window_ = &window; }

  // A chain, whole: each stretch of its words between spaces or slashes, longest first.
  void ReadChain(std::span<const Group> groups) noexcept;
  // The same of a chain that was too long to be held: what spaces part, and each word of it.
  void ReadTokens(std::span<const Group> groups) noexcept;
  // A value whose borders are known.
  void ReadWhole(std::size_t begin, std::size_t end) noexcept { (void)Ask(begin, end, ~0ULL); }

 private:
  static constexpr std::size_t kForms = 4;

  void ReadStretches(std::span<const Group> groups) noexcept;
  bool Parts(std::size_t at) const noexcept;
  // `length` is a bit for the length of the value's letters and digits; ~0 = not known. True when it is in one.
  bool Ask(std::size_t begin, std::size_t end, std::uint64_t length) noexcept;
  bool AskForm(std::size_t form, std::size_t begin, std::size_t end) noexcept;

  const RuleSet::Impl& rules_;
  Judge& judge_;
  Counters& counters_;
  const Window* window_ = nullptr;
  std::uint64_t lengths_[kForms] = {};  // by form, of all registers asked everywhere
  bool reads_chains_ = false;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_OWN_REGISTER_READER_H_
