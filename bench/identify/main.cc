// SPDX-License-Identifier: Apache-2.0
// gander-identify-rate CAPTURE [--rules PATH]... [--rounds N] [--megabytes M]
// Identification alone, with all packs loaded and findings delivered, in turns with raw best on the same
// payload: bytes a second of CPU time, in pieces as bodies bring them (16 KB) and as packets do (1,460
// bytes, staged as a worker stages them). JSON.
#include "arguments.h"
#include "ceiling/payload.h"
#include "ceiling/raw_best.h"
#include "identify/identification.h"
#include "pipeline.h"
#include "timing.h"

namespace gander::bench {
namespace {

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
