// SPDX-License-Identifier: Apache-2.0
// Ed25519 signatures (RFC 8032, by OpenSSL) and the keys behind them. The private key is made on the sensor, lies in a
// file that only its owner may read, and never leaves; everybody may have the public one.
#ifndef GANDER_EVIDENCE_SIGNING_H_
#define GANDER_EVIDENCE_SIGNING_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gander::evidence {

using Signature = std::array<std::uint8_t, 64>;

class PublicKey {
 public:
  using Raw = std::array<std::uint8_t, 32>;

  explicit PublicKey(const Raw& raw) noexcept : raw_(raw) {}
  // PEM (SubjectPublicKeyInfo, as `openssl pkey -pubout` writes it).
  static Result<PublicKey> Read(const std::string& path);

  bool Verifies(std::string_view message, const Signature& signature) const;
  const Raw& raw() const noexcept { return raw_; }
  std::string ToPem() const;

 private:
  Raw raw_;
};

class SigningKey {
 public:
  // Reads the PEM file (PKCS #8), or makes a key where there is none. Errors: not to be read or made, readable for
  // others than its owner, no Ed25519 key.
  static Result<SigningKey> Open(const std::string& path);
  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;
  ~SigningKey();

  // False when OpenSSL refuses.
  bool Sign(std::string_view message, Signature& out) const;
  const PublicKey& public_key() const noexcept { return public_; }

 private:
  struct Key;
  SigningKey(std::unique_ptr<Key> key, const PublicKey& public_key);
  std::unique_ptr<Key> key_;
  PublicKey public_;
};

std::string ToBase64(std::string_view bytes);
// False for what is no base64 (RFC 4648 §4, padded).
bool FromBase64(std::string_view text, std::string& out);

}  // namespace gander::evidence

#endif  // GANDER_EVIDENCE_SIGNING_H_
