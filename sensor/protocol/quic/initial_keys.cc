// SPDX-License-Identifier: Apache-2.0
#include "protocol/quic/initial_keys.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>

namespace gander::protocol::quic {
namespace {

constexpr std::size_t kSample = 16, kTag = 16, kMaxNumber = 4;  // RFC 9001 §5.4.2, §5.3
constexpr std::size_t kHashBlock = 64;                          // SHA-256

Bytes AsBytesOf(const auto& array) noexcept { return std::as_bytes(std::span(array)); }

}  // namespace

InitialKeys::InitialKeys()
    : digest_(EVP_MD_CTX_new()), header_(EVP_CIPHER_CTX_new()), payload_(EVP_CIPHER_CTX_new()) {
  EVP_DigestInit_ex2(digest_, EVP_sha256(), nullptr);
  EVP_EncryptInit_ex2(header_, EVP_aes_128_ecb(), nullptr, nullptr, nullptr);
  EVP_DecryptInit_ex2(payload_, EVP_aes_128_gcm(), nullptr, nullptr, nullptr);
}

InitialKeys::~InitialKeys() {
  EVP_MD_CTX_free(digest_);
  EVP_CIPHER_CTX_free(header_);
  EVP_CIPHER_CTX_free(payload_);
}

// RFC 2104 over SHA-256; keys here are never longer than a block.
InitialKeys::Digest InitialKeys::Hmac(Bytes key, Bytes message) noexcept {
  std::array<std::uint8_t, kHashBlock> block{};
  std::memcpy(block.data(), key.data(), std::min(key.size(), block.size()));
  Digest out{};
  for (std::uint8_t& octet : block) octet ^= 0x36;
  EVP_DigestInit_ex2(digest_, nullptr, nullptr);
  EVP_DigestUpdate(digest_, block.data(), block.size());
  EVP_DigestUpdate(digest_, message.data(), message.size());
  EVP_DigestFinal_ex(digest_, out.data(), nullptr);
  for (std::uint8_t& octet : block) octet ^= 0x36 ^ 0x5c;
  EVP_DigestInit_ex2(digest_, nullptr, nullptr);
  EVP_DigestUpdate(digest_, block.data(), block.size());
  EVP_DigestUpdate(digest_, out.data(), out.size());
  EVP_DigestFinal_ex(digest_, out.data(), nullptr);
  return out;
}

// HKDF-Expand-Label (RFC 8446 §7.1) with an empty context and no more than one block of output.
template <std::size_t kLength>
std::array<std::uint8_t, kLength> InitialKeys::Expand(const Digest& secret, std::string_view label) noexcept {
  static_assert(kLength <= sizeof(Digest));
  constexpr std::string_view kPrefix = "tls13 ";
  std::array<std::uint8_t, 32> info{};
  std::size_t n = 0;
  const auto append = [&](std::string_view text) { n = std::copy(text.begin(), text.end(), &info[n]) - info.data(); };
  info[n++] = 0;
  info[n++] = kLength;
  info[n++] = static_cast<std::uint8_t>(kPrefix.size() + label.size());
  append(kPrefix);
  append(label);
  info[n++] = 0;  // context
  info[n++] = 1;  // first block
  const Digest block = Hmac(AsBytesOf(secret), AsBytesOf(info).first(n));
  std::array<std::uint8_t, kLength> out;
  std::copy_n(block.begin(), kLength, out.begin());
  return out;
}

void InitialKeys::Derive(const Version& version, Bytes connection_id) noexcept {
  const bool v2 = version.family == Family::kV2;
  const Digest initial = Hmac(AsBytesOf(*version.salt), connection_id);
  for (const bool server : {false, true}) {
    const Digest secret = Expand<32>(initial, server ? "server in" : "client in");
    Keys& keys = keys_[server ? 1 : 0];
    keys.key = Expand<16>(secret, v2 ? "quicv2 key" : "quic key");
    keys.iv = Expand<12>(secret, v2 ? "quicv2 iv" : "quic iv");
    keys.header = Expand<16>(secret, v2 ? "quicv2 hp" : "quic hp");
  }
}

bool InitialKeys::HeaderMask(const Keys& keys, Bytes sample, std::uint8_t* mask) noexcept {
  int n = 0;
  return EVP_EncryptInit_ex2(header_, nullptr, keys.header.data(), nullptr, nullptr) == 1 &&
         EVP_CIPHER_CTX_set_padding(header_, 0) == 1 &&
         EVP_EncryptUpdate(header_, mask, &n, Octets(sample), static_cast<int>(kSample)) == 1;
}

Bytes InitialKeys::Open(Sender sender, const Packet& packet, std::byte* plain) noexcept {
  const Bytes bytes = packet.bytes;
  const std::size_t at = packet.packet_number_at;
  if (bytes.size() > kMaxPacket || bytes.size() < at + kMaxNumber + kSample) return {};
  const Keys& keys = keys_[sender == Sender::kServer ? 1 : 0];
  std::uint8_t mask[2 * kSample];
  if (!HeaderMask(keys, bytes.subspan(at + kMaxNumber, kSample), mask)) return {};
  // The header as it was before its protection (RFC 9001 §5.4.1) is what the tag covers.
  std::uint8_t* out = reinterpret_cast<std::uint8_t*>(plain);
  std::memcpy(out, bytes.data(), at + kMaxNumber);
  out[0] ^= mask[0] & 0x0f;
  const std::size_t number_length = (out[0] & 3u) + 1;
  std::array<std::uint8_t, 12> nonce = keys.iv;
  for (std::size_t i = 0; i < number_length; ++i) {
    out[at + i] ^= mask[1 + i];
    nonce[nonce.size() - number_length + i] ^= out[at + i];
  }
  const std::size_t header = at + number_length;
  const Bytes sealed = bytes.subspan(header, bytes.size() - header - kTag);
  std::array<std::uint8_t, kTag> tag;
  std::memcpy(tag.data(), bytes.last(kTag).data(), kTag);
  int n = 0;
  const bool opened =
      EVP_DecryptInit_ex2(payload_, nullptr, keys.key.data(), nonce.data(), nullptr) == 1 &&
      EVP_DecryptUpdate(payload_, nullptr, &n, out, static_cast<int>(header)) == 1 &&
      EVP_DecryptUpdate(payload_, out, &n, Octets(sealed), static_cast<int>(sealed.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(payload_, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kTag), tag.data()) == 1 &&
      EVP_DecryptFinal_ex(payload_, out + sealed.size(), &n) == 1;
  return opened ? Bytes(plain, sealed.size()) : Bytes{};
}

}  // namespace gander::protocol::quic
