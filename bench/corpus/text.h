// SPDX-License-Identifier: Apache-2.0
// Web text without personal data: pages, records of machines, logs, scripts.
#ifndef GANDER_BENCH_CORPUS_TEXT_H_
#define GANDER_BENCH_CORPUS_TEXT_H_

#include <functional>
#include <string>
#include <vector>

#include "corpus/random.h"

namespace gander::bench {

enum class TextKind { kPage, kJson, kLog, kScript };
const char* MediaType(TextKind kind);

class TextMaker {
 public:
  explicit TextMaker(Random random);

  const std::string& Word();
  std::string Sentence();
  std::string IsoTime();
  // At least `size` bytes. `plant` is asked after every few lines, and may append.
  std::string Body(TextKind kind, std::size_t size, const std::function<void(std::string&)>& plant);
  Random& random() noexcept { return random_; }

 private:
  void AddBlock(TextKind kind, std::string& out);

  Random random_;
  std::vector<std::string> words_;
};

}  // namespace gander::bench

#endif  // GANDER_BENCH_CORPUS_TEXT_H_
