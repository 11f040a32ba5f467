// SPDX-License-Identifier: Apache-2.0
#include "config/policy_edit.h"

#include <algorithm>
#include <sstream>
#include <string_view>

namespace gander::config {
namespace {

constexpr std::string_view kKey = "transfers:";
constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
  return lines;
}

std::string_view Stripped(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r") + 1 - first);
}

bool SaysNothing(std::string_view line) {
  const std::string_view text = Stripped(line);
  return text.empty() || text.front() == '#';
}

// The list's key stands at the edge of the document, as all keys of a policy do.
std::size_t FindKey(const std::vector<std::string>& lines) {
  const auto at = std::find_if(lines.begin(), lines.end(), [](const std::string& l) { return l.starts_with(kKey); });
  return at == lines.end() ? kNowhere : static_cast<std::size_t>(at - lines.begin());
}

// Line behind the last one of the list that begins below `key`: the next one at the edge that is no item of it.
// Comments and blank lines before that belong to what follows.
std::size_t EndOfList(const std::vector<std::string>& lines, std::size_t key) {
  std::size_t end = key + 1;
  for (std::size_t i = key + 1; i < lines.size(); ++i) {
    if (SaysNothing(lines[i])) continue;
    const std::string& line = lines[i];
    const bool item = line.starts_with("- ") || Stripped(line) == "-";
    if (line.front() != ' ' && line.front() != '\t' && !item) break;
    end = i + 1;
  }
  return end;
}

// How far its items are indented; two where there is none yet.
std::size_t Indentation(const std::vector<std::string>& lines, std::size_t key, std::size_t end) {
  for (std::size_t i = key + 1; i < end; ++i) {
    if (Stripped(lines[i]).starts_with('-')) return lines[i].find('-');
  }
  return 2;
}

std::vector<std::string> EntryLines(const std::vector<std::pair<std::string, std::string>>& fields,
                                    std::size_t indent) {
  std::vector<std::string> out;
  for (const auto& [key, value] : fields) {
    out.push_back(std::string(indent, ' ') + (out.empty() ? "- " : "  ") + key + ": " + value);
  }
  return out;
}

}  // namespace

Result<PolicyEdit> AppendTransfer(const std::string& text, const std::string& path,
                                  const std::vector<std::pair<std::string, std::string>>& fields) {
  std::vector<std::string> lines = LinesOf(text);
  std::size_t key = FindKey(lines);
  PolicyEdit edit;
  std::size_t at = 0;
  if (key == kNowhere) {
    at = lines.size();
    if (!lines.empty() && !Stripped(lines.back()).empty()) edit.added.emplace_back();
    edit.added.emplace_back(kKey);
    for (std::string& line : EntryLines(fields, 2)) edit.added.push_back(std::move(line));
  } else {
    std::string_view rest = Stripped(std::string_view(lines[key]).substr(kKey.size()));
    if (rest == "[]") {
      lines[key].erase(kKey.size());
      rest = {};
    }
    if (!rest.empty() && rest.front() != '#') {
      return Fail(path, static_cast<int>(key) + 1,
                  "`transfers` is written on one line, to which nothing can be added as text",
                  "write each entry on lines of its own, beginning with `- id:`");
    }
    at = EndOfList(lines, key);
    edit.added = EntryLines(fields, Indentation(lines, key, at));
  }
  edit.line = static_cast<int>(at) + 1;
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), edit.added.begin(), edit.added.end());
  for (const std::string& line : lines) edit.text += line + "\n";
  return edit;
}

}  // namespace gander::config
