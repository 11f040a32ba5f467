// SPDX-License-Identifier: Apache-2.0
#include "content/field_reader.h"

#include <algorithm>

#include "content/decoder_pool.h"
#include "content/open.h"

namespace gander::content {

FieldReader::FieldReader(const Options& options, Counters& counters, DecoderPool& pool) noexcept : options_(options) {
  options_.max_ratio = std::max(options.max_ratio, 1u);
  body_.options = &options_;
  body_.counters = &counters;
  body_.pool = &pool;
}

// What JSON's '{"' is in base64: "eyJ". Its last letter is the rarest in names and addresses.
bool FieldReader::HoldsMore(Bytes value) noexcept {
  const std::string_view text = AsText(value);
  for (std::size_t at = text.find('J'); at != std::string_view::npos; at = text.find('J', at + 1)) {
    if (text.substr(0, at).ends_with("ey")) return true;
  }
  return false;
}

void FieldReader::Read(const char* where, std::string_view name, Direction direction, Bytes value,
                       TextSink& sink) noexcept {
  body_.sink = &sink;
  body_.direction = direction;
  body_.wire = value.size();
  body_.output = body_.awaited = 0;
  body_.pool->burst.Grant(value.size() * BurstBudget::kPerByte);
  body_.parts = body_.files = 0;
  body_.capped = body_.told_depth = body_.told_parts = body_.told_files = false;
  body_.late = {};
  body_.path.Begin(where);
  const LayerPtr text = OpenEmbeddedValues(body_, true, false, name);
  text->Feed(value);
  text->End(protocol::BodyEnd::kComplete);
}

}  // namespace gander::content
