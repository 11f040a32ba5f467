// SPDX-License-Identifier: Apache-2.0
#include "detect/fleet/fleet_key.h"

#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "base/file.h"
#include "base/format.h"
#include "base/freed.h"

namespace gander::detect {
namespace {

constexpr std::string_view kFirstLine = "gander-fleet-key-1", kTags = "tags ", kEpoch = "epoch ";
constexpr std::size_t kMostFleetFile = 4096;
constexpr std::int64_t kDayNanos = 86'400 * kNanosPerSecond;
constexpr std::int64_t kLastEpoch = 1'000'000;  // beyond any date that packet time can hold

Failure Wrong(const std::string& path, std::string cause, std::string remedy) {
  return Fail(path, 0, "fleet.key_file " + std::move(cause), std::move(remedy));
}
constexpr const char* kMakeOne =
    "make one with `gander fleet key FILE` and bring the same file to every sensor of the fleet";

// RFC 5869 in one go. Length of `out` at most 255 * 32.
void Hkdf(std::span<const std::uint8_t> secret, std::string_view salt, std::string_view info,
          std::span<std::uint8_t> out) {
  using Kdf = std::unique_ptr<EVP_KDF, Freed<EVP_KDF_free>>;
  using KdfContext = std::unique_ptr<EVP_KDF_CTX, Freed<EVP_KDF_CTX_free>>;
  const Kdf kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const KdfContext context(EVP_KDF_CTX_new(kdf.get()));
  const auto octets = [](const void* p, std::size_t n, const char* name) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<void*>(p), n);
  };
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                               octets(secret.data(), secret.size(), OSSL_KDF_PARAM_KEY),
                               octets(salt.data(), salt.size(), OSSL_KDF_PARAM_SALT),
                               octets(info.data(), info.size(), OSSL_KDF_PARAM_INFO), OSSL_PARAM_construct_end()};
  // Without SHA-256 nothing of Gander works; a key of zeros must not pass for one.
  if (context == nullptr || EVP_KDF_derive(context.get(), out.data(), out.size(), params) != 1) std::abort();
}

HashKey HashKeyOf(std::span<const std::uint8_t> bytes) noexcept {
  HashKey key;
  std::memcpy(&key.k0, bytes.data(), 8);
  std::memcpy(&key.k1, bytes.data() + 8, 8);
  return key;
}

