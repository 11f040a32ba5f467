// SPDX-License-Identifier: Apache-2.0
// The doorway of content/: decoded text with its provenance, and facts about files.
#ifndef GANDER_CONTENT_TEXT_PIECE_H_
#define GANDER_CONTENT_TEXT_PIECE_H_

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/ledger.h"
#include "base/net.h"
#include "protocol/parser.h"

namespace gander::content {

// A stretch of one text. Pieces of a text follow each other without holes unless `first` is set again.
struct TextPiece {
  Bytes text;
  std::uint64_t offset = 0;  // of text[0] within this text
  std::string_view path;     // "http.response.body > gzip > text/csv"
  std::string_view name;     // header, parameter or file name that gives context; may be empty
  Direction direction = Direction::kToServer;
  bool first = true;  // nothing is carried over from the piece before
  bool last = true;   // nothing follows
};

// One file, when its last byte was seen or given up.
struct FileFacts {
  std::string_view name;
  std::string_view path;   // wrapping path
  std::string_view magic;  // short: "gzip", "zip", "pdf", "png", "text"; empty = unknown
  std::uint64_t size = 0;  // bytes after transfer and content codings
  bool encrypted = false;  // not looked into: a password or a key is wanted; `size` is what its container declares
  Bytes bytes;             // the file, where Options::keep_file asks for it and it was held whole; else empty
  protocol::BodyRange range;  // of a stretch that is reported apart from the whole
  bool has_sha256 = false, has_md5 = false;
  std::uint8_t sha256[32], md5[16];
  protocol::BodyEnd end = protocol::BodyEnd::kComplete;
  Direction direction = Direction::kToServer;
  std::uint32_t tx_id = 0;
};

class TextSink {
 public:
  virtual ~TextSink() = default;
  virtual void OnText(const TextPiece& piece) noexcept = 0;
  virtual void OnFile(const FileFacts& file) noexcept = 0;
  // Wire bytes of the body part at hand that were not inspected. What is not named was.
  virtual void OnFate(ByteFate fate, std::uint64_t bytes) noexcept = 0;
  virtual void OnAnomaly(const char* name) noexcept = 0;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_TEXT_PIECE_H_
