// SPDX-License-Identifier: Apache-2.0
// What formats that hold files have in common: members and their names, what stands between them, remarks made once.
#ifndef GANDER_CONTENT_ARCHIVE_LAYER_H_
#define GANDER_CONTENT_ARCHIVE_LAYER_H_

#include "content/format_layer.h"

namespace gander::content {

class ArchiveLayer : public FormatLayer {
 protected:
  // From Begin() of a subclass.
  void BeginArchive() noexcept;

  // A member begins: its name is text that leaves with the archive, and is told as such. What the member costs is
  // counted, as an archive of tiny members is slower than its size says.
  void BeginMember(std::string_view name) noexcept;
  void TellName(std::string_view name) noexcept;

  // Bytes that belong to no member, or could not be read as what they should be.
  Uninspected Leaf(Bytes bytes) noexcept;
  Uninspected WholeLeaf(Bytes bytes) noexcept;
  bool leaf_open() const noexcept { return leaf_ != nullptr; }
  // What follows is another leaf. No member begins while one is open.
  void CloseLeaf() noexcept;

  // Header, data and directory do not say the same.
  void TellInconsistent() noexcept { TellOnce("archive_inconsistent", told_inconsistent_); }
  void TellDamaged() noexcept { TellOnce("archive_damaged", told_damaged_); }
  void TellTruncated() noexcept { TellOnce("archive_truncated", told_truncated_); }

 private:
  void TellOnce(const char* anomaly, bool& told) noexcept;

  LayerPtr leaf_;
  bool told_traversal_ = false, told_inconsistent_ = false, told_damaged_ = false, told_truncated_ = false;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_ARCHIVE_LAYER_H_
