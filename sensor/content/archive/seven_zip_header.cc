// SPDX-License-Identifier: Apache-2.0
#include "content/archive/seven_zip_header.h"

#include <lzma.h>

#include <algorithm>

namespace gander::content {
namespace {

// Ids of properties.
enum Id : std::uint8_t {
  kEnd = 0,
  kHeader = 1,
  kArchiveProperties = 2,
  kAdditionalStreams = 3,
  kMainStreams = 4,
  kFilesInfo = 5,
  kPackInfo = 6,
  kUnpackInfo = 7,
  kSubStreams = 8,
  kSize = 9,
  kCrc = 10,
  kFolder = 11,
  kUnpackSize = 12,
  kUnpackStreams = 13,
  kEmptyStream = 14,
  kNames = 17,
};

constexpr std::size_t kSumBytes = 4;

// A vector of bits for `count` things, or a byte that says that all are set.
SevenZipBits OptionalBits(SevenZipCursor& in, std::uint64_t count) noexcept {
  if (in.Octet() != 0) return SevenZipBits::Same(true);
  return SevenZipBits(in.Take(count / 8 + (count % 8 != 0)));
}

// A CRC-32 for each of `count` things that has one. What is set stands in the result.
SevenZipBits SkipSums(SevenZipCursor& in, std::uint64_t count) noexcept {
  const SevenZipBits bits = OptionalBits(in, count);
  SevenZipBits walk = bits;
  for (std::uint64_t i = 0; i < count && !in.bad(); ++i) {
    if (walk.Next()) in.Take(kSumBytes);
  }
  return bits;
}

// A coder's method, as a number of its bytes, to a filter of liblzma; 0 when it is none.
std::uint64_t FilterOf(std::uint64_t method) noexcept {
  switch (method) {
    case 0x03:
      return LZMA_FILTER_DELTA;
    case 0x04:
    case 0x03030103:
      return LZMA_FILTER_X86;
    case 0x05:
    case 0x03030205:
      return LZMA_FILTER_POWERPC;
    case 0x06:
    case 0x03030401:
      return LZMA_FILTER_IA64;
    case 0x07:
    case 0x03030501:
      return LZMA_FILTER_ARM;
    case 0x08:
    case 0x03030701:
      return LZMA_FILTER_ARMTHUMB;
    case 0x09:
    case 0x03030805:
      return LZMA_FILTER_SPARC;
    case 0x0a:
      return LZMA_FILTER_ARM64;
    default:
      return 0;
  }
}

constexpr std::uint64_t kLzma2 = 0x21, kLzma1 = 0x030101, kAes = 0x06f10701;
constexpr std::uint64_t kCopy = 0, kDeflate = 0x040108, kBzip2 = 0x040202, kPpmd = 0x030401;
constexpr std::uint64_t kMaxCoders = 32;

std::uint32_t CostOf(std::uint64_t method) noexcept {
  switch (method) {
    case kCopy:
    case kDeflate:
    case kPpmd:  // which is counted by its symbols (libarchive_hooks.h)
      return 1;
    case kBzip2:
      return 6;
    default:
      return 4;
  }
}

struct FolderShape {
  std::uint64_t outputs = 0;  // sizes that stand for it
  std::uint64_t main = 0;     // which of them is the folder's
};

struct Coder {
  std::uint64_t method = 0, inputs = 1, outputs = 1;
  Bytes properties;
};

Coder ReadCoder(SevenZipCursor& in) noexcept {
  constexpr std::uint8_t kIdBytes = 0x0f, kComplex = 0x10, kHasProperties = 0x20;
  Coder coder;
  const std::uint8_t flags = in.Octet();
  for (int i = 0; i < (flags & kIdBytes); ++i) coder.method = coder.method << 8 | in.Octet();
  if ((flags & kComplex) != 0) {
    coder.inputs = in.Number();
    coder.outputs = in.Number();
    if (coder.inputs > kMaxCoders || coder.outputs > kMaxCoders) in.Fail();
  }
  if ((flags & kHasProperties) != 0) coder.properties = in.Take(in.Number());
  return coder;
}

// What a chain of one or two coders of one input and one output each is. `last`: the one whose output is the folder's.
void Understand(const Coder* coders, std::uint64_t count, std::uint64_t last, SevenZipFolder& folder) noexcept {
  if (count > 2 || last >= count) return;
  const Coder& packer = coders[count - 1 - last];
  folder.properties = packer.properties;
  if (count == 2) {
    const Coder& filter = coders[last];
    folder.filter = FilterOf(filter.method);
    if (folder.filter == 0) return;
    folder.distance = filter.properties.size() == 1 ? 1u + Octets(filter.properties)[0] : 1u;
  }
  if (packer.method == kLzma2) folder.kind = SevenZipFolder::Kind::kLzma2;
  if (packer.method == kLzma1 && count == 1) folder.kind = SevenZipFolder::Kind::kLzma1;
}

// Which output no other coder takes: the one that is the folder's.
std::uint64_t MainOutput(SevenZipCursor& in, std::uint64_t outputs) noexcept {
  std::uint64_t bound = 0;
  for (std::uint64_t i = 0; i + 1 < outputs && !in.bad(); ++i) {
    in.Number();
    const std::uint64_t output = in.Number();
    if (output >= outputs) in.Fail();
    bound |= std::uint64_t{1} << (output % 64);
  }
  for (std::uint64_t i = 0; i < outputs; ++i) {
    if ((bound >> i & 1) == 0) return i;
  }
  in.Fail();
  return 0;
}

FolderShape ReadFolder(SevenZipCursor& in, SevenZipFolder& folder) noexcept {
  folder = {};
  FolderShape shape;
  const std::uint64_t coders = in.Number();
  if (coders == 0 || coders > kMaxCoders) in.Fail();
  Coder first_two[2];
  std::uint64_t inputs = 0;
  bool locked = false, simple = true;
  for (std::uint64_t i = 0; i < coders && !in.bad(); ++i) {
    const Coder coder = ReadCoder(in);
    if (i < 2) first_two[i] = coder;
    inputs += coder.inputs;
    folder.cost = std::max(folder.cost, CostOf(coder.method));
    shape.outputs += coder.outputs;
    locked = locked || coder.method == kAes;
    simple = simple && coder.inputs == 1 && coder.outputs == 1;
  }
  if (shape.outputs == 0 || shape.outputs > kMaxCoders || inputs + 1 < shape.outputs) in.Fail();
  if (in.bad()) return {};
  shape.main = MainOutput(in, shape.outputs);
  const std::uint64_t packed = inputs + 1 - shape.outputs;
  for (std::uint64_t i = 0; packed > 1 && i < packed && !in.bad(); ++i) in.Number();
  if (simple) Understand(first_two, coders, shape.main, folder);
  if (locked) folder.kind = SevenZipFolder::Kind::kLocked;
  return shape;
}

}  // namespace

std::uint8_t SevenZipCursor::Octet() noexcept {
  if (rest_.empty()) {
    bad_ = true;
    return 0;
  }
  return Octets(TakeFront(rest_, 1))[0];
}

// The ones at the top of the first byte say how many bytes follow, low ones first; its other bits are the highest.
std::uint64_t SevenZipCursor::Number() noexcept {
  const std::uint8_t first = Octet();
  std::uint64_t value = 0;
  unsigned mask = 0x80;
  for (unsigned i = 0; i < 8; ++i, mask >>= 1) {
    if ((first & mask) == 0) return value | static_cast<std::uint64_t>(first & (mask - 1)) << (8 * i);
    value |= static_cast<std::uint64_t>(Octet()) << (8 * i);
  }
  return value;
}

Bytes SevenZipCursor::Take(std::uint64_t bytes) noexcept {
  if (bytes > rest_.size()) {
    bad_ = true;
    rest_ = {};
    return {};
  }
  return TakeFront(rest_, static_cast<std::size_t>(bytes));
}

SevenZipBits SevenZipBits::Same(bool value) noexcept {
  SevenZipBits bits;
  bits.same_ = true;
  bits.value_ = value;
  return bits;
}

bool SevenZipBits::Next() noexcept {
  if (same_) return value_;
  const std::uint64_t at = at_++;
  if (at / 8 >= bits_.size()) return false;
  return (Octets(bits_)[at / 8] & (0x80u >> at % 8)) != 0;
}

bool SevenZipStreams::Read(SevenZipCursor& in) noexcept {
  *this = {};
  for (std::uint64_t id = in.Number(); id != kEnd && !in.bad(); id = in.Number()) {
    switch (id) {
      case kPackInfo:
        ReadPacked(in);
        break;
      case kUnpackInfo:
        ReadFolders(in);
        break;
      case kSubStreams:
        ReadSubStreams(in);
        break;
      default:
        in.Fail();
    }
  }
  return !in.bad();
}

void SevenZipStreams::ReadPacked(SevenZipCursor& in) noexcept {
  packed_at_ = in.Number();
  const std::uint64_t count = in.Number();
  for (std::uint64_t id = in.Number(); id != kEnd && !in.bad(); id = in.Number()) {
    if (id == kSize) {
      for (std::uint64_t i = 0; i < count && !in.bad(); ++i) {
        const std::uint64_t size = in.Number();
        if (i == 0) first_packed_ = size;
      }
    } else if (id == kCrc) {
      SkipSums(in, count);
    } else {
      in.Fail();
    }
  }
}

void SevenZipStreams::ReadFolders(SevenZipCursor& in) noexcept {
  if (in.Number() != kFolder) in.Fail();
  count_ = in.Number();
  if (in.Octet() != 0) in.Fail();  // stored elsewhere: no packer does
  folders_ = in;
  std::uint64_t sizes = 0;
  SevenZipFolder folder;
  for (std::uint64_t i = 0; i < count_ && !in.bad(); ++i) sizes += ReadFolder(in, folder).outputs;
  if (in.Number() != kUnpackSize) in.Fail();
  folder_sizes_ = in;
  for (std::uint64_t i = 0; i < sizes && !in.bad(); ++i) in.Number();
  std::uint64_t id = in.Number();
  if (id == kCrc) {
    folder_sums_ = SkipSums(in, count_);
    id = in.Number();
  }
  if (id != kEnd) in.Fail();
}

// How many files each folder holds, their sizes but for each folder's last, and sums of what has none yet.
void SevenZipStreams::ReadSubStreams(SevenZipCursor& in) noexcept {
  std::uint64_t id = in.Number();
  if (id == kUnpackStreams) {
    counted_ = true;
    file_counts_ = in;
    for (std::uint64_t i = 0; i < count_ && !in.bad(); ++i) in.Number();
    id = in.Number();
  }
  const bool sized = id == kSize;
  if (sized) file_sizes_ = in;
  SevenZipCursor counts = file_counts_;
  SevenZipBits sums = folder_sums_;
  std::uint64_t sums_here = 0;
  for (std::uint64_t i = 0; i < count_ && !in.bad(); ++i) {
    const std::uint64_t files = counted_ ? counts.Number() : 1;
    for (std::uint64_t k = 1; sized && k < files && !in.bad(); ++k) in.Number();
    if (!sums.Next() || files != 1) sums_here += files;
  }
  if (sized) id = in.Number();
  if (id == kCrc) {
    SkipSums(in, sums_here);
    id = in.Number();
  }
  if (id != kEnd) in.Fail();
}

bool SevenZipStreams::NextFolder(SevenZipFolder& folder) noexcept {
  if (done_ >= count_) return false;
  ++done_;
  const FolderShape shape = ReadFolder(folders_, folder);
  for (std::uint64_t i = 0; i < shape.outputs; ++i) {
    const std::uint64_t size = folder_sizes_.Number();
    if (i == shape.main) folder.size = size;
  }
  folder.files = counted_ ? file_counts_.Number() : 1;
  return !folders_.bad() && !folder_sizes_.bad();
}

std::uint64_t SevenZipStreams::NextSize(std::uint64_t left, std::uint64_t rest) noexcept {
  if (left == 0) return rest;
  const std::uint64_t size = file_sizes_.Number();
  return size < rest ? size : rest;
}

bool SevenZipHeader::Read(Bytes header) noexcept {
  *this = {};
  SevenZipCursor in(header);
  if (in.Number() != kHeader) return false;
  for (std::uint64_t id = in.Number(); id != kEnd && !in.bad(); id = in.Number()) {
    if (id == kMainStreams) {
      all_streams_.Read(in);
    } else if (id == kAdditionalStreams) {
      SevenZipStreams().Read(in);
    } else if (id == kArchiveProperties) {
      while (in.Number() != kEnd && !in.bad()) in.Take(in.Number());
    } else if (id != kFilesInfo || !ReadFiles(in)) {
      return false;
    }
  }
  Restart();
  return !in.bad();
}

bool SevenZipHeader::ReadFiles(SevenZipCursor& in) noexcept {
  file_count_ = in.Number();
  for (std::uint64_t id = in.Number(); id != kEnd && !in.bad(); id = in.Number()) {
    SevenZipCursor property(in.Take(in.Number()));
    if (id == kNames) {
      if (property.Octet() != 0) return false;
      all_names_ = property;
    } else if (id == kEmptyStream) {
      all_empty_ = SevenZipBits(property.rest());
    }
  }
  return !in.bad();
}

void SevenZipHeader::Restart() noexcept {
  streams_ = all_streams_;
  names_ = all_names_;
  empty_ = all_empty_;
  folder_ = {};
  file_ = files_left_ = bytes_left_ = 0;
}

bool SevenZipHeader::NextFile(File& file) noexcept {
  if (file_ >= file_count_) return false;
  ++file_;
  file = {};
  const Bytes names = names_.rest();
  std::size_t end = 0;
  while (end + 1 < names.size() && (names[end] != std::byte{0} || names[end + 1] != std::byte{0})) end += 2;
  if (end + 1 >= names.size()) return false;
  file.name = names_.Take(end);
  names_.Take(2);
  file.has_data = !empty_.Next();
  if (!file.has_data) return true;
  while (files_left_ == 0) {
    if (!streams_.NextFolder(folder_)) return false;
    file.begins_folder = true;
    files_left_ = folder_.files;
    bytes_left_ = folder_.size;
  }
  file.size = streams_.NextSize(--files_left_, bytes_left_);
  bytes_left_ -= file.size;
  return true;
}

}  // namespace gander::content
