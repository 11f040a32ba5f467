// SPDX-License-Identifier: Apache-2.0
#include "content/database/parquet_format.h"

#include <algorithm>

#include "protocol/framing/little_reader.h"

namespace gander::content {
namespace {

using Type = ThriftReader::Type;

// In the order of their numbers: BOOLEAN, INT32, INT64, INT96, FLOAT, DOUBLE, BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY.
constexpr ParquetType kTypes[] = {
    ParquetType::kOtherNumber, ParquetType::kInt32,       ParquetType::kInt64,     ParquetType::kOtherNumber,
    ParquetType::kOtherNumber, ParquetType::kOtherNumber, ParquetType::kByteArray, ParquetType::kFixed,
};
// UNCOMPRESSED, SNAPPY, GZIP, LZO, BROTLI, LZ4, ZSTD, LZ4_RAW.
constexpr BlockCodec kCodecs[] = {
    BlockCodec::kNone,   BlockCodec::kSnappy, BlockCodec::kGzip, BlockCodec::kUnknown,
    BlockCodec::kBrotli, BlockCodec::kLz4,    BlockCodec::kZstd, BlockCodec::kLz4,
};

template <class T, std::size_t kCount>
T By(std::int64_t number, const T (&values)[kCount], T other) noexcept {
  return number >= 0 && static_cast<std::size_t>(number) < kCount ? values[number] : other;
}

ParquetEncoding EncodingOf(std::int64_t number) noexcept {
  switch (number) {
    case 0:
      return ParquetEncoding::kPlain;
    case 2:
    case 8:
      return ParquetEncoding::kDictionary;
    case 6:
    case 7:
      return ParquetEncoding::kStrings;
    default:
      return ParquetEncoding::kNumbers;
  }
}

std::uint64_t Unsigned(ThriftReader& in) noexcept {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(in.Integer(), 0));
}

// The fields that the headers of data and of dictionary pages have, and those of the second version.
void ReadDetails(ThriftReader& in, ParquetPage& page) noexcept {
  const bool second = page.kind == ParquetPage::Kind::kDataV2;
  int field = 0;
  for (Type type; in.NextField(field, type);) {
    if (field == 1) {
      page.values = Unsigned(in);
    } else if (field == (second ? 4 : 2)) {
      page.encoding = EncodingOf(in.Integer());
    } else if (second && (field == 5 || field == 6)) {
      page.level_bytes += std::min<std::uint64_t>(Unsigned(in), UINT32_MAX);
    } else {
      if (second && field == 7) page.is_compressed = type == Type::kTrue;
      in.Skip(type);
    }
  }
}

}  // namespace

ThriftReader::State ReadParquetPage(Bytes in, ParquetPage& page, std::size_t* header_bytes) noexcept {
  constexpr ParquetPage::Kind kKinds[] = {ParquetPage::Kind::kData, ParquetPage::Kind::kOther,
                                          ParquetPage::Kind::kDictionary, ParquetPage::Kind::kDataV2};
  page = {};
  ThriftReader reader(in);
  int field = 0;
  unsigned seen = 0;
  for (Type type; reader.NextField(field, type);) {
    if (field <= 8) seen |= 1u << field;
    switch (field) {
      case 1:
        page.kind = By(reader.Integer(), kKinds, ParquetPage::Kind::kOther);
        break;
      case 2:
        page.uncompressed = Unsigned(reader);
        break;
      case 3:
        page.compressed = Unsigned(reader);
        break;
      case 5:
      case 7:
      case 8:
        if (type != Type::kStruct) return ThriftReader::State::kBad;
        ReadDetails(reader, page);
        break;
      default:
        reader.Skip(type);
    }
  }
  if (!reader.good()) return reader.state();
  constexpr unsigned kWanted = 1u << 1 | 1u << 2 | 1u << 3;
  *header_bytes = in.size() - reader.rest().size();
  return (seen & kWanted) == kWanted ? ThriftReader::State::kGood : ThriftReader::State::kBad;
}

