// SPDX-License-Identifier: Apache-2.0
#include "app/top_screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <vector>

namespace gander::app {
namespace {

using Json = nlohmann::ordered_json;

double Number(const Json& json, const char* path) {
  const Json::json_pointer pointer(path);
  return json.contains(pointer) && json[pointer].is_number() ? json[pointer].get<double>() : 0;
}
std::string Text(const Json& json, const char* path) {
  const Json::json_pointer pointer(path);
  return json.contains(pointer) && json[pointer].is_string() ? json[pointer].get<std::string>() : std::string();
}

// "12.3 M", of 1,000 each.
std::string Short(double n) {
  static constexpr std::array<const char*, 5> kUnits = {"", " k", " M", " G", " T"};
  std::size_t unit = 0;
  while (n >= 1000 && unit + 1 < kUnits.size()) {
    n /= 1000;
    ++unit;
  }
  return fmt::format("{:.{}f}{}", n, unit == 0 || n >= 100 ? 0 : 1, kUnits[unit]);
}

class Screen {
 public:
  explicit Screen(const ScreenSize& size) : size_(size) {}
  // What does not fit is cut; UTF-8 is cut at a character.
  void Line(std::string text) {
    if (lines_.size() >= static_cast<std::size_t>(std::max(size_.height, 1))) return;
    std::size_t columns = 0, at = 0;
    while (at < text.size() && columns < static_cast<std::size_t>(size_.width)) {
      ++at;
      while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
      ++columns;
    }
    lines_.push_back(text.substr(0, at));
  }
  std::string ToString() const {
    std::string out;
    for (const std::string& line : lines_) out += line + "\n";
    return out;
  }
  int left() const { return size_.height - static_cast<int>(lines_.size()); }

 private:
  ScreenSize size_;
  std::vector<std::string> lines_;
};

std::string Where(const Json& movement) {
  std::string from = Text(movement, "/sender");
  if (from.empty()) from = fmt::format("{:.0f} senders", Number(movement, "/senders"));
  std::string to = Text(movement, "/to/domain");
  if (to.empty()) to = Text(movement, "/recipient");
  return fmt::format("{} → {} {}", from, to, Text(movement, "/to/country"));
}

void DrawTraffic(const Json& now, const Json& before, double seconds, Screen& screen) {
  const auto rate = [&](const char* path) {
    return before.is_null() || seconds <= 0 ? 0.0 : std::max(0.0, (Number(now, path) - Number(before, path)) / seconds);
  };
  const double dropped = Number(now, "/capture/kernel_drops") + Number(now, "/capture/no_buffer") +
                         Number(now, "/capture/interface_drops") + Number(now, "/capture/ring_full");
  screen.Line(fmt::format("traffic  {} packets/s   {}bit/s   {} flows open, {} seen", Short(rate("/ledger/packets")),
                          Short(8 * rate("/ledger/received")), Short(Number(now, "/flows/active")),
                          Short(Number(now, "/flows/total"))));
  screen.Line(fmt::format("read     {:.1f} % of all bytes   lost before a worker: {} packets   events {} written, {} dropped",
                          100 * Number(now, "/ledger/coverage"), Short(dropped), Short(Number(now, "/events/written")),
                          Short(Number(now, "/events/dropped"))));
}

void DrawBounds(const Json& now, Screen& screen) {
  std::string refused;
  const Json::json_pointer pointer("/confinement/refused");
  if (now.contains(pointer)) {
    for (const auto& [call, times] : now[pointer].items()) refused += fmt::format(" {} {}", call, times.dump());
  }
  const std::string text = Text(now, "/confinement/text");
  const std::size_t half = text.find(", own files") != std::string::npos ? text.find(", own files") : text.find(", any file");
  screen.Line("confined " + text.substr(0, half));
  screen.Line(fmt::format("         {}{}", half == std::string::npos ? "" : text.substr(half + 2) + ", ",
                          refused.empty() ? "nothing refused" : "REFUSED:" + refused));
}

void DrawDeaths(const Json& now, Screen& screen) {
  std::string why;
  for (const auto& [cause, times] : now["supervision"]["restarts"].items()) {
    if (times.is_number_unsigned() && times.get<std::uint64_t>() > 0) {
      why += fmt::format(", {} {}", cause, times.dump());
    }
  }
  if (why.empty()) return screen.Line("watched  no restart");
  screen.Line(fmt::format("watched  RESTARTED: {}; last {}; {} flows not read since", why.substr(2),
                          Text(now, "/supervision/last_death"), Number(now, "/supervision/poison_flows")));
}

void DrawMovements(const Json& now, int most, Screen& screen) {
  const Json::json_pointer pointer("/movements");
  screen.Line("");
  screen.Line("PEOPLE  VERDICT          WHO TO WHOM");
  if (!now.contains(pointer)) return;
  for (const Json& m : now[pointer]) {
    if (most-- <= 0) return;
    screen.Line(fmt::format("{:>6}  {:<16} {}", Short(Number(m, "/subjects/estimate")), Text(m, "/verdict"), Where(m)));
  }
}

void DrawAlerts(const Json& now, int most, Screen& screen) {
  const Json::json_pointer pointer("/alerts");
  screen.Line("");
  screen.Line("ALERTS, the newest first");
  if (!now.contains(pointer)) return;
  const Json& alerts = now[pointer];
  for (std::size_t i = alerts.size(); i-- > 0 && most-- > 0;) {
    const std::string time = Text(alerts[i], "/time");
    screen.Line(fmt::format("{}  {:<8} {}  {}", time.size() > 19 ? time.substr(11, 8) : time,
                            Text(alerts[i], "/severity"), Text(alerts[i], "/detector"), Text(alerts[i], "/signature")));
  }
}

}  // namespace

std::string DrawTop(const Json& now, const Json& before, double seconds, const ScreenSize& size) {
  Screen screen(size);
  screen.Line(fmt::format("gander {}  {}  {:.0f} workers  policy {} {:.0f}  {:.0f} rules  {}", Text(now, "/version"),
                          Text(now, "/source"), Number(now, "/workers"), Text(now, "/policy/name"),
                          Number(now, "/policy/version"), Number(now, "/rules/loaded"), Text(now, "/last_packet")));
  DrawTraffic(now, before, seconds, screen);
  if (now.contains("confinement")) DrawBounds(now, screen);
  if (now.contains(Json::json_pointer("/supervision/restarts"))) DrawDeaths(now, screen);
  const int rest = std::max(screen.left() - 4, 2);
  DrawMovements(now, rest / 2, screen);
  DrawAlerts(now, screen.left() - 2, screen);
  return screen.ToString();
}

}  // namespace gander::app
