// SPDX-License-Identifier: Apache-2.0
#include "support/paths.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace gander::test {

std::string SourcePath(const std::string& relative) { return std::string(GANDER_SOURCE_DIR) + "/" + relative; }

std::string SharedPath(const std::string& relative) {
  const char* env = std::getenv("GANDER_SHARED");
  const std::filesystem::path root = env != nullptr ? env : SourcePath("../shared");
  const std::filesystem::path path = root / relative;
  return std::filesystem::exists(path) ? path.string() : std::string{};
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace gander::test
