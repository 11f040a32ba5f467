// SPDX-License-Identifier: Apache-2.0
#include "protocol/quic/version.h"

#include <charconv>

namespace gander::protocol::quic {
namespace {

// RFC 9001 §5.2 and RFC 9369 §3.3.1.
constexpr Salt kSaltV1 = {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
                          0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};
constexpr Salt kSaltV2 = {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
                          0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9};
// draft-ietf-quic-tls, from the revision named.
constexpr Salt kSaltDraft29 = {0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
                               0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99};
constexpr Salt kSaltDraft23 = {0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
                               0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02};
constexpr Salt kSaltDraft22 = {0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a,
                               0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a};
// Chromium, quic/core/crypto.
constexpr Salt kSaltQ050 = {0x50, 0x45, 0x74, 0xef, 0xd0, 0x66, 0xfe, 0x2f, 0x9d, 0x94,
                            0x5c, 0xfc, 0xdb, 0xd3, 0xa7, 0xf0, 0xd3, 0xb5, 0x6b, 0x45};
constexpr Salt kSaltT050 = {0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72, 0x91, 0x55, 0x80,
                            0x30, 0x4c, 0x43, 0xa2, 0x36, 0x7c, 0x60, 0x48, 0x83, 0x10};
constexpr Salt kSaltT051 = {0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee, 0x5f, 0xa4, 0x50,
                            0x6c, 0x19, 0x12, 0x4f, 0xc8, 0xcc, 0xda, 0x6e, 0x03, 0x3d};

constexpr std::uint32_t kV1 = 1, kV2 = 0x6b3343cf;
constexpr std::uint32_t kQ050 = 0x51303530, kT050 = 0x54303530, kT051 = 0x54303531;
constexpr std::uint32_t kMvfst22 = 0xfaceb001, kMvfst27 = 0xfaceb002, kMvfstTest = 0xfaceb00e;  // Facebook's

Version Draft(unsigned number) noexcept {
  if (number == 22) return {Family::kIetf, &kSaltDraft22};
  if (number >= 23 && number <= 28) return {Family::kIetf, &kSaltDraft23};
  if (number >= 29 && number <= 32) return {Family::kIetf, &kSaltDraft29};
  if (number >= 33 && number <= 34) return {Family::kIetf, &kSaltV1};
  return {};
}

// NNN of a Google version "QNNN"; -1 for another one.
int GoogleNumber(std::uint32_t version) noexcept {
  int number = 0;
  if (version >> 24 != 'Q') return -1;
  for (int shift = 16; shift >= 0; shift -= 8) {
    const auto c = static_cast<char>(version >> shift & 0xff);
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

Version Classify(std::uint32_t version) noexcept {
  switch (version) {
    case kV1:
      return {Family::kIetf, &kSaltV1};
    case kV2:
      return {Family::kV2, &kSaltV2};
    case kQ050:
      return {Family::kGoogleSealed, &kSaltQ050};
    case kT050:
      return {Family::kGoogleSealed, &kSaltT050};
    case kT051:
      return {Family::kGoogleSealed, &kSaltT051};
    case kMvfst22:
      return Draft(22);
    case kMvfst27:
    case kMvfstTest:
      return Draft(27);
    default:
      break;
  }
  if (version >> 8 == 0xff0000) return Draft(version & 0xff);
  const int google = GoogleNumber(version);
  if (google >= 44 && google <= 49) return {Family::kGoogleLong, nullptr};
  if (google >= 20 && google <= 43) return {Family::kGoogleShort, nullptr};
  return {};
}

std::string_view NameOf(std::uint32_t version, std::array<char, 8>& scratch) noexcept {
  if (GoogleNumber(version) >= 0) {
    for (std::size_t i = 0; i < 4; ++i) scratch[i] = static_cast<char>(version >> (24 - 8 * i) & 0xff);
    return {scratch.data(), 4};
  }
  const auto end = std::to_chars(scratch.data(), scratch.data() + scratch.size(), version, 16).ptr;
  return {scratch.data(), static_cast<std::size_t>(end - scratch.data())};
}

}  // namespace gander::protocol::quic
