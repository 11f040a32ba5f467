// SPDX-License-Identifier: Apache-2.0
#include "protocol/http2/header_decoder.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>

#include "protocol/http2/http2.h"

namespace gander::protocol::http2 {
namespace {

std::string_view View(const std::uint8_t* p, std::size_t n) noexcept {
  return {reinterpret_cast<const char*>(p), n};
}

// A line end within a value would make two fields of it.
void AppendLine(std::string_view name, std::string_view value, std::string& lines) {
  lines.append(name).append(": ");
  const std::size_t begin = lines.size();
  lines.append(value);
  std::replace(lines.begin() + static_cast<std::ptrdiff_t>(begin), lines.end(), '\n', ' ');
  lines += '\n';
}

void Add(std::string_view name, std::string_view value, HeaderList& out) {
  if (out.text.size() + name.size() + value.size() > kMaxHeaderList) {
    out.cut = true;
    return;
  }
  if (out.fields.size() < kMaxLoggedHeaders) {
    out.fields.push_back({static_cast<std::uint32_t>(out.text.size()), static_cast<std::uint32_t>(name.size()),
                          static_cast<std::uint32_t>(value.size())});
  }
  out.text.append(name).append(value);
  if (!name.starts_with(':')) return AppendLine(name, value, out.lines);
  const auto set = [&](std::string_view wanted, std::string& slot) {
    if (name == wanted && slot.empty()) slot = value;
  };
  set(":method", out.method);
  set(":path", out.path);
  set(":authority", out.authority);
  set(":status", out.status);
}

}  // namespace

void HeaderList::Clear() noexcept {
  for (std::string* s : {&text, &lines, &method, &path, &authority, &status}) {
    if (s->capacity() > kKeptBuffer) std::string().swap(*s);
    s->clear();
  }
  fields.clear();
  cut = false;
}

void HeaderDecoder::Deleter::operator()(nghttp2_hd_inflater* inflater) const noexcept {
  nghttp2_hd_inflate_del(inflater);
}

void HeaderDecoder::GiveUp() noexcept {
  inflater_.reset();
  blind_ = true;
}

bool HeaderDecoder::Decode(Bytes block, HeaderList& out) {
  if (blind_) return false;
  if (inflater_ == nullptr) {
    nghttp2_hd_inflater* made = nullptr;
    if (nghttp2_hd_inflate_new(&made) != 0) return false;
    inflater_.reset(made);
    // What either side announced does not matter: the encoder says how much it uses.
    nghttp2_hd_inflate_change_table_size(inflater_.get(), kMaxTable);
  }
  const std::uint8_t* at = Octets(block);
  std::size_t left = block.size();
  for (;;) {
    nghttp2_nv field;
    int flags = 0;
    const ssize_t used = nghttp2_hd_inflate_hd2(inflater_.get(), &field, &flags, at, left, 1);
    if (used < 0) {
      GiveUp();
      return false;
    }
    at += used;
    left -= static_cast<std::size_t>(used);
    if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0) {
      Add(View(field.name, field.namelen), View(field.value, field.valuelen), out);
    }
    if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0) break;
    if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0 && left == 0) break;
  }
  nghttp2_hd_inflate_end_headers(inflater_.get());
  return true;
}

}  // namespace gander::protocol::http2
