// SPDX-License-Identifier: Apache-2.0
// Addresses of Bitcoin: Base58Check (BIP 13), Bech32 (BIP 173), Bech32m (BIP 350).
#include <openssl/sha.h>

#include <array>
#include <cstdint>
#include <cstring>

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
  for (std::size_t i = 0; i < alphabet.size(); ++i) values[static_cast<std::size_t>(alphabet[i])] = static_cast<std::int8_t>(i);
  return values;
}

int ValueIn(const std::array<std::int8_t, 128>& values, char c) noexcept {
  return IsAscii(c) ? values[static_cast<std::size_t>(c)] : -1;
}

bool Base58Check(std::string_view v) noexcept {
  static const auto kValues = MakeValues(kBase58);
  std::array<std::uint8_t, kAddressBytes> bytes{};
  for (char c : v) {
    int carry = ValueIn(kValues, c);
    if (carry < 0) return false;
    for (std::size_t i = bytes.size(); i-- > 0;) {
      carry += 58 * bytes[i];
      bytes[i] = static_cast<std::uint8_t>(carry & 255);
      carry >>= 8;
    }
    if (carry != 0) return false;
  }
  if (bytes[0] != 0 && bytes[0] != 5) return false;  // to a key's hash, to a script's
  std::uint8_t once[SHA256_DIGEST_LENGTH], twice[SHA256_DIGEST_LENGTH];
  SHA256(bytes.data(), kAddressBytes - 4, once);
  SHA256(once, sizeof once, twice);
  return std::memcmp(twice, bytes.data() + kAddressBytes - 4, 4) == 0;
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
