// SPDX-License-Identifier: Apache-2.0
#include "flow/community_id.h"

// SHA1() of OpenSSL 3 looks the algorithm up by name and allocates, for each digest of 40 bytes; the functions it
// calls old do neither.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <cstring>
#include <tuple>

namespace gander::flow {
namespace {

struct TypePair {
  std::uint16_t type, answer;
};
// Request and answer types: with the other's type as second "port" both directions order alike.
constexpr TypePair kIcmp4[] = {{8, 0},   {0, 8},   {13, 14}, {14, 13}, {15, 16},
                               {16, 15}, {17, 18}, {18, 17}, {10, 9},  {9, 10}};
constexpr TypePair kIcmp6[] = {{128, 129}, {129, 128}, {133, 134}, {134, 133}, {135, 136},
                               {136, 135}, {130, 131}, {131, 130}, {139, 140}, {140, 139}, {144, 145}, {145, 144}};

template <std::size_t kCount>
bool MapType(const TypePair (&pairs)[kCount], FiveTuple& t) {
  for (const TypePair& p : pairs) {
    if (p.type != t.source_port) continue;
    t.destination_port = p.answer;
    return true;
  }
  return false;
}

void AppendBase64(const unsigned char* bytes, std::size_t n, std::string& out) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < n; i += 3) {
    std::uint32_t group = std::uint32_t{bytes[i]} << 16;
    if (i + 1 < n) group |= std::uint32_t{bytes[i + 1]} << 8;
    if (i + 2 < n) group |= bytes[i + 2];
    out += kAlphabet[group >> 18];
    out += kAlphabet[group >> 12 & 63];
    out += i + 1 < n ? kAlphabet[group >> 6 & 63] : '=';
    out += i + 2 < n ? kAlphabet[group & 63] : '=';
  }
}

}  // namespace

void AppendCommunityId(const FiveTuple& tuple, std::string& out) {
  FiveTuple t = tuple;
  bool one_way = false;
  if (t.protocol == ip_proto::kIcmp) one_way = !MapType(kIcmp4, t);
  if (t.protocol == ip_proto::kIcmp6) one_way = !MapType(kIcmp6, t);
  const bool ordered = std::tie(t.source.octets, t.source_port) < std::tie(t.destination.octets, t.destination_port);
  if (!ordered && !one_way) t = t.Reversed();

  unsigned char buffer[2 + 16 + 16 + 1 + 1 + 4] = {};
  std::size_t n = 2;  // seed 0
  const std::size_t skip = t.source.v4 ? 12 : 0;
  for (const IpAddress* a : {&t.source, &t.destination}) {
    std::memcpy(buffer + n, a->octets.data() + skip, 16 - skip);
    n += 16 - skip;
  }
  buffer[n++] = t.protocol;
  buffer[n++] = 0;
  const bool ports = t.protocol == ip_proto::kTcp || t.protocol == ip_proto::kUdp || t.protocol == ip_proto::kSctp ||
                     t.protocol == ip_proto::kIcmp || t.protocol == ip_proto::kIcmp6;
  if (ports) {
    for (std::uint16_t port : {t.source_port, t.destination_port}) {
      buffer[n++] = static_cast<unsigned char>(port >> 8);
      buffer[n++] = static_cast<unsigned char>(port);
    }
  }
  unsigned char digest[SHA_DIGEST_LENGTH];
  SHA_CTX sha1;
  SHA1_Init(&sha1);
  SHA1_Update(&sha1, buffer, n);
  SHA1_Final(digest, &sha1);
  out += "1:";
  AppendBase64(digest, sizeof digest, out);
}

std::string CommunityId(const FiveTuple& tuple) {
  std::string out;
  AppendCommunityId(tuple, out);
  return out;
}

}  // namespace gander::flow
