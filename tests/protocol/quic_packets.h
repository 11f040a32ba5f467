// SPDX-License-Identifier: Apache-2.0
// Makes QUIC packets under keys taken from the RFCs' examples, so that what derives keys is held against those.
#ifndef GANDER_TESTS_PROTOCOL_QUIC_PACKETS_H_
#define GANDER_TESTS_PROTOCOL_QUIC_PACKETS_H_

#include <openssl/evp.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace gander::protocol::testing {

inline std::string Unhex(std::string_view hex) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) out += static_cast<char>(value(hex[i]) << 4 | value(hex[i + 1]));
  return out;
}

struct QuicKeys {
  std::string key, iv, header;
};
// Of connection id 8394c8f03e515708: RFC 9001 appendix A.1, RFC 9369 appendix A.1.
inline const std::string kExampleId = Unhex("8394c8f03e515708");
inline const QuicKeys kV1Client = {Unhex("1f369613dd76d5467730efcbe3b1a22d"), Unhex("fa044b2f42a3fd3b46fb255c"),
                                   Unhex("9f50449e04a0e810283a1e9933adedd2")};
inline const QuicKeys kV1Server = {Unhex("cf3a5331653c364c88f0f379b6067e37"), Unhex("0ac1493ca1905853b0bba03e"),
                                   Unhex("c206b8d9b9f0f37644430b490eeaa314")};
// Of another id, by HKDF (RFC 5869) from the salt of RFC 9001 section 5.2; only a client sends under it.
inline const std::string kOtherId = Unhex("0011223344556677");
inline const QuicKeys kV1OtherClient = {Unhex("b74c4202c9f4550c9e098bfb8132fca4"), Unhex("31df88c5d22902468fb0d048"),
                                        Unhex("46340d5bfb9454980abb8400d05475c0")};
inline const QuicKeys kV2Client = {Unhex("8b1a0bc121284290a29e0971b5cd045d"), Unhex("91f73e2351d8fa91660e909f"),
                                   Unhex("45b95e15235d6f45a6b19cbcb0294ba9")};
inline const QuicKeys kV2Server = {Unhex("82db637861d55e1d011f19ea71d5d2a7"), Unhex("dd13c276499c0249d3310652"),
                                   Unhex("edf6d05c83121201b436e16877593c3a")};

inline std::string Varint(std::size_t value) {
  return {static_cast<char>(0x80 | value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}
inline std::string Crypto(std::size_t offset, std::string_view data) {
  return "\x06" + Varint(offset) + Varint(data.size()) + std::string(data);
}
inline std::string Short(std::string_view id) { return static_cast<char>(id.size()) + std::string(id); }
inline std::string LongHeader(unsigned first, std::uint32_t version, std::string_view destination,
                              std::string_view source) {
  std::string out(1, static_cast<char>(first));
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(version >> shift);
  return out + Short(destination) + Short(source);
}

// An Initial packet with a two-byte packet number.
inline std::string SealInitial(const QuicKeys& keys, std::uint32_t version, std::string_view destination,
                               std::string_view source, unsigned number, std::string frames) {
  if (frames.size() < 4) frames.resize(4);
  const bool v2 = version == 0x6b3343cf;
  std::string header = LongHeader(v2 ? 0xd1 : 0xc1, version, destination, source) + std::string(1, '\0') +
                       Varint(2 + frames.size() + 16);
  const std::size_t at = header.size();
  header += {static_cast<char>(number >> 8), static_cast<char>(number)};
  std::string nonce = keys.iv;
  nonce[10] = static_cast<char>(nonce[10] ^ number >> 8);
  nonce[11] = static_cast<char>(nonce[11] ^ number);
  const auto octets = [](std::string& s) { return reinterpret_cast<unsigned char*>(s.data()); };
  const auto view = [](const std::string& s) { return reinterpret_cast<const unsigned char*>(s.data()); };
  int n = 0;
  std::string sealed(frames.size() + 16, '\0');
  EVP_CIPHER_CTX* gcm = EVP_CIPHER_CTX_new();
  EVP_EncryptInit_ex2(gcm, EVP_aes_128_gcm(), view(keys.key), view(nonce), nullptr);
  EVP_EncryptUpdate(gcm, nullptr, &n, view(header), static_cast<int>(header.size()));
  EVP_EncryptUpdate(gcm, octets(sealed), &n, view(frames), static_cast<int>(frames.size()));
  EVP_EncryptFinal_ex(gcm, octets(sealed), &n);
  EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_GET_TAG, 16, octets(sealed) + frames.size());
  EVP_CIPHER_CTX_free(gcm);
  std::string packet = header + sealed;
  std::string mask(32, '\0');
  EVP_CIPHER_CTX* ecb = EVP_CIPHER_CTX_new();
  EVP_EncryptInit_ex2(ecb, EVP_aes_128_ecb(), view(keys.header), nullptr, nullptr);
  EVP_EncryptUpdate(ecb, octets(mask), &n, view(packet) + at + 4, 16);
  EVP_CIPHER_CTX_free(ecb);
  packet[0] = static_cast<char>(packet[0] ^ (mask[0] & 0x0f));
  for (std::size_t i = 0; i < 2; ++i) packet[at + i] = static_cast<char>(packet[at + i] ^ mask[1 + i]);
  return packet;
}

}  // namespace gander::protocol::testing

#endif  // GANDER_TESTS_PROTOCOL_QUIC_PACKETS_H_
