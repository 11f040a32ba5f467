// SPDX-License-Identifier: Apache-2.0
// Addresses of Bitcoin: Base58Check (BIP 13), Bech32 (BIP 173), Bech32m (BIP 350).
#include <array>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/digest.h"
#include "identify/char_class.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

constexpr std::size_t kAddressBytes = 25;  // version, hash of 20, check of 4
constexpr std::string_view kBase58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::string_view kBech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

std::array<std::int8_t, 128> MakeValues(std::string_view alphabet) noexcept {
  std::array<std::int8_t, 128> values;
  values.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<std::size_t>(alphabet[i])] = static_cast<std::int8_t>(i);
  return values;
}

int ValueIn(const std::array<std::int8_t, 128>& values, char c) noexcept {
  return IsAscii(c) ? values[static_cast<std::size_t>(c)] : -1;
}

// The number that `v` writes to the base of 58, in words of 32 bits, lowest first; five digits are taken at a time, as
// many as a word holds. False when it has another character or more than kAddressBytes.
using AddressWords = std::array<std::uint32_t, (kAddressBytes + 3) / 4>;
bool ReadBase58(std::string_view v, AddressWords& words) noexcept {
  static const auto kValues = MakeValues(kBase58);
  words.fill(0);
  constexpr std::size_t kStep = 5;
  for (std::size_t at = 0; at < v.size(); at += kStep) {
    std::uint32_t scale = 1, digits = 0;
    for (char c : v.substr(at, kStep)) {
      const int value = ValueIn(kValues, c);
      if (value < 0) return false;
      scale *= 58;
      digits = digits * 58 + static_cast<std::uint32_t>(value);
    }
    std::uint64_t carry = digits;
    for (std::uint32_t& word : words) {
      carry += std::uint64_t{word} * scale;
      word = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) return false;
  }
  return words.back() < 256;
}

// The version is looked at before anything is hashed: it is wrong in three of five strings of the right length.
bool Base58Check(std::string_view v) noexcept {
  AddressWords words;
  if (!ReadBase58(v, words)) return false;
  if (words.back() != 0 && words.back() != 5) return false;  // to a key's hash, to a script's
  std::array<std::uint8_t, kAddressBytes> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[bytes.size() - 1 - i] = static_cast<std::uint8_t>(words[i / 4] >> (8 * (i % 4)));
  }
  const Sha256Digest once = Sha256Of(std::as_bytes(std::span(bytes).first<kAddressBytes - 4>()));
  const Sha256Digest twice = Sha256Of(std::as_bytes(std::span(once)));
  return std::memcmp(twice.data(), bytes.data() + kAddressBytes - 4, 4) == 0;
}

std::uint32_t Polymod(std::uint32_t check, std::uint32_t value) noexcept {
  constexpr std::uint32_t kGenerator[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
  const std::uint32_t top = check >> 25;
  check = (check & 0x1ffffff) << 5 ^ value;
  for (std::size_t i = 0; i < 5; ++i) check ^= (top >> i & 1) != 0 ? kGenerator[i] : 0;
  return check;
}

bool Bech32(std::string_view v) noexcept {
  static const auto kValues = MakeValues(kBech32);
  const bool upper = IsUpper(v[0]);
  std::uint32_t check = 1;
  for (std::uint32_t part : {'b' >> 5, 'c' >> 5, 0, 'b' & 31, 'c' & 31}) check = Polymod(check, part);
  for (char c : v.substr(3)) {
    if (IsLetter(c) && IsUpper(c) != upper) return false;
    const int value = ValueIn(kValues, ToLower(c));
    if (value < 0) return false;
    check = Polymod(check, static_cast<std::uint32_t>(value));
  }
  constexpr std::uint32_t kVersion0 = 1, kLater = 0x2bc830a3;
  const int version = ValueIn(kValues, ToLower(v[3]));
  if (version == 0) return check == kVersion0 && (v.size() == 42 || v.size() == 62);
  return version <= 16 && check == kLater;
}

}  // namespace

bool BitcoinAddress(std::string_view raw) noexcept {
  if (raw.size() < 26 || raw.size() > 90) return false;
  if (raw[0] == '1' || raw[0] == '3') return raw.size() <= 35 && Base58Check(raw);
  return (raw.substr(0, 3) == "bc1" || raw.substr(0, 3) == "BC1") && Bech32(raw);
}

}  // namespace gander::identify
