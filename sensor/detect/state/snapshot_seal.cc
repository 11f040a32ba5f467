// SPDX-License-Identifier: Apache-2.0
// The sealed form of a snapshot.
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/snapshot_io.h"
#include "detect/state/snapshot_file.h"

namespace gander::detect {
namespace {

constexpr std::string_view kMagic = "GANDERST";
constexpr std::uint32_t kVersion = 2;
constexpr std::size_t kNonce = 12, kTag = 16, kHead = 8 + 4 + kNonce + 8;
constexpr std::size_t kPiece = std::size_t{64} << 20;  // OpenSSL counts in int

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* c) const noexcept { EVP_CIPHER_CTX_free(c); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* U8(std::string_view s) noexcept { return reinterpret_cast<const unsigned char*>(s.data()); }

// Encrypts or decrypts all of `in` behind `out`. False when OpenSSL refuses.
bool Run(EVP_CIPHER_CTX* c, std::string_view in, std::string& out) {
  while (!in.empty()) {
    const std::string_view piece = in.substr(0, kPiece);
    const std::size_t at = out.size();
    out.resize(at + piece.size());
    int n = 0;
    auto* to = reinterpret_cast<unsigned char*>(out.data() + at);
    if (EVP_CipherUpdate(c, to, &n, U8(piece), static_cast<int>(piece.size())) != 1) return false;
    out.resize(at + static_cast<std::size_t>(n));
    in.remove_prefix(piece.size());
  }
  return true;
}

Context Begin(const SnapshotKey& key, std::string_view head, bool encrypt) {
  Context c(EVP_CIPHER_CTX_new());
  int n = 0;
  const bool ok =
      c != nullptr &&
      EVP_CipherInit_ex(c.get(), EVP_aes_256_gcm(), nullptr, key.seal.data(), U8(head) + 12, encrypt) == 1 &&
      EVP_CipherUpdate(c.get(), nullptr, &n, U8(head), static_cast<int>(head.size())) == 1;
  return ok ? std::move(c) : nullptr;
}

std::string Sha256(std::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(U8(bytes), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

Failure Refuse(const std::string& path, std::string cause) {
  return Fail(path, 0, std::move(cause),
              "the run begins without it and replaces it; to look into it, move it away before the next start");
}

}  // namespace

SnapshotKey::~SnapshotKey() {
  OPENSSL_cleanse(seal.data(), seal.size());
  OPENSSL_cleanse(&tags, sizeof tags);
}

std::string SealSnapshot(const SnapshotKey& key, std::string_view state) {
  std::array<unsigned char, kNonce> nonce;
  if (RAND_bytes(nonce.data(), static_cast<int>(nonce.size())) != 1) return {};
  SnapshotWriter head;
  head.Raw(kMagic.data(), kMagic.size());
  head.U32(kVersion);
  head.Raw(nonce.data(), nonce.size());
  head.U64(state.size());
  std::string out = head.bytes();
  out.reserve(kHead + state.size() + kTag + SHA256_DIGEST_LENGTH);
  const Context c = Begin(key, head.bytes(), true);
  std::array<unsigned char, kTag> tag;
  int n = 0;
  if (c == nullptr || !Run(c.get(), state, out) || EVP_CipherFinal_ex(c.get(), tag.data(), &n) != 1 ||
      EVP_CIPHER_CTX_ctrl(c.get(), EVP_CTRL_GCM_GET_TAG, kTag, tag.data()) != 1) {
    return {};
  }
  out.append(reinterpret_cast<const char*>(tag.data()), tag.size());
  out += Sha256(out);
  return out;
}

Result<std::string> UnsealSnapshot(const std::string& path, const SnapshotKey& key, std::string_view file) {
  if (!file.starts_with(kMagic)) return Refuse(path, "is no snapshot of gander");
  if (file.size() < kHead + kTag + SHA256_DIGEST_LENGTH) return Refuse(path, "is cut short");
  const std::string_view head = file.substr(0, kHead);
  SnapshotReader in(AsBytes(head.substr(kMagic.size())));
  if (const std::uint32_t version = in.U32(); version != kVersion) {
    return Refuse(path, "is of snapshot version " + std::to_string(version) + ", and this gander reads version " +
                            std::to_string(kVersion));
  }
  const std::string_view body = file.substr(0, file.size() - SHA256_DIGEST_LENGTH);
  if (Sha256(body) != file.substr(body.size())) return Refuse(path, "is damaged: its checksum does not fit");
  const std::string_view sealed = body.substr(kHead, body.size() - kHead - kTag);
  std::array<unsigned char, kTag> tag;
  std::copy_n(U8(body) + body.size() - kTag, kTag, tag.data());
  const Context c = Begin(key, head, false);
  std::string state;
  std::array<unsigned char, 16> rest;
  int n = 0;
  state.reserve(sealed.size());
  if (c == nullptr || !Run(c.get(), sealed, state) ||
      EVP_CIPHER_CTX_ctrl(c.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) != 1 ||
      EVP_CipherFinal_ex(c.get(), rest.data(), &n) != 1) {
    OPENSSL_cleanse(state.data(), state.size());
    return Refuse(path, "was sealed with another key than that of detect.snapshot.key_file");
  }
  return state;
}

}  // namespace gander::detect
