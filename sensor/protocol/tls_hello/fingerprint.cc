// SPDX-License-Identifier: Apache-2.0
#include "protocol/tls_hello/fingerprint.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/digest.h"
#include "base/format.h"

namespace gander::protocol::tls {
namespace {

constexpr char kHex[] = "0123456789abcdef";
constexpr std::size_t kJa4HashLength = 12;
constexpr std::string_view kJa4Empty = "000000000000";
constexpr std::size_t kJa4MaxCount = 99;

void AppendDecimal(std::uint16_t value, std::string& out) {
  char digits[5];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

// Decimal values joined by '-', GREASE left out.
void AppendDecimal(const WordList& list, std::string& out) {
  bool first = true;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (IsGrease(list[i])) continue;
    if (!first) out += '-';
    first = false;
    AppendDecimal(list[i], out);
  }
}

void AppendExtensionTypes(Bytes block, std::string& out) {
  bool first = true;
  ForEachExtension(block, [&](std::uint16_t type, Bytes) {
    if (IsGrease(type)) return;
    if (!first) out += '-';
    first = false;
    AppendDecimal(type, out);
  });
}

// Four hex digits each, joined by ','.
void AppendHexList(const std::vector<std::uint16_t>& values, std::string& out) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ',';
    for (int shift = 12; shift >= 0; shift -= 4) out += kHex[values[i] >> shift & 0xf];
  }
}

void TakeWithoutGrease(const WordList& list, std::vector<std::uint16_t>& out) {
  out.clear();
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!IsGrease(list[i])) out.push_back(list[i]);
  }
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

void AppendShortHash(std::string_view text, std::string& out) {
  const Sha256Digest digest = Sha256Of(AsBytes(text));
  char hex[kJa4HashLength];
  out += WriteHex(digest.data(), kJa4HashLength / 2, hex);
}

}  // namespace

std::string_view Md5Hex(std::string_view text) {
  thread_local std::array<char, 2 * sizeof(Md5Digest)> hex;
  const Md5Digest digest = Md5Of(AsBytes(text));
  return WriteHex(digest.data(), digest.size(), hex.data());
}

std::string_view Ja3Text(const ClientHello& hello) {
  thread_local std::string out;
  out.clear();
  AppendDecimal(hello.version, out);
  out += ',';
  AppendDecimal(hello.ciphers, out);
  out += ',';
  AppendExtensionTypes(hello.extensions, out);
  out += ',';
  AppendDecimal(hello.groups, out);
  out += ',';
  for (std::size_t i = 0; i < hello.point_formats.size(); ++i) {
    if (i > 0) out += '-';
    AppendDecimal(Octets(hello.point_formats)[i], out);
  }
  return out;
}

std::string_view Ja3sText(const ServerHello& hello) {
  thread_local std::string out;
  out.clear();
  AppendDecimal(hello.message_version, out);
  out += ',';
  AppendDecimal(hello.cipher, out);
  out += ',';
  AppendExtensionTypes(hello.extensions, out);
  return out;
}

std::string_view Ja4(const ClientHello& hello, char transport) {
  thread_local std::vector<std::uint16_t> ciphers, types, signatures;
  thread_local std::string out, text;
  TakeWithoutGrease(hello.ciphers, ciphers);
  TakeWithoutGrease(hello.signatures, signatures);
  types.clear();
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

  out.assign(1, transport);
  out += Ja4Version(hello, transport == 'd');
  out += named ? 'd' : 'i';
  AppendCount(ciphers.size(), out);
  AppendCount(extensions, out);
  AppendAlpn(hello.protocols, out);
  out += '_';
  if (ciphers.empty()) {
    out += kJa4Empty;
  } else {
    text.clear();
    AppendHexList(ciphers, text);
    AppendShortHash(text, out);
  }
  out += '_';
  if (extensions == 0) return out += kJa4Empty;
  text.clear();
  AppendHexList(types, text);
  if (!signatures.empty()) text += '_';
  AppendHexList(signatures, text);
  AppendShortHash(text, out);
  return out;
}

}  // namespace gander::protocol::tls
