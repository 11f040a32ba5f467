// SPDX-License-Identifier: Apache-2.0
// Where tests find files.
#ifndef GANDER_TESTS_SUPPORT_PATHS_H_
#define GANDER_TESTS_SUPPORT_PATHS_H_

#include <string>

namespace gander::test {

// A file of the source tree: SourcePath("tests/captures/demo/demo.pcap").
std::string SourcePath(const std::string& relative);

// The reference material beside the project: env GANDER_SHARED, else ../shared; empty when there is none.
std::string SharedPath(const std::string& relative);

std::string ReadFile(const std::string& path);

}  // namespace gander::test

#endif  // GANDER_TESTS_SUPPORT_PATHS_H_
