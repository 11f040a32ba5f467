// SPDX-License-Identifier: Apache-2.0
// Replays a fuzz corpus without libFuzzer: each file as it is, then seeded mutations of it. Deterministic.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

std::vector<Input> ReadCorpus(const char* directory) {
  std::vector<std::filesystem::path> paths;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Input> corpus{Input{}};
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return corpus;
}

void Mutate(Input& input, std::mt19937& random) {
  if (input.empty()) input.push_back(static_cast<std::uint8_t>(random()));
  const std::size_t at = random() % input.size();
  switch (random() % 4) {
    case 0: input[at] ^= static_cast<std::uint8_t>(1u << random() % 8); break;
    case 1: input[at] = static_cast<std::uint8_t>(random()); break;
    case 2: input.resize(at); break;
    default: input.insert(input.begin() + static_cast<std::ptrdiff_t>(at), static_cast<std::uint8_t>(random()));
  }
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int kMutationsPerInput = 400;
  std::size_t runs = 0;
  std::mt19937 random(20260101);
  for (int a = 1; a < argc; ++a) {
    for (const Input& seed : ReadCorpus(argv[a])) {
      LLVMFuzzerTestOneInput(seed.data(), seed.size());
      Input mutated = seed;
      for (int m = 0; m < kMutationsPerInput; ++m, ++runs) {
        if (m % 8 == 0) mutated = seed;
        Mutate(mutated, random);
        LLVMFuzzerTestOneInput(mutated.data(), mutated.size());
      }
    }
  }
  std::printf("%zu inputs replayed\n", runs);
  return runs == 0 ? 1 : 0;
}
