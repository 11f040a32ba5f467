// SPDX-License-Identifier: Apache-2.0
// How much unwrapping may cost while a worker handles one packet: the packets of all other flows wait meanwhile.
// Whatever the packet feeds, bodies, parts and members, shares it.
//
// Work is counted in bytes that deflate gives, looked at as text: about two nanoseconds each. So a cap is met at the
// same byte wherever a capture is read.
#ifndef GANDER_CONTENT_BURST_BUDGET_H_
#define GANDER_CONTENT_BURST_BUDGET_H_

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace gander::content {

class BurstBudget {
 public:
  // What a byte that is fed to a body is good for, beside Options::max_burst: a segment of 64 KiB, or a megabyte that a
  // hole held back, is worth more than one of 1460 bytes. JSON full of numbers of which gzip leaves a fifteenth
  // takes 40.
  static constexpr std::uint64_t kPerByte = 64;
  // And one that had to be waited for, as bzip2 and LZ4 decode nothing of a block before all of it has come.
  static constexpr std::uint64_t kPerAwaitedByte = 128;
  // Of memory that a decoder takes anew.
  static constexpr std::size_t kBytesAllocated = 16;
  // A decoder opened; a member of an archive, opened and closed; a file reported; a part of a multipart.
  static constexpr std::uint64_t kCoding = 512, kMember = 2048, kFile = 1024, kPart = 1024;

  // Another packet.
  void Renew() noexcept { spent_ = granted_ = 0; }
  void Grant(std::uint64_t work) noexcept { granted_ += work; }
  void Spend(std::uint64_t work) noexcept { spent_ += work; }
  // `base`: Options::max_burst.
  bool used_up(std::uint64_t base) const noexcept { return spent_ > base + granted_; }
  std::uint64_t spent() const noexcept { return spent_; }

 private:
  std::uint64_t spent_ = 0, granted_ = 0;
};

// For what is held while more of it comes, and then handed on at once: each byte is paid for when it is held, and what
// is done in the lifetime of this object costs nothing more. It is bounded by what may be held.
class PaidBefore {
 public:
  explicit PaidBefore(BurstBudget& budget) noexcept : budget_(budget), spent_(budget.spent()) {}
  ~PaidBefore() { budget_.Grant(budget_.spent() - spent_); }
  PaidBefore(const PaidBefore&) = delete;
  PaidBefore& operator=(const PaidBefore&) = delete;

 private:
  BurstBudget& budget_;
  std::uint64_t spent_;
};

// What it costs to look for values in a text, beyond the byte each: numbers and addresses are what is looked for.
std::uint64_t TextWork(Bytes text) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_BURST_BUDGET_H_
