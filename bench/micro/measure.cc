// SPDX-License-Identifier: Apache-2.0
#include "micro/measure.h"

#include <array>

#include "corpus/person.h"

namespace gander::bench {
namespace {

constexpr std::size_t kTextBytes = 8 << 20;
constexpr std::size_t kBodyBytes = 24 << 10;
constexpr std::size_t kBytesPerPerson = 100'000;

std::string Table() {
  Truth truth;
  TextMaker text(Random(3));
  PersonMaker people(text, truth);
  std::string out = PersonMaker::kCsvHeader;
  while (out.size() < kTextBytes) out += people.CsvRow();
  return out;
}

std::string Web(bool with_people) {
  Truth truth;
  TextMaker text(Random(2));
  PersonMaker people(text, truth);
  std::string out;
  std::size_t next = kBytesPerPerson;
  constexpr TextKind kKinds[] = {TextKind::kPage, TextKind::kJson, TextKind::kLog, TextKind::kScript};
  for (std::size_t i = 0; out.size() < kTextBytes; ++i) {
    const TextKind kind = kKinds[i % std::size(kKinds)];
    out += text.Body(kind, kBodyBytes, [&](std::string& body) {
      if (!with_people || out.size() + body.size() < next) return;
      next += kBytesPerPerson;
      body += people.Labelled(kind);
    });
  }
  return out;
}

}  // namespace

const std::string& WebText(Density density) {
  static std::array<std::string, 3> texts;
  std::string& text = texts[static_cast<std::size_t>(density)];
  if (text.empty()) text = density == Density::kDense ? Table() : Web(density == Density::kSparse);
  return text;
}

std::vector<std::string_view> Pieces(std::string_view text, std::size_t size) {
  std::vector<std::string_view> pieces;
  for (std::size_t at = 0; at < text.size(); at += size) pieces.push_back(text.substr(at, size));
  return pieces;
}

void ScanPieces(identify::Scanner& scanner, identify::TextState& text, const std::vector<std::string_view>& pieces,
                identify::FindingSink& sink) {
  text.Reset();
  content::TextPiece piece;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    piece.text = AsBytes(pieces[i]);
    piece.first = i == 0;
    piece.last = i + 1 == pieces.size();
    scanner.Scan(text, piece, sink);
    piece.offset += pieces[i].size();
  }
}

}  // namespace gander::bench
