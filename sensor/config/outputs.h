// SPDX-License-Identifier: Apache-2.0
// `report.outputs`: where events go, one map an output.
#ifndef GANDER_CONFIG_OUTPUTS_H_
#define GANDER_CONFIG_OUTPUTS_H_

#include <filesystem>
#include <string>
#include <vector>

#include "config/yaml_reader.h"
#include "report/sink/output_options.h"

namespace gander::config {

// Replaces `out` by what the list `node` says. Relative file names are relative to `folder`. Errors, with file, line and
// remedy: unknown type, layout or key; a key of another type; a missing one; a value out of its range; a name that occurs
// twice.
Result<bool> ReadOutputs(const std::string& file, const std::filesystem::path& folder, const YAML::Node& node,
                         std::vector<report::OutputOptions>& out);

// As YAML in one line; what ReadOutputs reads back.
std::string ShowOutputs(const std::vector<report::OutputOptions>& outputs);

}  // namespace gander::config

#endif  // GANDER_CONFIG_OUTPUTS_H_
