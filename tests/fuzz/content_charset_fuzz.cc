// SPDX-License-Identifier: Apache-2.0
// A text in any character set, under any label, cut anyhow: what is said of it must not depend on the cuts. First byte:
// label; second: its media type, and size of the parts; the rest: text.
#include "content/charset/charset.h"
#include "content_file.h"

namespace {

using namespace gander;

constexpr const char* kTypes[] = {"text/plain", "text/html", "application/json", "application/x-www-form-urlencoded"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto charsets = content::Charsets();
  const std::size_t label = data[0] % (charsets.size() + 1);
  std::string type = kTypes[data[1] >> 6];
  if (label > 0) type += "; charset=" + std::string(charsets[label - 1].name);
  protocol::BodyMeta meta;
  meta.where = "http.request.body";
  meta.content_type = type;
  const std::size_t step = 1 + (data[1] & 0x3fu) * (data[1] & 0x3fu);
  content::ExpectTheSame(meta, Bytes(reinterpret_cast<const std::byte*>(data) + 2, size - 2), step);
  return 0;
}
