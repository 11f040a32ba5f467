// SPDX-License-Identifier: Apache-2.0
// The bytes of one file of the cache: a header, the databases, a SHA-256 over all before it. Numbers are in
// the machine's own order: a database serves no other kind of processor either.
#ifndef GANDER_IDENTIFY_LITERAL_CACHE_FILE_H_
#define GANDER_IDENTIFY_LITERAL_CACHE_FILE_H_

#include <string>
#include <string_view>

#include "identify/literal_cache.h"

namespace gander::identify {

inline constexpr std::uint32_t kCacheVersion = 2;  // of this layout and of what the key covers

std::string EncodeCacheFile(const LiteralCache::Key& key, const LiteralCache::Entry& entry);
// Empty when `out` was filled, else what is wrong with the bytes.
std::string DecodeCacheFile(std::string_view bytes, const LiteralCache::Key& key, LiteralCache::Entry& out);

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_LITERAL_CACHE_FILE_H_
