// SPDX-License-Identifier: Apache-2.0
// Looks inside values of header fields, cookies and parameters: JSON behind base64, tokens among it ("Bearer eyJ...",
// RFC 6750 §2.1). They are complete when they come, and no bodies.
#ifndef GANDER_CONTENT_FIELD_READER_H_
#define GANDER_CONTENT_FIELD_READER_H_

#include "content/body_reader.h"
#include "content/layer.h"

namespace gander::content {

// One per worker, beside its BodyReaders and never within a call of theirs.
class FieldReader {
 public:
  // `counters` and `pool` outlive the reader.
  FieldReader(const Options& options, Counters& counters, DecoderPool& pool) noexcept;

  // Whether something may be inside. Costs a search for three letters.
  static bool HoldsMore(Bytes value) noexcept;
  // The value as it stands, and what is inside of it; as texts of this place and name. Fates are those of bytes that
  // the protocol has accounted already.
  void Read(const char* where, std::string_view name, Direction direction, Bytes value, TextSink& sink) noexcept;

 private:
  Options options_;
  Body body_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_FIELD_READER_H_
