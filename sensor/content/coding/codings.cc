// SPDX-License-Identifier: Apache-2.0
#include "content/coding/codings.h"

#include <algorithm>
#include <span>

#include "content/coding/brotli.h"
#include "content/coding/bzip2.h"
#include "content/coding/compress.h"
#include "content/coding/inflate.h"
#include "content/coding/lz4.h"
#include "content/coding/lzma.h"
#include "content/coding/unknown_coding.h"
#include "content/coding/xz.h"
#include "content/coding/zstd.h"
#include "content/decoder_pool.h"
#include "content/open.h"
#include "content/sniff.h"
#include "protocol/mime/header_value.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::content {
namespace {

using protocol::mime::EqualsIgnoreCase;
using protocol::mime::Trim;

template <class T>
CodingLayer* New(DecoderPool& pool) {
  return pool.Take<T>();
}

// One line a content coding: its name on the wire, its name in paths, who decodes it.
struct Coding {
  std::string_view token;
  const char* name;
  CodingLayer* (*make)(DecoderPool& pool);
};
constexpr Coding kCodings[] = {
    {"gzip", "gzip", New<InflateLayer>},
    {"x-gzip", "gzip", New<InflateLayer>},
    {"deflate", "deflate", New<InflateLayer>},
    {"x-deflate", "deflate", New<InflateLayer>},
    {"br", "br", New<BrotliLayer>},
    {"zstd", "zstd", New<ZstdLayer>},
    {"compress", "compress", New<CompressLayer>},
    {"x-compress", "compress", New<CompressLayer>},
    {"bzip2", "bzip2", New<Bzip2Layer>},
    {"x-bzip2", "bzip2", New<Bzip2Layer>},
    {"lzma", "lzma", New<LzmaLayer>},
    {"x-lzma", "lzma", New<LzmaLayer>},
    {"xz", "xz", New<XzLayer>},
    {"x-xz", "xz", New<XzLayer>},
    {"lz4", "lz4", New<Lz4Layer>},
};
constexpr Coding kUnknownCoding = {"", "unknown", New<UnknownCoding>};

// By the name of the format: what MagicOf() or UnmarkedFormat() says of the first bytes.
constexpr Coding kFormats[] = {
    {"gzip", "gzip", New<InflateLayer>},
    {"zlib", "deflate", New<InflateLayer>},
    {"zstd", "zstd", New<ZstdLayer>},
    {"compress", "compress", New<CompressLayer>},
    {"bzip2", "bzip2", New<Bzip2Layer>},
    {"lzma", "lzma", New<LzmaLayer>},
    {"lzip", "lzip", New<LzmaLayer>},
    {"xz", "xz", New<XzLayer>},
    {"lz4", "lz4", New<Lz4Layer>},
    {kBrotliFormat, "br", New<BrotliLayer>},
};

// Told by nothing but trial, the surest first.
constexpr Coding kOnTrial[] = {
    {"", "lzma", New<LzmaLayer>},
    {"", "deflate", New<InflateLayer>},
    {"", "br", New<BrotliLayer>},
};

const Coding* Find(std::span<const Coding> codings, std::string_view token) noexcept {
  for (const Coding& c : codings) {
    if (EqualsIgnoreCase(c.token, token)) return &c;
  }
  return nullptr;
}

LayerPtr Lose(Body& body, LayerPtr inner) noexcept {
  inner->End(protocol::BodyEnd::kTruncated);
  return OpenLost(body);
}

LayerPtr Wrap(Body& body, const Coding& coding, LayerPtr inner, bool declared) noexcept {
  if (!body.MayNest()) return Lose(body, std::move(inner));
  CodingLayer* const layer = coding.make(*body.pool);
  layer->Open(body, std::move(inner), coding.name, declared);
  return LayerPtr(layer);
}

bool WrapIfFits(Body& body, const Coding& coding, LayerPtr& inner, Bytes prefix, bool all, bool surely) noexcept {
  CodingLayer* const layer = coding.make(*body.pool);
  if (!layer->OpenIfFits(body, inner, coding.name, prefix, all, surely)) {
    layer->GiveBack();
    return false;
  }
  inner.reset(layer);
  if (!body.MayNest()) {
    ++body.depth;  // the layer counts itself off when it ends
    inner = Lose(body, std::move(inner));
  }
  return true;
}

}  // namespace

LayerPtr OpenCodings(Body& body, std::string_view declared, LayerPtr inner) noexcept {
  while (!declared.empty()) {
    const std::size_t comma = declared.find(',');
    const std::string_view token = Trim(declared.substr(0, comma));
    declared.remove_prefix(comma == std::string_view::npos ? declared.size() : comma + 1);
    if (token.empty() || EqualsIgnoreCase(token, "identity")) continue;
    const Coding* const coding = Find(kCodings, token);
    inner = Wrap(body, coding == nullptr ? kUnknownCoding : *coding, std::move(inner), true);
  }
  return inner;
}

LayerPtr OpenCodingOf(Body& body, std::string_view magic, LayerPtr inner) noexcept {
  const Coding* const coding = Find(kFormats, magic);
  return coding == nullptr ? nullptr : Wrap(body, *coding, std::move(inner), false);
}

bool OpenFitting(Body& body, LayerPtr& inner, Bytes prefix, bool all) noexcept {
  // Whatever follows: a body is judged alike however it is cut.
  const Bytes front = prefix.first(std::min(prefix.size(), CodingLayer::kPrefixBytes));
  if (const std::string_view magic = MagicOf(front); !magic.empty()) {
    const Coding* const coding = Find(kFormats, magic);
    if (coding != nullptr) inner = Wrap(body, *coding, std::move(inner), false);
    return coding != nullptr;
  }
  if (protocol::ReadsAsText(front) || protocol::ReadsAsText(prefix)) return false;
  return std::any_of(std::begin(kOnTrial), std::end(kOnTrial),
                     [&](const Coding& coding) { return WrapIfFits(body, coding, inner, prefix, all, false); });
}

std::string_view UnmarkedFormat(Bytes prefix) noexcept {
  if (InflateLayer::HasZlibHeader(prefix)) return "zlib";
  if (LzmaLayer::HasUsualHeader(prefix)) return "lzma";
  return {};
}

LayerPtr OpenUnmarked(Body& body, std::string_view format, LayerPtr inner, Bytes prefix, bool all,
                      bool surely) noexcept {
  const Coding* const coding = Find(kFormats, format);
  if (coding == nullptr || !WrapIfFits(body, *coding, inner, prefix, all, surely)) return nullptr;
  return inner;
}

}  // namespace gander::content
