// SPDX-License-Identifier: Apache-2.0
// gander completion, and the hidden gander man that packages are made with.
#include <cstdio>

#include "app/completion.h"
#include "app/man_page.h"
#include "app/options.h"
#include "app/verbs.h"

namespace gander::app {
namespace {

std::vector<std::string> Keys() {
  std::vector<std::string> out;
  for (const config::SettingInfo& s : config::DescribeSettings({})) out.push_back(s.path);
  return out;
}

std::string CompletionFor(const std::string& shell, const std::vector<VerbRow>& table) {
  if (shell == "zsh") return ZshCompletion(table, Keys());
  return shell == "fish" ? FishCompletion(table, Keys()) : BashCompletion(table, Keys());
}

}  // namespace

void AddDocuments(CLI::App& app, int& exit_code) {
  CLI::App* completion = app.add_subcommand("completion", "print completion for a shell");
  auto shell = std::make_shared<std::string>();
  completion->add_option("shell", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->footer(
      "Examples:\n"
      "  source <(gander completion bash)\n"
      "  gander completion fish > ~/.config/fish/completions/gander.fish");
  completion->callback([&app, shell, &exit_code] {
    std::fputs(CompletionFor(*shell, CommandTable(app)).c_str(), stdout);
    exit_code = kDone;
  });
  CLI::App* man = app.add_subcommand("man", "print a page for man(1)")->group("");
  auto page = std::make_shared<std::string>("gander");
  man->add_option("page", *page, "gander or gander.yaml")->check(CLI::IsMember({"gander", "gander.yaml"}));
  man->callback([&app, page, &exit_code] {
    const std::string text = *page == "gander" ? CommandPage(CommandTable(app)) : SettingsPage(config::DescribeSettings({}));
    std::fputs(text.c_str(), stdout);
    exit_code = kDone;
  });
}

}  // namespace gander::app
