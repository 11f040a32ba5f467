// SPDX-License-Identifier: Apache-2.0
#include "identify/literal_cache_file.h"

#include <openssl/evp.h>

#include <cstring>

namespace gander::identify {
namespace {

struct Header {
  char magic[8];
  std::uint32_t version;
  std::uint32_t variant;
  double generic_rate, native_rate, filter_rate;
  unsigned char key[32];
  std::uint32_t filter, blobs;
};
static_assert(sizeof(Header) == 80);
constexpr char kMagic[8] = {'G', 'A', 'N', 'D', 'E', 'R', 'H', 'S'};

template <class T>
void Append(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
bool Take(std::string_view& bytes, T& value) {
  if (bytes.size() < sizeof value) return false;
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return true;
}

}  // namespace

LiteralCache::Key LiteralCache::KeyOf(std::string_view material) {
  Key key{};
  EVP_Digest(material.data(), material.size(), key.data(), nullptr, EVP_sha256(), nullptr);
  return key;
}

std::string EncodeCacheFile(const LiteralCache::Key& key, const LiteralCache::Entry& entry) {
  Header header{};
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  header.version = kCacheVersion;
  header.variant = static_cast<std::uint32_t>(entry.variant);
  header.generic_rate = entry.generic_rate;
  header.native_rate = entry.native_rate;
  header.filter_rate = entry.filter_rate;
  header.filter = entry.filter ? 1 : 0;
  std::memcpy(header.key, key.data(), key.size());
  header.blobs = static_cast<std::uint32_t>(entry.blobs.size());
  std::string out;
  Append(out, header);
  for (const std::string& blob : entry.blobs) {
    Append(out, static_cast<std::uint64_t>(blob.size()));
    out += blob;
  }
  Append(out, LiteralCache::KeyOf(out));
  return out;
}

std::string DecodeCacheFile(std::string_view bytes, const LiteralCache::Key& key, LiteralCache::Entry& out) {
  LiteralCache::Key digest{};
  if (bytes.size() < sizeof(Header) + digest.size()) return "it is too short";
  std::string_view trailer = bytes.substr(bytes.size() - digest.size());
  bytes.remove_suffix(digest.size());
  (void)Take(trailer, digest);
  if (digest != LiteralCache::KeyOf(bytes)) return "its digest is wrong";
  Header header;
  (void)Take(bytes, header);
  if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0 || header.version != kCacheVersion)
    return "it has another format";
  if (std::memcmp(header.key, key.data(), key.size()) != 0) return "it holds other rules than its name says";
  if (header.variant > static_cast<std::uint32_t>(Variant::kNative) || header.filter > 1 ||
      header.blobs > LiteralCache::kMaxBlobs)
    return "its header is out of range";
  LiteralCache::Entry entry;
  entry.variant = static_cast<Variant>(header.variant);
  entry.generic_rate = header.generic_rate;
  entry.native_rate = header.native_rate;
  entry.filter_rate = header.filter_rate;
  entry.filter = header.filter != 0;
  for (std::uint32_t i = 0; i < header.blobs; ++i) {
    std::uint64_t size = 0;
    if (!Take(bytes, size) || size > bytes.size()) return "it ends within a database";
    entry.blobs.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  if (!bytes.empty()) return "it has bytes behind its last database";
  out = std::move(entry);
  return {};
}

}  // namespace gander::identify
