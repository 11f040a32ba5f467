// SPDX-License-Identifier: Apache-2.0
// How the values of a register are written when they are compared, and the key under which they are hashed.
#ifndef GANDER_IDENTIFY_OWN_REGISTER_FORM_H_
#define GANDER_IDENTIFY_OWN_REGISTER_FORM_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/result.h"

namespace gander::identify {

enum class RegisterForm : std::uint8_t {
  kId,      // letters and digits in upper case, as subject tags are made: "AB-12 34" = "ab1234"
  kDigits,  // digits alone; a value with a letter in it has no such form: "+32 471 23" = "3247123"
  kLower,   // ASCII letters in lower case, blanks at either end left away: mail addresses
  kNone,    // as it is, blanks at either end left away
};
const char* NameOf(RegisterForm form) noexcept;
bool ParseRegisterForm(std::string_view text, RegisterForm& out) noexcept;

// The longest value: of a mail address, RFC 5321 section 4.5.3.1.
inline constexpr std::size_t kMaxRegistered = 254;
// A shorter one is met by chance in every text.
inline constexpr std::size_t kMinRegistered = 4;

// Writes the form of `text` to `out`, which has room for kMaxRegistered bytes and 16 more. Returns its length; 0 when
// `text` has no such form or is too long.
std::size_t FormOf(std::string_view text, RegisterForm form, char* out) noexcept;

// Registers are hashed with SipHash-2-4: the key lives as long as they do, and their fingerprints lie in files.
std::uint64_t RegisterTag(const HashKey& key, std::string_view form) noexcept;
// Tells keys apart without telling anything of them.
std::uint64_t KeyId(const HashKey& key) noexcept;

// 32 hexadecimal digits, and nothing but white space behind them.
Result<HashKey> ReadRegisterKey(const std::string& path);

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_OWN_REGISTER_FORM_H_
