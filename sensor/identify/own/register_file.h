// SPDX-License-Identifier: Apache-2.0
// A register of an operator's own values (customer numbers, mail addresses, canaries) as keyed hashes in a filter:
// enough to know a value again, too little to tell one without the key.
//
// The file, little-endian: 96 bytes of header, the outline (value_outline.h), 16 bytes for each part of the filter, the
// filter's table.
//    0  "GANDREG\n"      8  version u32     12  form u8, fingerprint bytes u8, 0 u16
//   16  values u64      24  id of the key   32  bytes of the outline u64
//   40  density f64     48  parts u64       56  bytes of the table u64     64  SHA-256 of all but these 32 bytes
#ifndef GANDER_IDENTIFY_OWN_REGISTER_FILE_H_
#define GANDER_IDENTIFY_OWN_REGISTER_FILE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "identify/own/fuse_filter.h"
#include "identify/own/register_form.h"
#include "identify/own/value_outline.h"

namespace gander::identify {

class Register {
 public:
  // What is kept of values until the filter is made of them: eight bytes each.
  struct Draft {
    explicit Draft(const HashKey& of) noexcept : key(of), outline(of) {}
    // A value in the register's form, of kMinRegistered characters and more.
    void Enter(std::string_view value);

    HashKey key;
    RegisterForm form = RegisterForm::kId;
    std::uint32_t width = 4;  // bytes of a fingerprint
    std::vector<std::uint64_t> tags;
    ValueOutline outline;
    std::uint64_t numbers_of_length[64] = {};  // values that are digits alone
  };
  static Register Make(Draft draft);
  // Errors name `file`: not a register, another version, damaged, made with another key, cut short.
  static Result<Register> Parse(std::span<const std::uint8_t> bytes, const HashKey& key, const std::string& file);
  static Result<Register> Read(const std::string& file, const HashKey& key);

  std::vector<std::uint8_t> Serialise() const;

  // Whether `text`, in the register's form, is in it.
  bool Holds(std::string_view text) const noexcept;
  // The same of a text that is in the form already and that the outline lets pass. A look takes three misses of the
  // cache where the register is large; those of a tag that was prefetched some looks ago are over by then.
  bool HoldsTag(std::uint64_t tag) const noexcept { return filter_.Contains(tag); }
  void PrefetchTag(std::uint64_t tag) const noexcept { filter_.Prefetch(tag); }

  RegisterForm form() const noexcept { return form_; }
  const HashKey& key() const noexcept { return key_; }
  std::uint64_t values() const noexcept { return values_; }
  const ValueOutline& outline() const noexcept { return outline_; }
  std::uint32_t width() const noexcept { return width_; }
  // Probability that a value that is not in it passes.
  double error_rate() const noexcept;
  // Probability that a random number as long as the register's is in it: nine of ten eight-digit numbers may be taken.
  double density() const noexcept { return density_; }
  std::size_t bytes() const noexcept { return filter_.table().size(); }
  const std::string& checksum() const noexcept { return checksum_; }  // hexadecimal

 private:
  FuseFilter filter_;
  HashKey key_;
  RegisterForm form_ = RegisterForm::kId;
  std::uint32_t width_ = 0;
  std::uint64_t values_ = 0;
  ValueOutline outline_;
  double density_ = 0;
  std::string checksum_;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_OWN_REGISTER_FILE_H_
