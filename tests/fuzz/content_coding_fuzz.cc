// SPDX-License-Identifier: Apache-2.0
// Compressed bodies, damaged anyhow and cut anyhow. First byte: the label, none and an unknown one among them; second:
// size of the parts, 0 = all at once; the rest: the body. What is said of it must not depend on how it came.
#include "content_file.h"
#include "protocol/content_coding.h"

using namespace gander;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  constexpr std::size_t kKnown = std::size(protocol::kContentCodings);
  const std::size_t label = data[0] % (kKnown + 2);
  protocol::BodyMeta meta;
  meta.where = "http.request.body";
  if (label < kKnown) meta.content_encoding = protocol::kContentCodings[label];
  if (label == kKnown) meta.content_encoding = "unheard-of";
  const Bytes body(reinterpret_cast<const std::byte*>(data) + 2, size - 2);
  content::ExpectTheSame(meta, body, data[1]);
  return 0;
}
