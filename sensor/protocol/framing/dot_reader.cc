// SPDX-License-Identifier: Apache-2.0
#include "protocol/framing/dot_reader.h"

#include <cstring>

namespace gander::protocol::framing {
namespace {

constexpr std::string_view kCr = "\r";

}  // namespace

Bytes DotReader::Next(Bytes& in) noexcept {
  const std::string_view text = AsText(in);
  std::size_t i = 0;
  while (i < text.size()) {
    switch (at_) {
      case At::kLineStart:
        if (text[i] != '.') {
          at_ = At::kInLine;
          break;
        }
        at_ = At::kDot;
        if (i > 0) {
          const Bytes out = TakeFront(in, i);
          in = in.subspan(1);
          return out;
        }
        in = in.subspan(1);
        return Next(in);
      case At::kInLine: {
        const void* const found = std::memchr(text.data() + i, '\n', text.size() - i);
        if (found == nullptr) return TakeFront(in, text.size());
        i = static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) + 1;
        at_ = At::kLineStart;
        break;
      }
      case At::kDot:  // the dot itself is gone
        if (text[i] == '\r') {
          at_ = At::kDotCr;
          in = in.subspan(1);
          return Next(in);
        }
        if (text[i] == '\n' && bare_lf_) {
          at_ = At::kDone;
          in = in.subspan(1);
          return {};
        }
        at_ = At::kInLine;
        break;
      case At::kDotCr:
        if (text[i] == '\n') {
          at_ = At::kDone;
          in = in.subspan(1);
          return {};
        }
        at_ = At::kInLine;
        return AsBytes(kCr);
      case At::kDone:
        return {};
    }
  }
  return TakeFront(in, text.size());
}

}  // namespace gander::protocol::framing
