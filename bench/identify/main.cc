// SPDX-License-Identifier: Apache-2.0
// gander-identify-rate CAPTURE [--rules PATH]... [--rounds N] [--megabytes M]
// Identification alone, with all packs loaded and findings delivered, in turns with raw best on the same
// payload: bytes a second of CPU time, in pieces as bodies bring them (16 KB) and as packets do (1,460
// bytes, staged as a worker stages them). JSON.
#include "arguments.h"
#include "ceiling/payload.h"
#include "ceiling/raw_best.h"
#include "identify/scanner.h"
#include "pipeline.h"
#include "timing.h"

namespace gander::bench {
namespace {

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

int Run(const Arguments& arguments) {
  const MappedCapture capture(arguments.capture());
  const Payload payload =
      CollectPayload(capture, static_cast<std::uint64_t>(arguments.Number("--megabytes", 1e6) * 1e6));
  const auto snapshot = LoadSnapshot({}, arguments.Texts("--rules"));
  const Database wide(Literals(), true), any(Literals(), false);
  Identification identification(*snapshot);
  const auto bytes = static_cast<double>(payload.bytes);
  const auto raw = [&](const Database& literals) {
    std::uint64_t sum = 0;
    for (const std::string& s : payload.streams) sum += RawBest(literals, s);
    return sum;
  };
  PinTo(0);
  const nlohmann::json result{
      {"capture", arguments.capture()},
      {"rules", snapshot->rules->rules().size()},
      {"payload_bytes", payload.bytes},
      {"rates", RunInTurns({{"identify_16k", bytes, [&] { return identification.Scan(payload, kScanBlock); }},
                            {"raw_best_avx2", bytes, [&] { return raw(wide); }},
                            {"identify_1460", bytes, [&] { return identification.Scan(payload, 1460); }},
                            {"raw_best_any", bytes, [&] { return raw(any); }}},
                           static_cast<int>(arguments.Number("--rounds", 3)))}};
  std::printf("%s\n", result.dump(1).c_str());
  return 0;
}

}  // namespace
}  // namespace gander::bench

int main(int argc, char** argv) {
  return gander::bench::Run(
      {argc, argv, "gander-identify-rate CAPTURE [--rules PATH]... [--rounds N] [--megabytes M]"});
}
