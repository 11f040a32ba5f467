// SPDX-License-Identifier: Apache-2.0
// tar archives: headers of 512 bytes (tar_header.h), each with its file behind it, up to whole blocks. A block that
// should be a header and is none is looked at as a leaf, and so is what follows up to the next header, as GNU tar does
// it.
#ifndef GANDER_CONTENT_TAR_LAYER_H_
#define GANDER_CONTENT_TAR_LAYER_H_

#include <array>
#include <optional>
#include <string>

#include "content/archive/archive_layer.h"
#include "content/archive/tar_header.h"

namespace gander::content {

class TarLayer final : public ArchiveLayer {
 public:
  static constexpr std::string_view kSegment = "tar";
  // So much is read of what stands in front of a header and belongs to it (long names, pax records); more is looked at
  // as a leaf.
  static constexpr std::size_t kMaxNotes = 16 * 1024;

  void GiveBack() noexcept override;

 protected:
  void Begin() noexcept override;
  Uninspected Read(Bytes in) noexcept override;
  void Finish(protocol::BodyEnd end) noexcept override;

 private:
  enum class At : std::uint8_t {
    kHeader,
    kMap,    // of a sparse file
    kNotes,  // what is said of the next file
    kData,
    kPadding,  // up to a whole block
  };

  Uninspected Block(Bytes& in) noexcept;
  Uninspected Header(Bytes block) noexcept;
  void BeginFile(Bytes block) noexcept;
  void BeginData() noexcept;
  Uninspected Data(Bytes& in) noexcept;
  Uninspected Notes(Bytes& in) noexcept;
  Uninspected Padding(Bytes& in) noexcept;
  void DataRead() noexcept;
  Uninspected NotesRead() noexcept;
  Uninspected ReadRecords(std::string_view records) noexcept;
  Uninspected ReadRecord(std::string_view key, std::string_view value) noexcept;

  At at_ = At::kHeader;
  bool lost_ = false;  // looking for the next header, block by block
  TarHeader header_;
  std::uint64_t left_ = 0;    // of the data or the notes at hand
  std::size_t padding_ = 0;   // behind them
  std::size_t held_ = 0;
  std::array<std::byte, kTarBlock> hold_;  // a block that comes in pieces
  HeldBytes notes_;
  std::string name_;       // of the file at hand
  std::string told_name_;  // of the next file, as notes say
  std::optional<std::uint64_t> told_size_;
  LayerPtr file_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_TAR_LAYER_H_
