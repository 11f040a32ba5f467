// SPDX-License-Identifier: Apache-2.0
// Names of content codings (RFC 9110 §8.4.1, the IANA registry, and what servers say besides), as content/ takes them
// off.
#ifndef GANDER_PROTOCOL_CONTENT_CODING_H_
#define GANDER_PROTOCOL_CONTENT_CODING_H_

#include <string_view>

namespace gander::protocol {

inline constexpr std::string_view kContentCodings[] = {
    "gzip",       "x-gzip", "deflate", "x-deflate", "br", "zstd", "compress",
    "x-compress", "bzip2",  "x-bzip2", "lzma",      "x-lzma", "xz", "x-xz", "lz4",
};

}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_CONTENT_CODING_H_
