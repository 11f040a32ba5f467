// SPDX-License-Identifier: Apache-2.0
// The structures of a Parquet file (github.com/apache/parquet-format, 2.10, parquet.thrift): what stands before each
// page, and what the footer says of the columns.
#ifndef GANDER_CONTENT_PARQUET_FORMAT_H_
#define GANDER_CONTENT_PARQUET_FORMAT_H_

#include <cstdint>
#include <string_view>

#include "content/coding/block_codec.h"
#include "content/database/thrift_reader.h"
#include "content/held_list.h"

namespace gander::content {

enum class ParquetType : std::uint8_t { kInt32, kInt64, kOtherNumber, kByteArray, kFixed, kUnknown };

enum class ParquetEncoding : std::uint8_t {
  kPlain,
  kDictionary,  // numbers of values of the dictionary page
  kStrings,     // delta encodings of byte arrays: lengths, then the bytes
  kNumbers,     // of which no digits are to be seen
};

struct ParquetPage {
  enum class Kind : std::uint8_t { kData, kDataV2, kDictionary, kOther };

  Kind kind = Kind::kOther;
  ParquetEncoding encoding = ParquetEncoding::kNumbers;
  std::uint64_t uncompressed = 0, compressed = 0;  // bytes
  std::uint64_t values = 0;                        // of them, those that are not there included
  std::uint64_t level_bytes = 0;                   // kDataV2: what stands before the values and is not compressed
  bool is_compressed = true;
};

// `*header_bytes`: of the structure, when it is good.
ThriftReader::State ReadParquetPage(Bytes in, ParquetPage& page, std::size_t* header_bytes) noexcept;

// All pages of one column in one group of rows.
struct ParquetChunk {
  std::uint64_t begin = 0, end = 0;  // in the file
  BlockCodec codec = BlockCodec::kUnknown;
  ParquetType type = ParquetType::kUnknown;
  std::uint32_t name_at = 0, name_size = 0;
};

class ParquetFooter {
 public:
  static constexpr std::size_t kMagicBytes = 4;
  static constexpr std::size_t kMaxChunks = 8192;
  static constexpr std::size_t kMaxNames = 256 * 1024;

  void Begin(Memory& memory) noexcept;
  void Release() noexcept;
  // Of a whole file. False when it has none that can be read; then no chunks are known.
  bool Read(Bytes file) noexcept;
  bool empty() const noexcept { return chunks_.empty(); }
  // The first chunk, in the order of the file, that begins at `offset` or behind; null when none does. Offsets that are
  // asked for never fall.
  const ParquetChunk* ChunkFrom(std::uint64_t offset) noexcept;
  std::string_view NameOf(const ParquetChunk& chunk) const noexcept;

 private:
  void ReadGroups(ThriftReader& in) noexcept;
  void ReadColumns(ThriftReader& in) noexcept;
  void ReadChunk(ThriftReader& in) noexcept;
  void ReadColumn(ThriftReader& in, ParquetChunk& chunk) noexcept;
  void ReadName(ThriftReader& in, ParquetChunk& chunk) noexcept;

  HeldList<ParquetChunk> chunks_;
  HeldBytes names_;
  std::size_t next_ = 0;
};

// How a page is compressed, by its first bytes: where no footer was seen.
inline constexpr std::size_t kCodecLook = 64;
BlockCodec GuessPageCodec(Bytes prefix, const ParquetPage& page) noexcept;
// Bytes in front of blocks that Hadoop's writers packed with LZ4, 0 when there are none.
std::size_t HadoopHeaderBytes(Bytes prefix, const ParquetPage& page) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_PARQUET_FORMAT_H_
