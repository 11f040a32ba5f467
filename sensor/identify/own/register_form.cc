// SPDX-License-Identifier: Apache-2.0
#include "identify/own/register_form.h"

#include <charconv>
#include <fstream>

#include "identify/char_class.h"
#include "identify/normal_form.h"

namespace gander::identify {
namespace {

constexpr const char* kForms[] = {"id", "digits", "lower", "none"};
constexpr std::size_t kKeyDigits = 32;

std::string_view Trimmed(std::string_view text) noexcept {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

// Zero when there is a letter of any script: "AB12" is not the number 12.
std::size_t Digits(std::string_view text, char* out) noexcept {
  std::size_t n = 0;
  for (const char c : text) {
    if (IsDigit(c)) {
      out[n++] = c;
    } else if (IsLetter(c) || !IsAscii(c)) {
      return 0;
    }
  }
  return n;
}

bool ParseHex(std::string_view text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

const char* NameOf(RegisterForm form) noexcept { return kForms[static_cast<std::size_t>(form)]; }

bool ParseRegisterForm(std::string_view text, RegisterForm& out) noexcept {
  for (std::size_t i = 0; i < std::size(kForms); ++i) {
    if (text != kForms[i]) continue;
    out = static_cast<RegisterForm>(i);
    return true;
  }
  return false;
}

std::size_t FormOf(std::string_view text, RegisterForm form, char* out) noexcept {
  if (text.size() > kMaxRegistered) return 0;
  switch (form) {
    case RegisterForm::kId:
      return Normalise(text, out, kMaxRegistered);
    case RegisterForm::kDigits:
      return Digits(text, out);
    case RegisterForm::kLower:
    case RegisterForm::kNone:
      break;
  }
  const std::string_view value = Trimmed(text);
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool fold = form == RegisterForm::kLower && IsUpper(value[i]);
    out[i] = fold ? static_cast<char>(value[i] + ('a' - 'A')) : value[i];
  }
  return value.size();
}

std::uint64_t RegisterTag(const HashKey& key, std::string_view form) noexcept { return SipHash24(key, AsBytes(form)); }

std::uint64_t KeyId(const HashKey& key) noexcept { return SipHash24(key, AsBytes("the key of gander's registers")); }

Result<HashKey> ReadRegisterKey(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Fail(path, 0, "the key cannot be read", "make one: `gander register key " + path + "`");
  char bytes[256];
  file.read(bytes, sizeof bytes);
  const std::string_view text = Trimmed({bytes, static_cast<std::size_t>(file.gcount())});
  HashKey key;
  const bool good = text.size() == kKeyDigits && ParseHex(text.substr(0, kKeyDigits / 2), key.k0) &&
                    ParseHex(text.substr(kKeyDigits / 2), key.k1);
  if (!good) {
    return Fail(path, 0, "this is not a key: 32 hexadecimal digits are expected",
                "make one with `gander register key FILE`, and hash the registers again with it");
  }
  return key;
}

}  // namespace gander::identify
