// SPDX-License-Identifier: Apache-2.0
// --name value, --name (a switch) and one capture: what the programs of bench/ take.
#ifndef GANDER_BENCH_ARGUMENTS_H_
#define GANDER_BENCH_ARGUMENTS_H_

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace gander::bench {

class Arguments {
 public:
  // `usage` is printed, and the process ended, when there is no capture.
  Arguments(int argc, char** argv, const char* usage) : all_(argv + 1, argv + argc) {
    if (all_.empty() || all_[0].starts_with("--")) {
      std::fprintf(stderr, "usage: %s\n", usage);
      std::exit(2);
    }
  }
  const std::string& capture() const { return all_[0]; }
  bool Has(std::string_view name) const { return !Values(name, true).empty(); }
  double Number(std::string_view name, double otherwise) const {
    const std::vector<std::string> v = Values(name, false);
    return v.empty() ? otherwise : std::atof(v.back().c_str());
  }
  std::vector<std::string> Texts(std::string_view name) const { return Values(name, false); }

 private:
  std::vector<std::string> Values(std::string_view name, bool bare) const {
    std::vector<std::string> found;
    for (std::size_t i = 1; i < all_.size(); ++i) {
      if (all_[i] != name) continue;
      if (bare) found.push_back(all_[i]);
      if (!bare && i + 1 < all_.size()) found.push_back(all_[i + 1]);
    }
    return found;
  }
  std::vector<std::string> all_;
};

}  // namespace gander::bench

#endif  // GANDER_BENCH_ARGUMENTS_H_
