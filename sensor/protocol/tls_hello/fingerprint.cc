// SPDX-License-Identifier: Apache-2.0
#include "protocol/tls_hello/fingerprint.h"

#include <openssl/evp.h>

#include <algorithm>
#include <vector>

namespace gander::protocol::tls {
namespace {

constexpr char kHex[] = "0123456789abcdef";
constexpr std::size_t kJa4HashLength = 12;
constexpr std::string_view kJa4Empty = "000000000000";
constexpr std::size_t kJa4MaxCount = 99;

std::string DigestHex(std::string_view text, const EVP_MD* kind) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  if (EVP_Digest(text.data(), text.size(), digest, &length, kind, nullptr) != 1) return {};
  std::string out;
  for (unsigned int i = 0; i < length; ++i) {
    out += kHex[digest[i] >> 4];
    out += kHex[digest[i] & 0xf];
  }
  return out;
}

// Decimal values joined by '-', GREASE left out.
void AppendDecimal(const WordList& list, std::string& out) {
  bool first = true;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (IsGrease(list[i])) continue;
    if (!first) out += '-';
    first = false;
    out += std::to_string(list[i]);
  }
}

void AppendExtensionTypes(Bytes block, std::string& out) {
  bool first = true;
  ForEachExtension(block, [&](std::uint16_t type, Bytes) {
    if (IsGrease(type)) return;
    if (!first) out += '-';
    first = false;
    out += std::to_string(type);
  });
}

// Four hex digits each, joined by ','.
std::string HexList(const std::vector<std::uint16_t>& values) {
  std::string out;
  for (const std::uint16_t v : values) {
    if (!out.empty()) out += ',';
    for (int shift = 12; shift >= 0; shift -= 4) out += kHex[v >> shift & 0xf];
  }
  return out;
}

std::vector<std::uint16_t> WithoutGrease(const WordList& list) {
  std::vector<std::uint16_t> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!IsGrease(list[i])) out.push_back(list[i]);
  }
  return out;
}

std::string_view Ja4Version(const ClientHello& hello, bool datagram) noexcept {
  std::uint16_t best = 0;
  for (std::size_t i = 0; i < hello.versions.size(); ++i) {
    const std::uint16_t v = hello.versions[i];
    // DTLS counts downwards.
    if (!IsGrease(v)) best = best == 0 ? v : datagram ? std::min(best, v) : std::max(best, v);
  }
  switch (best == 0 ? hello.version : best) {
    case 0x0304:
      return "13";
    case 0x0303:
      return "12";
    case 0x0302:
      return "11";
    case 0x0301:
      return "10";
    case 0x0300:
      return "s3";
    case 0x0002:
      return "s2";
    case 0xfeff:
      return "d1";
    case 0xfefd:
      return "d2";
    case 0xfefc:
      return "d3";
    default:
      return "00";
  }
}

constexpr bool IsAlphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

void AppendAlpn(Bytes list, std::string& out) {
  const std::string_view name = TakeProtocol(list);
  if (name.empty()) {
    out += "00";
  } else if (IsAlphanumeric(name.front()) && IsAlphanumeric(name.back())) {
    out += name.front();
    out += name.back();
  } else {  // first and last digit of the name in hex
    out += kHex[static_cast<std::uint8_t>(name.front()) >> 4];
    out += kHex[static_cast<std::uint8_t>(name.back()) & 0xf];
  }
}

void AppendCount(std::size_t n, std::string& out) {
  n = std::min(n, kJa4MaxCount);
  out += static_cast<char>('0' + n / 10);
  out += static_cast<char>('0' + n % 10);
}

void AppendShortHash(const std::string& text, std::string& out) {
  out += DigestHex(text, EVP_sha256()).substr(0, kJa4HashLength);
}

}  // namespace

std::string Md5Hex(std::string_view text) { return DigestHex(text, EVP_md5()); }

std::string Ja3Text(const ClientHello& hello) {
  std::string out = std::to_string(hello.version) + ',';
  AppendDecimal(hello.ciphers, out);
  out += ',';
  AppendExtensionTypes(hello.extensions, out);
  out += ',';
  AppendDecimal(hello.groups, out);
  out += ',';
  for (std::size_t i = 0; i < hello.point_formats.size(); ++i) {
    if (i > 0) out += '-';
    out += std::to_string(Octets(hello.point_formats)[i]);
  }
  return out;
}

std::string Ja3sText(const ServerHello& hello) {
  std::string out = std::to_string(hello.message_version) + ',' + std::to_string(hello.cipher) + ',';
  AppendExtensionTypes(hello.extensions, out);
  return out;
}

std::string Ja4(const ClientHello& hello, char transport) {
  std::vector<std::uint16_t> ciphers = WithoutGrease(hello.ciphers);
  std::vector<std::uint16_t> types;
  std::size_t extensions = 0;
  bool named = false;
  ForEachExtension(hello.extensions, [&](std::uint16_t type, Bytes) {
    if (IsGrease(type)) return;
    ++extensions;
    named = named || type == extension::kServerName;
    if (type != extension::kServerName && type != extension::kAlpn) types.push_back(type);
  });
  std::sort(ciphers.begin(), ciphers.end());
  std::sort(types.begin(), types.end());

  std::string out(1, transport);
  out += Ja4Version(hello, transport == 'd');
  out += named ? 'd' : 'i';
  AppendCount(ciphers.size(), out);
  AppendCount(extensions, out);
  AppendAlpn(hello.protocols, out);
  out += '_';
  if (ciphers.empty()) {
    out += kJa4Empty;
  } else {
    AppendShortHash(HexList(ciphers), out);
  }
  out += '_';
  if (extensions == 0) return out += kJa4Empty;
  std::string text = HexList(types);
  const std::string signatures = HexList(WithoutGrease(hello.signatures));
  if (!signatures.empty()) text += '_' + signatures;
  AppendShortHash(text, out);
  return out;
}

}  // namespace gander::protocol::tls
