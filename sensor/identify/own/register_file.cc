// SPDX-License-Identifier: Apache-2.0
#include "identify/own/register_file.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace gander::identify {
namespace {

constexpr char kMagic[8] = {'G', 'A', 'N', 'D', 'R', 'E', 'G', '\n'};
constexpr std::uint32_t kVersion = 2;  // 1 had no outline
constexpr std::size_t kHeader = 96, kChecksumAt = 64, kChecksum = 32, kPartBytes = 16;
constexpr std::uint64_t kMaxFile = 1ULL << 32;  // a register of 900 million values

static_assert(kMinRegistered >= ValueOutline::kMinLength);

const char kMakeAgain[] = "make it again with `gander register hash`";

template <class T>
void Put(std::vector<std::uint8_t>& out, std::size_t at, T value) {
  std::memcpy(out.data() + at, &value, sizeof value);
}
template <class T>
T Get(std::span<const std::uint8_t> in, std::size_t at) {
  T value;
  std::memcpy(&value, in.data() + at, sizeof value);
  return value;
}

// Over everything but the place where it stands.
void Digest(std::span<const std::uint8_t> bytes, unsigned char (&out)[kChecksum]) {
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
  EVP_DigestUpdate(context, bytes.data(), kChecksumAt);
  EVP_DigestUpdate(context, bytes.data() + kHeader, bytes.size() - kHeader);
  EVP_DigestFinal_ex(context, out, nullptr);
  EVP_MD_CTX_free(context);
}

std::string Hex(std::span<const unsigned char> bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string hex;
  for (const unsigned char b : bytes) {
    hex += kHex[b >> 4];
    hex += kHex[b & 15];
  }
  return hex;
}

double DensityOf(const Register::Draft& draft) {
  double densest = 0;
  for (int length = 1; length < 64; ++length) {
    const auto n = static_cast<double>(draft.numbers_of_length[length]);
    densest = std::max(densest, n / std::pow(10.0, length));
  }
  return std::min(densest, 1.0);
}

}  // namespace

void Register::Draft::Enter(std::string_view value) {
  tags.push_back(RegisterTag(key, value));
  outline.Add(value);
  if (value.size() < std::size(numbers_of_length) && ValueOutline::KindOf(value) == ValueOutline::Kind::kDigits)
    ++numbers_of_length[value.size()];
}

Register Register::Make(Draft draft) {
  Register r;
  r.form_ = draft.form;
  r.width_ = draft.width;
  r.key_ = draft.key;
  r.outline_ = draft.outline;
  r.density_ = DensityOf(draft);
  r.filter_ = FuseFilter::Build(draft.tags, draft.width);
  r.values_ = draft.tags.size();
  return r;
}

std::vector<std::uint8_t> Register::Serialise() const {
  const std::vector<std::uint8_t> parts = filter_.Describe();
  const std::span<const std::uint8_t> table = filter_.table();
  std::vector<std::uint8_t> out(kHeader);
  out.reserve(kHeader + ValueOutline::kBytes + parts.size() + table.size());
  std::memcpy(out.data(), kMagic, sizeof kMagic);
  Put(out, 8, kVersion);
  out[12] = static_cast<std::uint8_t>(form_);
  out[13] = static_cast<std::uint8_t>(width_);
  Put(out, 16, values_);
  Put(out, 24, KeyId(key_));
  Put(out, 32, std::uint64_t{ValueOutline::kBytes});
  Put(out, 40, density_);
  Put(out, 48, std::uint64_t{parts.size() / kPartBytes});
  Put(out, 56, std::uint64_t{table.size()});
  outline_.AppendTo(out);
  out.insert(out.end(), parts.begin(), parts.end());
  out.insert(out.end(), table.begin(), table.end());
  unsigned char digest[kChecksum];
  Digest(out, digest);
  std::memcpy(out.data() + kChecksumAt, digest, sizeof digest);
  return out;
}

