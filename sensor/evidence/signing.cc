// SPDX-License-Identifier: Apache-2.0
#include "evidence/signing.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/file.h"
#include "base/freed.h"

namespace gander::evidence {
namespace {

constexpr std::uint64_t kMostKeyBytes = 16 << 10;

using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using DigestPtr = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using BioPtr = std::unique_ptr<BIO, Freed<BIO_free_all>>;

Failure Wrong(const std::string& path, std::string cause, std::string remedy) {
  return Fail(path, 0, "evidence.key_file " + std::move(cause), std::move(remedy));
}

std::string TextOf(BIO* bio) {
  const char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(size)};
}

// Ed25519 or nothing.
bool RawOf(EVP_PKEY* key, PublicKey::Raw& raw) {
  std::size_t size = raw.size();
  return EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 && EVP_PKEY_get_raw_public_key(key, raw.data(), &size) == 1 &&
         size == raw.size();
}

KeyPtr MakeKey(int fd) {
  KeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (key == nullptr || bio == nullptr ||
      PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return nullptr;
  }
  std::string pem = TextOf(bio.get());
  const bool written = WriteAll(fd, pem) && ::fsync(fd) == 0;
  OPENSSL_cleanse(pem.data(), pem.size());
  return written ? std::move(key) : nullptr;
}

Result<KeyPtr> ReadKey(const std::string& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat info {};
  if (!file.is_open() || ::fstat(file.fd(), &info) != 0) {
    return Wrong(path, std::string("cannot be read: ") + std::strerror(errno), "let this user own it");
  }
  if (!S_ISREG(info.st_mode) || (info.st_mode & 077) != 0) {
    return Wrong(path, "may be read by others than its owner, or is no plain file", "chmod 600 " + path);
  }
  std::string pem;
  const auto size = static_cast<std::uint64_t>(info.st_size);
  KeyPtr key;
  if (size <= kMostKeyBytes && ReadAll(file.fd(), pem, size)) {
    const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (bio != nullptr) key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    OPENSSL_cleanse(pem.data(), pem.size());
  }
  ERR_clear_error();
  if (key == nullptr || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) {
    return Wrong(path, "holds no Ed25519 private key in PEM",
                 "make one: openssl genpkey -algorithm ed25519 -out " + path +
                     ", or remove the file to have one made");
  }
  return key;
}

}  // namespace

struct SigningKey::Key {
  KeyPtr key;
};

SigningKey::SigningKey(std::unique_ptr<Key> key, const PublicKey& public_key)
    : key_(std::move(key)), public_(public_key) {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

Result<SigningKey> SigningKey::Open(const std::string& path) {
  if (path.empty()) {
    return Wrong("", "is missing: evidence is signed or worth nothing",
                 "name a file in evidence.key_file; it is made where there is none");
  }
  File fresh(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  KeyPtr key;
  if (fresh.is_open()) {
    key = MakeKey(fresh.fd());
    if (key == nullptr) {
      const int error = errno;
      ::unlink(path.c_str());
      return Wrong(path, std::string("cannot be written: ") + std::strerror(error), "make room for it");
    }
  } else if (errno == EEXIST) {
    auto read = ReadKey(path);
    if (!read) return Failure(read.error());
    key = std::move(*read);
  } else {
    return Wrong(path, std::string("cannot be made: ") + std::strerror(errno),
                 "name a file in a folder that this user may write to");
  }
  PublicKey::Raw raw;
  if (!RawOf(key.get(), raw)) return Wrong(path, "is a key that cannot be used", "remove it to have one made");
  return SigningKey(std::make_unique<Key>(Key{std::move(key)}), PublicKey(raw));
}

bool SigningKey::Sign(std::string_view message, Signature& out) const {
  const DigestPtr context(EVP_MD_CTX_new());
  std::size_t size = out.size();
  return context != nullptr &&
         EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_->key.get()) == 1 &&
         EVP_DigestSign(context.get(), out.data(), &size, reinterpret_cast<const unsigned char*>(message.data()),
                        message.size()) == 1 &&
         size == out.size();
}

Result<PublicKey> PublicKey::Read(const std::string& path) {
  std::string pem;
  if (!ReadFile(path, pem, kMostKeyBytes)) {
    return Fail(path, 0, std::string("cannot be read: ") + std::strerror(errno),
                "name the sensor's public key; `gander evidence key` prints it");
  }
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const KeyPtr key(bio == nullptr ? nullptr : PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  Raw raw;
  if (key == nullptr || !RawOf(key.get(), raw)) {
    return Fail(path, 0, "holds no Ed25519 public key in PEM", "`gander evidence key` prints the sensor's");
  }
  return PublicKey(raw);
}

bool PublicKey::Verifies(std::string_view message, const Signature& signature) const {
  const KeyPtr key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw_.data(), raw_.size()));
  const DigestPtr context(EVP_MD_CTX_new());
  const bool good = key != nullptr && context != nullptr &&
                    EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
                    EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                                     reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
  ERR_clear_error();
  return good;
}

std::string PublicKey::ToPem() const {
  const KeyPtr key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw_.data(), raw_.size()));
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (key == nullptr || bio == nullptr || PEM_write_bio_PUBKEY(bio.get(), key.get()) != 1) return {};
  return TextOf(bio.get());
}

std::string ToBase64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int n = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(n));
  return out;
}

bool FromBase64(std::string_view text, std::string& out) {
  out.clear();
  if (text.size() % 4 != 0 || text.size() > (std::size_t{1} << 24)) return false;
  if (text.empty()) return true;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  out.resize(text.size() / 4 * 3);
  const int n = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (n < 0) return false;
  out.resize(static_cast<std::size_t>(n) - padding);
  return ToBase64(out) == text;  // OpenSSL lets white space and loose bits pass
}

}  // namespace gander::evidence
