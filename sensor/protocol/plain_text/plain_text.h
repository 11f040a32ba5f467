// SPDX-License-Identifier: Apache-2.0
// The fallback for payload of unknown protocols: what reads as text is scanned, the rest is counted as
// opaque.
#ifndef GANDER_PROTOCOL_PLAIN_TEXT_PLAIN_TEXT_H_
#define GANDER_PROTOCOL_PLAIN_TEXT_PLAIN_TEXT_H_

#include "protocol/plain_text/binary_run.h"
#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kPlainText;

// With so many bytes, a text without control characters is no accident even if every byte is above 0x7f.
inline constexpr std::size_t kEnoughToJudge = 64;

// Whether `payload` reads as text: ASCII, UTF-8, UTF-16, an older 8-bit or double-byte charset, or binary
// framing around mostly readable strings. Looks at no more than 768 bytes (start, middle, end).
bool ReadsAsText(Bytes payload) noexcept;

// The same behind `run`. In a long one, what a glance at 192 bytes finds no text in is not looked at.
bool ReadsAsText(Bytes payload, const BinaryRun& run) noexcept;

// Whether `payload` can hardly be anything but ASCII or UTF-8 text: what clear text in an encrypted flow must show.
// Fewer than 16 bytes never do.
bool IsPlainlyText(Bytes payload) noexcept;

}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_PLAIN_TEXT_PLAIN_TEXT_H_