Result<Register> Register::Parse(std::span<const std::uint8_t> bytes, const HashKey& key, const std::string& file) {
  const auto refuse = [&](const std::string& cause, const std::string& remedy) { return Fail(file, 0, cause, remedy); };
  if (bytes.size() < sizeof kMagic || std::memcmp(bytes.data(), kMagic, sizeof kMagic) != 0)
    return refuse("this is no register", kMakeAgain);
  if (bytes.size() < kHeader) return refuse("the register is cut short", kMakeAgain);
  if (const auto version = Get<std::uint32_t>(bytes, 8); version != kVersion) {
    return refuse("a register of version " + std::to_string(version) + "; this Gander reads version " +
                      std::to_string(kVersion), kMakeAgain);
  }
  if (Get<std::uint64_t>(bytes, 24) != KeyId(key)) {
    return refuse("the register was hashed with another key",
                  "name the key that it was made with, or hash it again with this one");
  }
  const auto parts = Get<std::uint64_t>(bytes, 48), table = Get<std::uint64_t>(bytes, 56);
  const auto outline = Get<std::uint64_t>(bytes, 32);
  if (outline != ValueOutline::kBytes || parts == 0 || parts > FuseFilter::kMaxParts || table > kMaxFile)
    return refuse("the register's header is damaged", kMakeAgain);
  const std::uint64_t size = kHeader + outline + parts * kPartBytes + table;
  if (bytes.size() < size) return refuse("the register is cut short", kMakeAgain);
  if (bytes.size() > size) return refuse("the register has bytes behind its end", kMakeAgain);
  unsigned char digest[kChecksum];
  Digest(bytes, digest);
  if (std::memcmp(digest, bytes.data() + kChecksumAt, kChecksum) != 0)
    return refuse("the register is damaged: its checksum does not fit", kMakeAgain);

  Register r;
  r.checksum_ = Hex(digest);
  r.key_ = key;
  r.form_ = static_cast<RegisterForm>(bytes[12]);
  r.width_ = bytes[13];
  r.values_ = Get<std::uint64_t>(bytes, 16);
  r.outline_ = ValueOutline(key);
  r.outline_.Load(bytes.subspan(kHeader, outline));
  r.density_ = Get<double>(bytes, 40);
  std::string why;
  if (bytes[12] > static_cast<std::uint8_t>(RegisterForm::kNone)) why = "its form is none that is known";
  if (!(r.density_ >= 0 && r.density_ <= 1)) why = "its density is no share";
  const auto description = bytes.subspan(kHeader + outline, parts * kPartBytes);
  const auto values = bytes.subspan(kHeader + outline + parts * kPartBytes);
  if (!why.empty() || !FuseFilter::Load(description, values, r.width_, r.filter_, why))
    return refuse("the register is damaged: " + why, kMakeAgain);
  return r;
}

Result<Register> Register::Read(const std::string& file, const HashKey& key) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return Fail(file, 0, std::string("the register cannot be read: ") + std::strerror(errno),
                "check the path and who may read it");
  }
  struct stat status{};
  std::vector<std::uint8_t> bytes;
  const bool fits = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size >= 0 &&
                    static_cast<std::uint64_t>(status.st_size) <= kMaxFile;
  std::size_t done = 0;
  if (fits) bytes.resize(static_cast<std::size_t>(status.st_size));
  while (fits && done < bytes.size()) {
    const ssize_t n = read(fd, bytes.data() + done, bytes.size() - done);
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  close(fd);
  if (!fits) return Fail(file, 0, "this is no register: no plain file of at most 4 GiB", kMakeAgain);
  bytes.resize(done);
  return Parse(bytes, key, file);
}

bool Register::Holds(std::string_view text) const noexcept {
  char form[kMaxRegistered + 16];
  const std::size_t n = FormOf(text, form_, form);
  if (n == 0 || !outline_.MayHold({form, n})) return false;
  return HoldsTag(RegisterTag(key_, {form, n}));
}

double Register::error_rate() const noexcept { return std::ldexp(1.0, -8 * static_cast<int>(width_)); }

}  // namespace gander::identify
