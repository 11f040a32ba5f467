// SPDX-License-Identifier: Apache-2.0
#include "content/formats.h"

#include <algorithm>
#include <iterator>

#include "content/archive/archive_formats.h"
#include "content/archive/iso_probe.h"
#include "content/archive/seven_zip_layer.h"
#include "content/archive/tar_layer.h"
#include "content/archive/zip_behind.h"
#include "content/archive/zip_layer.h"
#include "content/coding/codings.h"
#include "content/database/avro.h"
#include "content/database/parquet.h"
#include "content/database/sqlite.h"
#include "content/document/office_names.h"
#include "content/document/pdf.h"
#include "content/format_layer.h"
#include "content/mail/mail_file.h"
#include "content/mail/mailbox.h"
#include "content/mail/tnef.h"
#include "content/open.h"
#include "content/sniff.h"
#include "protocol/mime/header_value.h"

namespace gander::content {
namespace {

using protocol::mime::EqualsIgnoreCase;
using protocol::mime::MainValue;

// What is inside of a compressed file has no name of its own that we know, so it keeps the file's.
LayerPtr OpenInside(Body& body, const EntityMeta& meta) noexcept {
  EntityMeta inside;
  inside.name = meta.name;
  return OpenEntity(body, inside);
}

LayerPtr Compressed(Body& body, const EntityMeta& meta, Bytes prefix) noexcept {
  return OpenCodingOf(body, MagicOf(prefix), OpenInside(body, meta));
}

template <class T>
LayerPtr Opened(Body& body, const EntityMeta& meta, Bytes) noexcept {
  return OpenFormat<T>(body, meta, T::kSegment);
}

LayerPtr Zip(Body& body, const EntityMeta& meta, Bytes prefix) noexcept {
  const std::string_view office = OfficeKindByPrefix(prefix);
  return OpenFormat<ZipLayer>(body, meta, office.empty() ? ZipLayer::kSegment : office);
}

LayerPtr ZipBehind(Body& body, const EntityMeta& meta, Bytes) noexcept { return OpenZipBehind(body, meta); }

LayerPtr OpenMail(Body& body, const EntityMeta& meta, Bytes prefix, std::string_view* format) noexcept {
  switch (MailFileOf(MainValue(meta.content_type), prefix)) {
    case MailFile::kNone:
      return nullptr;
    case MailFile::kMailbox:
      *format = Mailbox::kSegment;
      return OpenFormat<Mailbox>(body, meta, Mailbox::kSegment);
    case MailFile::kMessage:
      *format = "mail";
      break;
  }
  return OpenMessage(body);
}

struct Format {
  std::string_view magic;
  LayerPtr (*open)(Body& body, const EntityMeta& meta, Bytes prefix) noexcept;
};

constexpr Format kFormats[] = {
    {"gzip", Compressed},
    {"zstd", Compressed},
    {"bzip2", Compressed},
    {"xz", Compressed},
    {"lz4", Compressed},
    {"lzip", Compressed},
    {"compress", Compressed},
    {"zip", Zip},
    {"tar", Opened<TarLayer>},
    {"pdf", Opened<PdfLayer>},
    {"avro", Opened<AvroLayer>},
    {"parquet", Opened<ParquetLayer>},
    {"sqlite", Opened<SqliteLayer>},
    {"sqlite-wal", Opened<SqliteLogLayer>},
    {"7z", Opened<SevenZipLayer>},
    {"tnef", Opened<Tnef>},
    {"elf", ZipBehind},
    {"exe", ZipBehind},
    {"png", ZipBehind},
    {"jpeg", ZipBehind},
    {"gif", ZipBehind},
};

bool SaysBrotli(const EntityMeta& meta) noexcept {
  constexpr std::string_view kEnding = ".br";
  constexpr std::string_view kTypes[] = {"application/brotli", "application/x-brotli", "application/x-br"};
  const std::string_view type = MainValue(meta.content_type), name = meta.name;
  const bool ends =
      name.size() > kEnding.size() && EqualsIgnoreCase(name.substr(name.size() - kEnding.size()), kEnding);
  return ends || std::any_of(std::begin(kTypes), std::end(kTypes),
                             [&](std::string_view t) { return EqualsIgnoreCase(type, t); });
}

// On trial, where nothing is said: of 128 random bytes seven in a hundred thousand decode to what reads as text.
bool MayBeBrotli(const EntityMeta& meta, Bytes prefix) noexcept {
  const std::string_view type = MainValue(meta.content_type);
  const bool unknown = type.empty() || EqualsIgnoreCase(type, "application/octet-stream");
  return unknown && !LooksLikeText(prefix);
}

}  // namespace

LayerPtr OpenFile(Body& body, const EntityMeta& meta, std::string_view magic, Bytes prefix) noexcept {
  if (magic.empty()) return OpenIsoProbe(body, meta, prefix);
  for (const Format& format : kFormats) {
    if (format.magic == magic) return format.open(body, meta, prefix);
  }
  return OpenArchive(body, meta, magic, prefix);
}

LayerPtr OpenUnmarkedFile(Body& body, const EntityMeta& meta, Bytes prefix, bool all,
                          std::string_view* format) noexcept {
  if (LayerPtr mail = OpenMail(body, meta, prefix, format)) return mail;
  std::string_view name = UnmarkedFormat(prefix);
  const bool told = name.empty() && SaysBrotli(meta);
  if (told || (name.empty() && MayBeBrotli(meta, prefix))) name = kBrotliFormat;
  if (name.empty()) return nullptr;
  LayerPtr layer = OpenUnmarked(body, name, OpenInside(body, meta), prefix, all, told);
  if (layer != nullptr) *format = name;
  return layer;
}

}  // namespace gander::content
