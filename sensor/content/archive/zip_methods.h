// SPDX-License-Identifier: Apache-2.0
// How members of ZIP archives are packed (APPNOTE.TXT 4.4.5).
#ifndef GANDER_CONTENT_ZIP_METHODS_H_
#define GANDER_CONTENT_ZIP_METHODS_H_

#include <cstdint>

#include "content/archive/zip_entry.h"
#include "content/coding/coding.h"

namespace gander::content {

inline constexpr std::uint16_t kZipStored = 0;

// The decoder of a member, not open yet; null where there is none.
CodingLayer* TakeZipDecoder(DecoderPool& pool, const ZipEntry& entry) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_ZIP_METHODS_H_
