// SPDX-License-Identifier: Apache-2.0
// 7z archives. What is in them is said at their end; what is packed stands in front, and LZMA2, which 7-Zip uses unless
// told otherwise, can be decoded without knowing anything but a size of the dictionary. So
//   * LZMA2 is decoded as it passes, and so is LZMA with the usual parameters. Of an archive that decodes to little,
//   what
//     came out is held until the header says where each file ends; of a larger one it is read as it comes, as a leaf,
//     and the header then tells names and sizes only.
//   * A small archive packed otherwise is held whole and read by libarchive when its header has come: as much of it as
//   one
//     part may expand to. What a large one packed otherwise has stored as it is, is found as text; the rest is given
//     up.
// What is held counts as opaque when it comes, since it can only be read at the end.
#ifndef GANDER_CONTENT_SEVEN_ZIP_LAYER_H_
#define GANDER_CONTENT_SEVEN_ZIP_LAYER_H_

#include <array>
#include <string>

#include "content/archive/archive_layer.h"
#include "content/archive/seven_zip_header.h"
#include "content/coding/raw_lzma.h"

namespace gander::content {

class SevenZipLayer final : public ArchiveLayer {
 public:
  static constexpr std::string_view kSegment = "7z";
  static constexpr std::size_t kMaxWhole = 2u << 20;          // an archive that is held
  static constexpr std::size_t kMaxTail = 256 * 1024;  // of others: in front of the header, where it may be packed
  static constexpr std::size_t kMaxHeader = 1u << 20;         // packed or not
  static constexpr std::size_t kMaxDecoded = 2u << 20;        // decoded bytes that are held
  static constexpr std::uint32_t kMaxDictionary = 16u << 20;  // a stream that reaches back further is given up there
  static constexpr std::uint32_t kMinDictionary = 64 * 1024;
  static constexpr std::size_t kMaxFiles = 2000;              // told by name, or told apart

  void GiveBack() noexcept override;

 protected:
  void Begin() noexcept override;
  Uninspected Read(Bytes in) noexcept override;
  void Finish(protocol::BodyEnd end) noexcept override;

 private:
  enum class At : std::uint8_t { kStart, kPacked, kHeader, kBehind };
  // What is known of the packed stream at hand.
  enum class Stream : std::uint8_t {
    kBegins,
    kLzma,
    kUnknown,  // packed otherwise, or damaged: nothing behind it can be found
    kLost,     // a cap
  };
  static constexpr std::size_t kStartBytes = 32;
  static constexpr std::size_t kPieceBytes = 16 * 1024;
  // A decoded byte of LZMA against one of deflate.
  static constexpr std::uint32_t kLzmaCost = 4;
  static constexpr std::uint64_t kNothingKept = UINT64_MAX;
  // lc 3, lp 0, pb 2.
  static constexpr std::byte kUsualProperties[5] = {std::byte{0x5d}};

  Uninspected Start(Bytes& in) noexcept;
  Uninspected Packed(Bytes& in) noexcept;
  void Header(Bytes& in) noexcept;
  void Keep(Bytes bytes, std::uint64_t position) noexcept;
  void BeginStream(Bytes in) noexcept;
  Uninspected Decode(Bytes& in) noexcept;
  void EndStream(Stream next) noexcept;
  Uninspected TakeDecoded(Bytes bytes) noexcept;
  void HandOnDecoded() noexcept;
  std::uint32_t Dictionary() const noexcept;
  Uninspected Unread(Bytes bytes) noexcept;
  void TellMemory() noexcept;
  void DropAll() noexcept;

  // In seven_zip_files.cc.
  void ReadHeader() noexcept;
  bool UnpackHeader(Bytes& header) noexcept;
  bool DecodeHeader(const SevenZipFolder& folder, Bytes packed) noexcept;
  bool DecodedIsAll() noexcept;
  bool WasDecoded(std::uint64_t before) const noexcept;
  void SplitDecoded() noexcept;
  bool NextMember() noexcept;
  void EndMember() noexcept;
  void Refilter(const SevenZipFolder& folder, Bytes bytes) noexcept;
  void Drain(Bytes in) noexcept;
  void GiveMembers(Bytes bytes) noexcept;
  void ListFiles() noexcept;
  void ReadWithoutHeader() noexcept;

  At at_ = At::kStart;
  Stream stream_ = Stream::kBegins;
  bool whole_ = false;         // `kept_` has all of it so far
  bool holds_decoded_ = true;  // `decoded_` has all that came out
  bool all_decoded_ = true;    // each stream that began as LZMA2 was decoded to its end
  bool handed_on_ = false;     // some of it was read as it passed
  bool first_stream_ = true;
  bool lzma1_ = false;         // what was decoded is LZMA1, and behind its end nonsense
  bool told_memory_ = false;
  std::size_t started_ = 0;
  std::array<std::byte, kStartBytes> start_;
  std::uint64_t position_ = 0;  // in the archive, of the next byte
  std::uint64_t header_at_ = 0, header_end_ = 0;
  std::uint64_t kept_from_ = 0;  // position of the first byte of `kept_`, or kNothingKept
  HeldBytes kept_, decoded_, unpacked_header_;
  RawLzma lzma_;
  std::size_t buffer_ = 0;
  SevenZipHeader reader_;
  SevenZipHeader::File file_;
  std::uint32_t cost_ = 0;  // of the slowest coder
  std::size_t files_ = 0;
  std::uint64_t left_ = 0;  // bytes of the member
  std::string name_;
  LayerPtr member_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_SEVEN_ZIP_LAYER_H_
