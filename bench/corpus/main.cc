// SPDX-License-Identifier: Apache-2.0
// gander-corpus DIR NAME MEGABYTES [--seed N]: DIR/NAME.pcap and, beside it, NAME.truth with what was
// planted.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "corpus/corpora.h"

namespace {

constexpr std::uint64_t kDefaultSeed = 20260101;

int Usage() {
  std::fprintf(stderr, "usage: gander-corpus DIR NAME MEGABYTES [--seed N]\n%s",
               gander::bench::DescribeCorpora().c_str());
  return 2;
}

bool ReadNumber(const char* text, double& out) {
  char* end = nullptr;
  out = std::strtod(text, &end);
  return *text != '\0' && *end == '\0' && out >= 0;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace gander::bench;
  double megabytes = 0, seed = kDefaultSeed;
  const bool seeded = argc == 6 && std::strcmp(argv[4], "--seed") == 0;
  if ((argc != 4 && !seeded) || !ReadNumber(argv[3], megabytes) || (seeded && !ReadNumber(argv[5], seed)))
    return Usage();
  const std::string stem = std::string(argv[1]) + '/' + argv[2];
  CaptureFile file(stem + ".pcap");
  Truth truth;
  if (!WriteCorpus(argv[2], static_cast<std::uint64_t>(megabytes * 1e6), static_cast<std::uint64_t>(seed),
                   file, truth)) {
    file.Close();
    std::remove((stem + ".pcap").c_str());
    return Usage();
  }
  file.Close();
  std::FILE* beside = std::fopen((stem + ".truth").c_str(), "w");
  if (beside == nullptr) {
    std::fprintf(stderr, "gander-corpus: cannot write %s.truth\n", stem.c_str());
    return 3;
  }
  for (const auto& [what, count] : truth)
    std::fprintf(beside, "%s %llu\n", what.c_str(), static_cast<unsigned long long>(count));
  std::fclose(beside);
  return 0;
}