int HexOf(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool ReadSecret(std::string_view hex, std::array<std::uint8_t, FleetKey::kSecretBytes>& out) noexcept {
  if (hex.size() != 2 * out.size()) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = HexOf(hex[2 * i]), low = HexOf(hex[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

// Empty when there is no randomness.
std::string FreshSecret() {
  std::array<std::uint8_t, FleetKey::kSecretBytes> random;
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) return {};
  std::string hex(2 * random.size(), '\0');
  WriteHex(random.data(), random.size(), hex.data());
  OPENSSL_cleanse(random.data(), random.size());
  return hex;
}

Result<std::string> ReadPrivate(const std::string& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat info {};
  if (!file.is_open() || ::fstat(file.fd(), &info) != 0) {
    return Wrong(path, std::string("cannot be read: ") + std::strerror(errno),
                 errno == ENOENT ? kMakeOne : "let this user own it");
  }
  if (!S_ISREG(info.st_mode) || (info.st_mode & 077) != 0) {
    return Wrong(path, "may be read by others than its owner, or is no plain file", "chmod 600 " + path);
  }
  std::string text;
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (size > kMostFleetFile || !ReadAll(file.fd(), text, size)) return Wrong(path, "holds no fleet key", kMakeOne);
  return text;
}

}  // namespace

FleetKey::~FleetKey() {
  OPENSSL_cleanse(tags_.data(), tags_.size());
  OPENSSL_cleanse(generations_.data(), sizeof generations_);
}

Result<std::unique_ptr<FleetKey>> FleetKey::Open(const std::string& path, std::uint32_t epoch_days) {
  auto text = ReadPrivate(path);
  if (!text) return Failure(text.error());
  auto key = Parse(path, *text, epoch_days);
  OPENSSL_cleanse(text->data(), text->size());
  return key;
}

Result<std::unique_ptr<FleetKey>> FleetKey::Parse(const std::string& path, std::string_view text,
                                                  std::uint32_t epoch_days) {
  std::unique_ptr<FleetKey> key(new FleetKey);
  key->epoch_days_ = epoch_days;
  int line_number = 0;
  const auto wrong = [&](const char* cause) {
    return Fail(path, line_number, std::string("fleet.key_file ") + cause, kMakeOne);
  };
  while (!text.empty()) {
    ++line_number;
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return wrong("ends within a line");
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line_number == 1) {
      if (line != kFirstLine) return wrong("holds no fleet key");
    } else if (line_number == 2) {
      if (!line.starts_with(kTags) || !ReadSecret(line.substr(kTags.size()), key->tags_)) {
        return wrong("holds no key of tags: `tags` and 64 hexadecimal digits are expected");
      }
    } else {
      if (key->count_ == kMostGenerations) return wrong("has more than 16 generations");
      Generation& g = key->generations_[key->count_];
      if (!line.starts_with(kEpoch)) return wrong("has a line that begins with neither `tags` nor `epoch`");
      line.remove_prefix(kEpoch.size());
      const auto [stop, error] = std::from_chars(line.data(), line.data() + line.size(), g.from);
      if (error != std::errc() || g.from < 0 || g.from > kLastEpoch || stop == line.data() + line.size() ||
          *stop != ' ' || !ReadSecret(line.substr(static_cast<std::size_t>(stop - line.data()) + 1), g.secret)) {
        return wrong("has a bad generation: `epoch`, its number and 64 hexadecimal digits are expected");
      }
      if (key->count_ > 0 && g.from <= key->generations_[key->count_ - 1].from) {
        return wrong("has generations whose epochs do not rise");
      }
      ++key->count_;
    }
  }
  if (key->count_ == 0) return wrong("holds no generation: a line of `epoch 0` and 64 hexadecimal digits is expected");
  return key;
}

Result<bool> FleetKey::Make(const std::string& path) {
  File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.is_open()) {
    return Wrong(path, std::string("cannot be made: ") + std::strerror(errno),
                 errno == EEXIST ? "a key is never written over: name another file"
                                 : "name a file in a folder that this user may write to");
  }
  const std::string tags = FreshSecret(), first = FreshSecret();
  std::string text = std::string(kFirstLine) + "\n" + std::string(kTags) + tags + "\n" + std::string(kEpoch) + "0 " +
                     first + "\n";
  const bool good = !tags.empty() && !first.empty() && WriteAll(file.fd(), text) && ::fsync(file.fd()) == 0;
  OPENSSL_cleanse(text.data(), text.size());
  if (good) return true;
  ::unlink(path.c_str());
  return Wrong(path, std::string("cannot be written: ") + std::strerror(errno), "make room for it");
}

Result<bool> FleetKey::AddGeneration(const std::string& path, std::int64_t epoch) {
  auto text = ReadPrivate(path);
  if (!text) return Failure(text.error());
  *text += std::string(kEpoch) + std::to_string(epoch) + " " + FreshSecret() + "\n";
  const auto parsed = Parse(path, *text, 1);
  const bool written = parsed && ReplaceFile(path, *text);
  OPENSSL_cleanse(text->data(), text->size());
  if (!parsed) return Failure(parsed.error());
  if (written) return true;
  return Wrong(path, std::string("cannot be written: ") + std::strerror(errno), "make room for it");
}

HashKey FleetKey::TagKey() const {
  std::array<std::uint8_t, 16> out;
  Hkdf(tags_, "gander-fleet-key-1", "tags", out);
  return HashKeyOf(out);
}

std::int64_t FleetKey::EpochOf(Timestamp t) const noexcept {
  const std::int64_t length = kDayNanos * epoch_days_;
  return t.ns >= 0 ? t.ns / length : (t.ns - length + 1) / length;
}

FleetEpoch FleetKey::At(std::int64_t epoch) const {
  std::size_t g = 0;
  while (g + 1 < count_ && generations_[g + 1].from <= epoch) ++g;
  const std::string info = "epoch " + std::to_string(epoch) + " of " + std::to_string(epoch_days_) + " days";
  std::array<std::uint8_t, 36> out;
  Hkdf(generations_[g].secret, "gander-fleet-key-1", info, out);
  FleetEpoch made;
  made.number = epoch;
  made.people = HashKeyOf(std::span(out).subspan(0, 16));
  made.senders = HashKeyOf(std::span(out).subspan(16, 16));
  WriteHex(out.data() + 32, 4, made.id.data());
  OPENSSL_cleanse(out.data(), out.size());
  return made;
}

}  // namespace gander::detect
