// SPDX-License-Identifier: Apache-2.0
// Header blocks of one direction (HPACK, RFC 7541). The decoding is libnghttp2's.
#ifndef GANDER_PROTOCOL_HTTP2_HEADER_DECODER_H_
#define GANDER_PROTOCOL_HTTP2_HEADER_DECODER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

struct nghttp2_hd_inflater;

namespace gander::protocol::http2 {

// Decoded fields. `lines` is "name: value\n" each, as HTTP/1 has them, without pseudo-header fields, whose values stand
// apart.
struct HeaderList {
  struct Field {
    std::uint32_t begin, name_length, value_length;  // in `text`, name and value behind each other
  };
  std::string text, lines;
  std::vector<Field> fields;
  std::string method, path, authority, status;
  bool cut = false;  // kMaxHeaderList was reached

  std::string_view name(const Field& f) const noexcept { return std::string_view(text).substr(f.begin, f.name_length); }
  std::string_view value(const Field& f) const noexcept {
    return std::string_view(text).substr(f.begin + f.name_length, f.value_length);
  }
  void Clear() noexcept;
};

class HeaderDecoder {
 public:
  // False when the block is corrupt or refers to what was not seen; no later block can be decoded then.
  bool Decode(Bytes block, HeaderList& out);
  // A block was missed: what follows may refer to it.
  void GiveUp() noexcept;
  bool blind() const noexcept { return blind_; }

 private:
  struct Deleter {
    void operator()(nghttp2_hd_inflater* inflater) const noexcept;
  };
  std::unique_ptr<nghttp2_hd_inflater, Deleter> inflater_;
  bool blind_ = false;
};

}  // namespace gander::protocol::http2

#endif  // GANDER_PROTOCOL_HTTP2_HEADER_DECODER_H_
