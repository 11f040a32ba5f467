// SPDX-License-Identifier: Apache-2.0
#include "protocol/framing/text_runs.h"

#include <algorithm>
#include <string_view>

#include "protocol/framing/printable.h"

namespace gander::protocol::framing {

void GatherText(Bytes body, std::string& out) {
  out.clear();
  std::string_view in = AsText(body);
  while (!in.empty()) {
    const auto is_text = [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != 0x7f; };
    const auto begin = std::find_if(in.begin(), in.end(), is_text);
    const auto end = std::find_if_not(begin, in.end(), is_text);
    const std::string_view run(begin, end);
    if (run.size() >= kMinTextRun && IsUtf8(run)) out.append(run) += '\n';
    in = std::string_view(end, in.end());
  }
}

}  // namespace gander::protocol::framing
