// SPDX-License-Identifier: Apache-2.0
// How much a string can carry, whatever it says: the bound that a tunnel cannot get under.
#ifndef GANDER_DETECT_ACCOUNT_INFORMATION_H_
#define GANDER_DETECT_ACCOUNT_INFORMATION_H_

#include "base/bytes.h"

namespace gander::detect {

// Shannon entropy of the distribution of octets, in bits an octet, 0 to 8; 0 for none.
double EntropyOf(Bytes bytes) noexcept;
// The same as a share of what so few octets could show, times 8: random bytes read near 8 however short they are.
double ScaledEntropyOf(Bytes bytes) noexcept;
// Octets that the text can carry: letters x min(log2 of its alphabet, its entropy) / 8 (DETECTION.md §3, D09). The
// entropy of one text is never more than the logarithm of the alphabet seen in it, so that it alone decides.
double InformationOf(Bytes bytes) noexcept;

}  // namespace gander::detect

#endif  // GANDER_DETECT_ACCOUNT_INFORMATION_H_
