// SPDX-License-Identifier: Apache-2.0
// Any bytes, cut anywhere: no crash, and the same findings as uncut, whatever was read before. The first byte chooses
// the size of the pieces.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "identify/support_rules.h"

namespace {

using namespace gander;  // NOLINT: a fuzz target is one function

class Told final : public identify::FindingSink {
 public:
  void OnFinding(const identify::Finding& f) noexcept override { findings.push_back(f); }
  std::vector<identify::Finding> findings;
};

std::vector<std::string> Sorted(const identify::RuleSet& rules, const Told& told) {
  auto described = identify::Describe(rules, told.findings);
  std::sort(described.begin(), described.end());
  return described;
}

std::vector<std::string> ScanInPieces(const identify::RuleSet& rules, identify::Scanner& scanner,
                                      identify::TextState& state, Bytes text, std::size_t step) {
  Told sink;
  state.Reset();
  std::size_t at = 0;
  do {
    content::TextPiece piece;
    const std::size_t n = std::min(step, text.size() - at);
    const std::vector<std::byte> copy(text.begin() + static_cast<std::ptrdiff_t>(at),
                                      text.begin() + static_cast<std::ptrdiff_t>(at + n));
    piece.text = copy;
    piece.offset = at;
    piece.first = at == 0;
    at += n;
    piece.last = at == text.size();
    scanner.Scan(state, piece, sink);
  } while (at < text.size());
  return Sorted(rules, sink);
}

// As a field of a head, twice.
std::vector<std::string> ScanAlone(const identify::RuleSet& rules, identify::Scanner& scanner, Bytes text) {
  Told first, second;
  content::TextPiece piece;
  piece.text = text;
  scanner.ScanAlone(piece, first);
  scanner.ScanAlone(piece, second);
  if (Sorted(rules, first) != Sorted(rules, second)) std::abort();
  return Sorted(rules, first);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto rules = identify::CompileOrDie(identify::TestRules());
  static identify::Scanner scanner(rules, identify::Options{}, HashKey{1, 2});
  static identify::TextState state;
  if (size == 0) return 0;
  const Bytes text = std::as_bytes(std::span(data + 1, size - 1));
  if (text.empty()) return 0;
  const auto whole = ScanInPieces(*rules, scanner, state, text, text.size());
  if (ScanInPieces(*rules, scanner, state, text, 1u + data[0]) != whole) std::abort();
  if (ScanAlone(*rules, scanner, text) != whole) std::abort();
  if (size % 16 == 0) {  // now and then, since a scanner takes long to make
    identify::Scanner fresh(rules, identify::Options{}, HashKey{1, 2});
    identify::TextState fresh_state;
    if (ScanInPieces(*rules, fresh, fresh_state, text, text.size()) != whole) std::abort();
  }
  std::string masked;
  scanner.MaskText(AsText(text), (data[0] & 1) != 0, masked);
  return 0;
}