void ParquetFooter::Begin(Memory& memory) noexcept {
  chunks_.Begin(memory, kMaxChunks);
  names_.Begin(memory, kMaxNames);
  next_ = 0;
}

void ParquetFooter::Release() noexcept {
  chunks_.Release();
  names_.Release();
}

// The last eight bytes: how long the footer is, and the magic number again.
bool ParquetFooter::Read(Bytes file) noexcept {
  constexpr std::size_t kEndBytes = 8;
  if (file.size() < kEndBytes + kMagicBytes || !AsText(file).ends_with("PAR1")) return false;
  protocol::framing::LittleReader end(file.last(kEndBytes));
  const std::uint64_t size = end.Integer(4);
  if (size > file.size() - kEndBytes - kMagicBytes) return false;
  ThriftReader in(
      file.subspan(file.size() - kEndBytes - static_cast<std::size_t>(size), static_cast<std::size_t>(size)));
  int field = 0;
  for (Type type; in.NextField(field, type);) {
    if (field == 4 && type == Type::kList) {
      ReadGroups(in);
    } else {
      in.Skip(type);
    }
  }
  const auto earlier = [](const ParquetChunk& a, const ParquetChunk& b) { return a.begin < b.begin; };
  std::sort(chunks_.items().begin(), chunks_.items().end(), earlier);
  return !chunks_.empty();
}

void ParquetFooter::ReadGroups(ThriftReader& in) noexcept {
  Type items = Type::kStop;
  for (std::uint64_t n = in.BeginList(items); n > 0 && in.good(); --n) {
    if (items != Type::kStruct) return in.Skip(items);
    int field = 0;
    for (Type type; in.NextField(field, type);) {
      if (field == 1 && type == Type::kList) {
        ReadColumns(in);
      } else {
        in.Skip(type);
      }
    }
  }
}

void ParquetFooter::ReadColumns(ThriftReader& in) noexcept {
  Type items = Type::kStop;
  for (std::uint64_t n = in.BeginList(items); n > 0 && in.good(); --n) {
    if (items != Type::kStruct) return in.Skip(items);
    ReadChunk(in);
  }
}

void ParquetFooter::ReadChunk(ThriftReader& in) noexcept {
  ParquetChunk chunk;
  bool elsewhere = false;  // in another file
  int field = 0;
  for (Type type; in.NextField(field, type);) {
    if (field == 3 && type == Type::kStruct) {
      ReadColumn(in, chunk);
    } else {
      elsewhere = elsewhere || field == 1;
      in.Skip(type);
    }
  }
  if (in.good() && !elsewhere && chunk.begin >= kMagicBytes && chunk.end > chunk.begin) chunks_.Add(chunk);
}

void ParquetFooter::ReadColumn(ThriftReader& in, ParquetChunk& chunk) noexcept {
  std::uint64_t size = 0, data = 0, dictionary = 0;
  int field = 0;
  for (Type type; in.NextField(field, type);) {
    switch (field) {
      case 1:
        chunk.type = By(in.Integer(), kTypes, ParquetType::kUnknown);
        break;
      case 3:
        ReadName(in, chunk);
        break;
      case 4:
        chunk.codec = By(in.Integer(), kCodecs, BlockCodec::kUnknown);
        break;
      case 7:
        size = Unsigned(in);
        break;
      case 9:
        data = Unsigned(in);
        break;
      case 11:
        dictionary = Unsigned(in);
        break;
      default:
        in.Skip(type);
    }
  }
  constexpr std::uint64_t kMaxOffset = std::uint64_t{1} << 48;
  chunk.begin = dictionary > 0 && dictionary < data ? dictionary : data;
  chunk.end = chunk.begin + std::min(size, kMaxOffset);
  if (chunk.begin > kMaxOffset) chunk.begin = chunk.end = 0;
}

