// SPDX-License-Identifier: Apache-2.0
// Scanning one whole text.
#include "identify/document.h"

namespace gander::identify {
namespace {

class Collector final : public FindingSink {
 public:
  explicit Collector(std::vector<Finding>& out) : out_(out) {}
  void OnFinding(const Finding& finding) noexcept override {
    if (finding.evidence != Evidence::kUnproven) out_.push_back(finding);
  }

 private:
  std::vector<Finding>& out_;
};

}  // namespace

std::vector<Finding> ScanDocument(Scanner& scanner, TextState& state, std::string_view text) {
  std::vector<Finding> findings;
  Collector sink(findings);
  state.Reset();
  content::TextPiece piece;
  piece.text = AsBytes(text);
  scanner.Scan(state, piece, sink);
  return findings;
}

}  // namespace gander::identify
