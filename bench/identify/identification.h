// SPDX-License-Identifier: Apache-2.0
// The scanner alone, as a worker drives it: pieces staged, findings delivered and counted.
#ifndef GANDER_BENCH_IDENTIFY_IDENTIFICATION_H_
#define GANDER_BENCH_IDENTIFY_IDENTIFICATION_H_

#include "ceiling/payload.h"
#include "config/snapshot.h"
#include "identify/scanner.h"

namespace gander::bench {

class CountingSink final : public identify::FindingSink {
 public:
  void OnFinding(const identify::Finding& finding) noexcept override {
    if (finding.evidence != identify::Evidence::kUnproven) ++counted_;
  }
  std::uint64_t counted() const noexcept { return counted_; }

 private:
  std::uint64_t counted_ = 0;
};

class Identification {
 public:
  explicit Identification(const config::Snapshot& snapshot)
      : scanner_(snapshot.rules, snapshot.settings.identify, HashKey{1, 2}) {}

  std::uint64_t Scan(const Payload& payload, std::size_t piece_size) {
    CountingSink sink;
    for (const std::string& stream : payload.streams) {
      state_.Reset();
      for (std::size_t at = 0; at < stream.size(); at += piece_size) {
        const std::string_view part = std::string_view(stream).substr(at, piece_size);
        content::TextPiece piece;
        piece.text = std::as_bytes(std::span(part));
        piece.offset = at;
        piece.path = "bench";
        piece.first = at == 0;
        piece.last = at + part.size() == stream.size();
        scanner_.Stage(state_, piece, this, sink);
      }
    }
    return sink.counted();
  }

 private:
  identify::Scanner scanner_;
  identify::TextState state_;
};

}  // namespace gander::bench

#endif  // GANDER_BENCH_IDENTIFY_IDENTIFICATION_H_