// The way through the schema, its parts joined: "person.phones.list.element".
void ParquetFooter::ReadName(ThriftReader& in, ParquetChunk& chunk) noexcept {
  Type items = Type::kStop;
  chunk.name_at = static_cast<std::uint32_t>(names_.size());
  bool first = true;
  for (std::uint64_t n = in.BeginList(items); n > 0 && in.good(); --n) {
    if (items != Type::kBinary) return in.Skip(items);
    const std::string_view part = in.Binary();
    const bool strange = std::any_of(part.begin(), part.end(), [](char c) { return (c & 0xe0) == 0; });
    if (!first) names_.Append(AsBytes("."));
    names_.Append(AsBytes(strange ? "-" : part));
    first = false;
  }
  chunk.name_size = static_cast<std::uint32_t>(names_.size()) - chunk.name_at;
}

const ParquetChunk* ParquetFooter::ChunkFrom(std::uint64_t offset) noexcept {
  while (next_ < chunks_.size() && chunks_[next_].begin < offset) ++next_;
  return next_ < chunks_.size() ? &chunks_[next_] : nullptr;
}

std::string_view ParquetFooter::NameOf(const ParquetChunk& chunk) const noexcept {
  return AsText(names_.bytes()).substr(chunk.name_at, chunk.name_size);
}

namespace {

// What the length in front of a block of Snappy is.
std::uint64_t Varint(Bytes in) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(in.size(), 5); ++i) {
    const std::uint8_t byte = Octets(in)[i];
    value |= std::uint64_t{byte & 0x7fu} << 7 * i;
    if (byte < 0x80) return value;
  }
  return 0;
}

std::uint64_t BigEndian32(Bytes in) noexcept {
  const std::uint8_t* const p = Octets(in);
  return std::uint64_t{p[0]} << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

// Whether the first sequences of a block of LZ4 can begin so: none goes back behind the begin.
bool MayBeLz4(Bytes in) noexcept {
  std::uint64_t out = 0;
  while (in.size() > 1) {
    const std::uint8_t token = Octets(in)[0];
    std::uint64_t literals = token >> 4;
    in = in.subspan(1);
    for (std::uint8_t more = literals == 15 ? 255 : 0; more == 255 && !in.empty(); in = in.subspan(1)) {
      more = Octets(in)[0];
      literals += more;
    }
    if (literals + 2 > in.size()) return true;
    in = in.subspan(static_cast<std::size_t>(literals));
    out += literals;
    const std::size_t back = Octets(in)[0] | Octets(in)[1] << 8;
    if (back == 0 || back > out) return false;
    out += (token & 15u) + 4;
    in = in.subspan(2);
    for (std::uint8_t more = (token & 15) == 15 ? 255 : 0; more == 255 && !in.empty(); in = in.subspan(1)) {
      more = Octets(in)[0];
      out += more;
    }
  }
  return true;
}

}  // namespace

std::size_t HadoopHeaderBytes(Bytes prefix, const ParquetPage& page) noexcept {
  constexpr std::size_t kBytes = 8;  // how long the block is, unpacked and packed
  if (prefix.size() < kBytes || BigEndian32(prefix) != page.uncompressed) return 0;
  return BigEndian32(prefix.subspan(4)) == page.compressed - kBytes ? kBytes : 0;
}

BlockCodec GuessPageCodec(Bytes prefix, const ParquetPage& page) noexcept {
  const std::string_view s = AsText(prefix);
  if (s.starts_with("\x1f\x8b\x08")) return BlockCodec::kGzip;
  if (s.starts_with("\x28\xb5\x2f\xfd")) return BlockCodec::kZstd;
  if (page.compressed == page.uncompressed) return BlockCodec::kNone;
  if (Varint(prefix) == page.uncompressed) return BlockCodec::kSnappy;
  return HadoopHeaderBytes(prefix, page) > 0 || MayBeLz4(prefix) ? BlockCodec::kLz4 : BlockCodec::kBrotli;
}

}  // namespace gander::content
