// SPDX-License-Identifier: Apache-2.0
#include "protocol/tls_hello/hello.h"

#include <algorithm>
#include <array>

namespace gander::protocol::tls {
namespace {

// SHA-256 of "HelloRetryRequest", the random that marks one (RFC 8446 §4.1.3).
constexpr std::array<std::uint8_t, 32> kRetryRandom = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};
constexpr std::size_t kRandomLength = 32;
constexpr std::uint8_t kHostName = 0;

// The block of extensions at the end of a hello, cut to what is there.
Bytes TakeExtensions(ByteReader& r) noexcept {
  if (r.remaining() < 2) return {};
  const std::uint16_t length = r.U16();
  return r.Take(std::min<std::size_t>(length, r.remaining()));
}

std::string_view HostName(Bytes data) noexcept {
  ByteReader r(data);
  r.Skip(2);  // length of the list
  while (r.remaining() >= 3) {
    const std::uint8_t type = r.U8();
    const Bytes name = r.Take(r.U16());
    if (type == kHostName) return AsText(name);
  }
  return {};
}

// A list behind its own length of `width` bytes.
Bytes Counted(Bytes data, int width) noexcept {
  ByteReader r(data);
  const std::size_t length = width == 1 ? r.U8() : r.U16();
  return r.Take(std::min(length, r.remaining()));
}

}  // namespace

bool ParseClientHello(Bytes body, bool datagram, ClientHello& out) noexcept {
  ByteReader r(body);
  out.version = r.U16();
  r.Skip(kRandomLength);
  out.session_id = r.Take(r.U8());
  if (datagram) r.Skip(r.U8());  // cookie
  out.ciphers = WordList(r.Take(r.U16()));
  r.Skip(r.U8());  // compression methods
  if (r.failed()) return false;
  out.extensions = TakeExtensions(r);
  ForEachExtension(out.extensions, [&out](std::uint16_t type, Bytes data) {
    switch (type) {
      case extension::kServerName:
        out.server_name = HostName(data);
        break;
      case extension::kGroups:
        out.groups = WordList(Counted(data, 2));
        break;
      case extension::kPointFormats:
        out.point_formats = Counted(data, 1);
        break;
      case extension::kSignatures:
        out.signatures = WordList(Counted(data, 2));
        break;
      case extension::kAlpn:
        out.protocols = Counted(data, 2);
        break;
      case extension::kVersions:
        out.versions = WordList(Counted(data, 1));
        break;
      default:
        break;
    }
  });
  return true;
}

bool ParseServerHello(Bytes body, ServerHello& out) noexcept {
  ByteReader r(body);
  out.version = out.message_version = r.U16();
  const Bytes random = r.Take(kRandomLength);
  // Drafts of TLS 1.3 up to 21 had neither session nor compression in it.
  constexpr std::uint16_t kFirstDraft = 0x7f00, kLastBareDraft = 0x7f15;
  const bool bare = out.version >= kFirstDraft && out.version <= kLastBareDraft;
  if (!bare) out.session_id = r.Take(r.U8());
  out.cipher = r.U16();
  if (!bare) r.Skip(1);  // compression method
  if (r.failed()) return false;
  out.retry = std::equal(kRetryRandom.begin(), kRetryRandom.end(), Octets(random));
  out.extensions = TakeExtensions(r);
  ForEachExtension(out.extensions, [&out](std::uint16_t type, Bytes data) {
    if (type == extension::kVersions) out.version = ByteReader(data).U16();
    if (type == extension::kPreSharedKey) out.pre_shared_key = true;
    if (type == extension::kAlpn) {
      Bytes list = Counted(data, 2);
      out.protocol = TakeProtocol(list);
    }
  });
  return true;
}

std::string_view TakeProtocol(Bytes& list) noexcept {
  ByteReader r(list);
  if (list.empty()) return {};
  const Bytes name = r.Take(std::min<std::size_t>(r.U8(), r.remaining()));
  list = r.rest();
  return AsText(name);
}

// 0x7f and the number of the draft (RFC 8446's drafts, §4.2.1.1); 0xfb was an experiment of one vendor's.
std::string_view DraftName(std::uint16_t version) noexcept {
  static constexpr std::string_view kDrafts[] = {
      "TLS 1.3 draft-16", "TLS 1.3 draft-17", "TLS 1.3 draft-18", "TLS 1.3 draft-19", "TLS 1.3 draft-20",
      "TLS 1.3 draft-21", "TLS 1.3 draft-22", "TLS 1.3 draft-23", "TLS 1.3 draft-24", "TLS 1.3 draft-25",
      "TLS 1.3 draft-26", "TLS 1.3 draft-27", "TLS 1.3 draft-28"};
  constexpr unsigned kFirst = 16;
  const unsigned draft = version & 0xff;
  if (version >> 8 == 0xfb) return "TLS 1.3";
  if (version >> 8 != 0x7f) return "";
  if (draft < kFirst) return "TLS 1.3 draft-<16";
  return draft - kFirst < std::size(kDrafts) ? kDrafts[draft - kFirst] : "TLS 1.3";
}

std::string_view VersionName(std::uint16_t version) noexcept {
  switch (version) {
    case 0x0002:
      return "SSLv2";
    case 0x0300:
      return "SSLv3";
    case 0x0301:
      return "TLSv1";
    case 0x0302:
      return "TLS 1.1";
    case 0x0303:
      return "TLS 1.2";
    case 0x0304:
      return "TLS 1.3";
    case 0xfeff:
      return "DTLS 1.0";
    case 0xfefd:
      return "DTLS 1.2";
    case 0xfefc:
      return "DTLS 1.3";
    default:
      return DraftName(version);
  }
}

}  // namespace gander::protocol::tls
