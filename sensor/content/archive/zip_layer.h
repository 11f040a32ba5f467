// SPDX-License-Identifier: Apache-2.0
// ZIP archives (PKWARE APPNOTE.TXT 6.3.10), read from the local headers as they stream by: the directory at the end is
// not waited for. It is compared with what was seen, since other programs read it instead. What is not part of a record
// (a program in front, what stands between members, comments) is looked at as a leaf.
#ifndef GANDER_CONTENT_ZIP_LAYER_H_
#define GANDER_CONTENT_ZIP_LAYER_H_

#include <array>
#include <string>

#include "content/archive/archive_layer.h"
#include "content/archive/zip_member.h"
#include "content/document/shared_strings.h"

namespace gander::content {

class ZipLayer final : public ArchiveLayer {
 public:
  static constexpr std::string_view kSegment = "zip";
  // So much of an extra field is read; more is looked at as a leaf.
  static constexpr std::size_t kMaxExtra = 1024;

  void GiveBack() noexcept override;

 protected:
  void Begin() noexcept override;
  Uninspected Read(Bytes in) noexcept override;
  void Finish(protocol::BodyEnd end) noexcept override;

 private:
  enum class At : std::uint8_t { kBetween, kFixed, kName, kExtra, kComment, kMember };
  // What bytes between records are called that are no text.
  enum class Gap : std::uint8_t { kOpaque, kUndecodable, kLost };

  Uninspected Between(Bytes& in) noexcept;
  Uninspected DropNoSignature() noexcept;
  Uninspected Outside(Bytes bytes) noexcept;
  void Fixed(Bytes& in) noexcept;
  void FixedRead() noexcept;
  Uninspected Gather(Bytes& in, std::string& into, std::size_t cap) noexcept;
  void FieldsRead() noexcept;
  void OpenMember() noexcept;
  bool IsDocumentPart() noexcept;
  Uninspected Member(Bytes& in) noexcept;
  void CentralRead() noexcept;
  void ArchiveEnds() noexcept;

  At at_ = At::kBetween;
  Gap gap_ = Gap::kOpaque;
  ZipRecord record_ = ZipRecord::kNone;
  std::array<std::byte, kZipEnd64Bytes> head_;  // a signature, or the fixed part of a record
  std::size_t held_ = 0;                        // bytes of it
  std::size_t left_ = 0;                        // of the field at hand
  ZipEntry entry_;
  std::string raw_name_, name_, extra_;
  ZipMember member_;
  bool office_ = false;               // it is an office document
  SharedStrings* document_ = nullptr;  // of the pool, once a part of one was seen
  std::uint64_t seen_ = 0, listed_ = 0;  // fingerprints of the members seen, and of those in the directory
  bool comparable_ = true;               // all sizes are known
  bool ended_ = false;                   // the record that ends an archive was seen
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_ZIP_LAYER_H_
