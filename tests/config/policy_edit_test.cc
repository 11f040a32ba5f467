// SPDX-License-Identifier: Apache-2.0
// Adding an entry as text: what was there stays as it was, wherever the list stands and however it is indented.
#include "config/policy_edit.h"

#include <gtest/gtest.h>

#include "config/policy_file.h"

namespace gander::config {
namespace {

const std::vector<std::pair<std::string, std::string>> kEntry = {{"id", "new"},
                                                                 {"to", "{domain: lab.example.de}"},
                                                                 {"basis", "{kind: law}"},
                                                                 {"not_before", "2026-01-01"},
                                                                 {"until", "2026-12-31"}};
constexpr const char* kOld =
    "{id: old, to: {jurisdiction: DE}, basis: {kind: law}, not_before: 2026-01-01, until: 2026-06-01}";

// The text after it; checks that it is a policy with the new entry last and everything else untouched.
std::string After(const std::string& before, std::size_t entries) {
  const auto edit = AppendTransfer(before, "p.yaml", kEntry);
  EXPECT_TRUE(edit.has_value()) << edit.error().ToString();
  if (!edit) return {};
  const auto yaml = ParseYaml(edit->text, "p.yaml");
  EXPECT_TRUE(yaml.has_value()) << edit->text;
  if (!yaml) return {};
  const auto source = ReadPolicy(*yaml);
  EXPECT_TRUE(source.has_value()) << source.error().ToString() << "\n" << edit->text;
  if (!source) return {};
  EXPECT_EQ(source->transfers.size(), entries) << edit->text;
  EXPECT_EQ(source->transfers.back().id, "new");
  return edit->text;
}

TEST(PolicyEditTest, KeepsCommentsAndWhatFollows) {
  const std::string text = std::string("# head\ntransfers:  # the register\n  # first\n  - ") + kOld +
                           "\n    # a last word on it\n\n# the end of life\nmeters: []  # none\n";
  const std::string after = After(text, 2);
  EXPECT_EQ(after,
            std::string("# head\ntransfers:  # the register\n  # first\n  - ") + kOld +
                "\n  - id: new\n    to: {domain: lab.example.de}\n    basis: {kind: law}\n    not_before: 2026-01-01\n"
                "    until: 2026-12-31\n    # a last word on it\n\n# the end of life\nmeters: []  # none\n");
}

TEST(PolicyEditTest, TakesTheListsOwnIndentation) {
  EXPECT_NE(After(std::string("transfers:\n- ") + kOld + "\n", 2).find("\n- id: new\n  to:"), std::string::npos);
  EXPECT_NE(After(std::string("transfers:\n      - ") + kOld, 2).find("\n      - id: new\n        to:"),
            std::string::npos);
}

TEST(PolicyEditTest, BeginsAListWhereThereIsNone) {
  EXPECT_EQ(After("policy: {name: x}", 1).find("policy: {name: x}\n\ntransfers:\n  - id: new"), 0u);
  After("transfers: []\nzones: []\n", 1);
  After("transfers:\nzones: []\n", 1);
  After("transfers:   # nothing yet\n", 1);
  After("", 1);
}

TEST(PolicyEditTest, AListOnOneLineIsRefused) {
  const auto edit = AppendTransfer(std::string("zones: []\ntransfers: [") + kOld + "]\n", "p.yaml", kEntry);
  ASSERT_FALSE(edit.has_value());
  EXPECT_EQ(edit.error().line, 2);
  EXPECT_FALSE(edit.error().remedy.empty());
}

}  // namespace
}  // namespace gander::config
