// SPDX-License-Identifier: Apache-2.0
// Set-up errors. The packet path has no use for these: there bad input is a counted outcome.
#ifndef GANDER_BASE_RESULT_H_
#define GANDER_BASE_RESULT_H_

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace gander {

// One error a person can act on. `line` is 0 where a line makes no sense.
struct Error {
  std::string file;    // what was read: a path, "--set", "command line"
  int line = 0;
  std::string cause;   // what is wrong, in one sentence
  std::string remedy;  // what to do about it, in one sentence

  // "rules/x.yaml:12: cause\n  remedy: ..."
  std::string ToString() const {
    std::string s = file;
    if (line > 0) s.append(":").append(std::to_string(line));
    if (!s.empty()) s += ": ";
    s += cause;
    if (!remedy.empty()) s.append("\n  remedy: ").append(remedy);
    return s;
  }
};

template <class T>
using Result = tl::expected<T, Error>;
using Failure = tl::unexpected<Error>;

inline Failure Fail(std::string file, int line, std::string cause, std::string remedy) {
  return Failure(Error{std::move(file), line, std::move(cause), std::move(remedy)});
}

}  // namespace gander

#endif  // GANDER_BASE_RESULT_H_
