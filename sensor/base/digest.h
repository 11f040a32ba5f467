// SPDX-License-Identifier: Apache-2.0
// Digests of short texts on the packet path, in the caller's memory.
#ifndef GANDER_BASE_DIGEST_H_
#define GANDER_BASE_DIGEST_H_

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace gander {

using Sha256Digest = std::array<std::uint8_t, 32>;
using Md5Digest = std::array<std::uint8_t, 16>;

Sha256Digest Sha256Of(Bytes bytes) noexcept;  // FIPS 180-4
Md5Digest Md5Of(Bytes bytes) noexcept;        // RFC 1321; names things, proves nothing

}  // namespace gander

#endif  // GANDER_BASE_DIGEST_H_
