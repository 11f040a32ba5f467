// SPDX-License-Identifier: Apache-2.0
#include "app/past_transfers.h"

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "report/history/json_at.h"

namespace gander::app {
namespace {

using report::NumberAt;
using report::TextAt;

policy::Jurisdiction StateOf(const std::string& text) {
  policy::Jurisdiction state;
  if (text.size() == 2) state.code = {text[0], text[1]};
  return state;
}

// "2026-11-24T09:30:00.000123+0000" to its second: entries live by the second.
bool TimeOf(const std::string& text, Timestamp& out) {
  return text.size() >= 19 && ParseDate(text.substr(0, 19) + "Z", out);
}

// False where something is missing without which nothing can be judged.
bool Read(const report::Json& event, policy::PastTransfer& out) {
  const report::Json& t = report::At(event, "transfer");
  if (!IpAddress::Parse(TextAt(event, "src_ip"), out.sender)) return false;
  if (!IpAddress::Parse(TextAt(event, "dest_ip"), out.recipient)) return false;
  if (!policy::ParseVerdict(TextAt(t, "verdict"), out.verdict)) return false;
  out.domain = TextAt(report::At(t, "to"), "domain");
  out.data_class = TextAt(t, "data_class");
  out.why = TextAt(t, "why");
  out.entry = TextAt(report::At(t, "basis"), "id");
  out.people = NumberAt(report::At(t, "subjects"), "estimate");
  out.bytes = NumberAt(t, "bytes");
  // What decided; events of older versions tell of the whole movement alone.
  const report::Json& judged = report::At(t, "judged");
  const bool exact = judged.is_object();
  out.subjects = StateOf(TextAt(exact ? judged : t, "subject_country"));
  identify::ParseSensitivity(TextAt(judged, "sensitivity"), out.sensitivity);
  out.sender_port = static_cast<std::uint16_t>(NumberAt(judged, "sender_port"));
  const std::string opened = TextAt(judged, "opened_by");
  if (opened == "sender") out.opened = policy::Movement::Opened::kBySender;
  if (opened == "recipient") out.opened = policy::Movement::Opened::kByRecipient;
  const report::Json& encrypted = report::At(exact ? judged : t, "encrypted");
  out.encrypted = encrypted.is_boolean() && encrypted.get<bool>();
  return TimeOf(exact ? TextAt(judged, "at") : TextAt(t, "last_seen"), out.at);
}

}  // namespace

Result<PastTransfers> ReadPastTransfers(const std::string& path) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  if (!in) return Fail(path, 0, "cannot be read", "name a file of events, as `gander scan --events FILE` writes it");
  PastTransfers out;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const report::Json event = report::Json::parse(line, nullptr, false);
    const std::string type = TextAt(event, "event_type");
    policy::PastTransfer transfer;
    if (type == "transfer" && Read(event, transfer)) {
      out.transfers.push_back(std::move(transfer));
    } else if (event.is_object() && !type.empty() && type != "transfer") {
      ++out.other_events;
    } else if (out.unreadable++ == 0) {
      out.first_unreadable = number;
    }
  }
  if (in.bad()) return Fail(path, number, "cannot be read to its end", "check the disk");
  return out;
}

}  // namespace gander::app
