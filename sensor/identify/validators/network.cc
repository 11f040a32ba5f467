// SPDX-License-Identifier: Apache-2.0
// Internet addresses of hosts, as they are written.
#include <cstdint>

#include "identify/char_class.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

// Reads a decimal octet without leading zeros; -1 when there is none.
int ReadOctet(std::string_view v, std::size_t& i) noexcept {
  const std::size_t begin = i;
  int n = 0;
  while (i < v.size() && IsDigit(v[i]) && i - begin < 3) n = n * 10 + DigitOf(v[i++]);
  const bool leading_zero = i - begin > 1 && v[begin] == '0';
  return i == begin || n > 255 || leading_zero ? -1 : n;
}

bool ReadQuad(std::string_view v, int (&octets)[4]) noexcept {
  std::size_t i = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (i >= v.size() || v[i++] != '.')) return false;
    octets[part] = ReadOctet(v, i);
    if (octets[part] < 0) return false;
  }
  return i == v.size();
}

// Up to four hexadecimal digits; -1 when there are none or more.
int ReadGroup(std::string_view v, std::size_t& i) noexcept {
  const std::size_t begin = i;
  int n = 0;
  for (; i < v.size(); ++i) {
    const char u = ToUpper(v[i]);
    if (IsDigit(u)) {
      n = n * 16 + DigitOf(u);
    } else if (u >= 'A' && u <= 'F') {
      n = n * 16 + (u - 'A' + 10);
    } else {
      break;
    }
    if (i - begin >= 4) return -1;
  }
  return i == begin ? -1 : n;
}

}  // namespace

bool MacDigits(std::string_view v) noexcept {
  bool letter = false;
  for (char c : v) {
    if (!IsDigit(c) && (c < 'A' || c > 'F')) return false;
    letter = letter || IsLetter(c);
  }
  return v.size() == 12 && letter;
}

bool RandomMacDigits(std::string_view v) noexcept { return MacDigits(v) && IsRandomMac(v[1]); }

// What no host has for its own is left out: this network, loopback, multicast, reserved (RFC 6890).
bool Ipv4(std::string_view raw) noexcept {
  int octets[4];
  if (!ReadQuad(raw, octets)) return false;
  return octets[0] != 0 && octets[0] != 127 && octets[0] < 224;
}

// RFC 4291 §2.2 with at most one ::, the last four octets in decimal if need be, a zone behind %. Only what a host on
// the Internet or in a site may have: global unicast and unique local addresses.
bool Ipv6(std::string_view raw) noexcept {
  const std::string_view v = raw.substr(0, raw.find('%'));
  int groups = 0, first = -1;
  bool gap = false, after_gap = false;
  std::size_t i = 0;
  if (v.substr(0, 2) == "::") {
    gap = after_gap = true;
    i = 2;
  }
  while (i < v.size()) {
    const std::size_t begin = i;
    const int group = ReadGroup(v, i);
    if (i < v.size() && v[i] == '.') {
      int octets[4];
      if (!ReadQuad(v.substr(begin), octets)) return false;
      groups += 2;
      i = v.size();
      after_gap = false;
      break;
    }
    if (group < 0) return false;
    if (groups == 0 && !gap) first = group;
    ++groups;
    after_gap = false;
    if (i == v.size()) break;
    if (v[i++] != ':') return false;
    if (i < v.size() && v[i] == ':') {
      if (gap) return false;
      gap = after_gap = true;
      ++i;
    } else if (i == v.size()) {
      return false;
    }
  }
  if (gap ? groups > 7 : groups != 8) return false;
  if (after_gap && groups == 0) return false;
  const bool global = first >= 0x2000 && first <= 0x3FFF, local = first >= 0xFC00 && first <= 0xFDFF;
  return global || local;
}

}  // namespace gander::identify
