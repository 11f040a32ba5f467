// SPDX-License-Identifier: Apache-2.0
#include "content/archive/archive_layer.h"

#include "content/archive/member_name.h"
#include "content/burst_budget.h"

namespace gander::content {

void ArchiveLayer::BeginArchive() noexcept {
  ++body().counters->archives;
  told_traversal_ = told_inconsistent_ = told_damaged_ = told_truncated_ = false;
}

void ArchiveLayer::BeginMember(std::string_view name) noexcept {
  body().Spend(BurstBudget::kMember);
  TellName(name);
}

void ArchiveLayer::TellName(std::string_view name) noexcept {
  if (name.empty()) return;
  if (LeavesFolder(name)) TellOnce("archive_path_traversal", told_traversal_);
  TextPiece piece;
  piece.text = AsBytes(name);
  piece.path = body().path.text();
  piece.name = "filename";
  piece.direction = body().direction;
  body().sink->OnText(piece);
}

Uninspected ArchiveLayer::Leaf(Bytes bytes) noexcept {
  if (bytes.empty()) return {};
  if (leaf_ == nullptr) leaf_ = OpenLeaf(body(), meta().name);
  return leaf_->Feed(bytes);
}

Uninspected ArchiveLayer::WholeLeaf(Bytes bytes) noexcept {
  Uninspected total = Leaf(bytes);
  CloseLeaf();
  return total += body().TakeLate(bytes.size(), bytes.size());
}

void ArchiveLayer::CloseLeaf() noexcept {
  if (leaf_ == nullptr) return;
  leaf_->End(protocol::BodyEnd::kComplete);
  leaf_.reset();
}

void ArchiveLayer::TellOnce(const char* anomaly, bool& told) noexcept {
  if (!told) body().sink->OnAnomaly(anomaly);
  told = true;
}

}  // namespace gander::content
