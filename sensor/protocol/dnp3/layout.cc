// SPDX-License-Identifier: Apache-2.0
#include "protocol/dnp3/layout.h"

#include <algorithm>
#include <bit>
#include <iterator>

namespace gander::protocol::dnp3 {
namespace {

struct Layout {
  std::uint8_t group;
  const char* variations[13];  // from 1; the others are not known
};
constexpr const char* kCounters[] = {"cI", "cH", "nI", "nH", "I", "H", "I", "H"};
constexpr Layout kLayouts[] = {
    {1, {"1", "b"}},
    {2, {"w", "bt", "br"}},
    {3, {"2", "d"}},
    {4, {"d", "dt", "dr"}},
    {10, {"1", "o"}},
    {11, {"o", "ot"}},
    {12, {"K", "K", "1"}},
    {13, {"s", "st"}},
    {21, {"cI", "cH", "nI", "nH", "cIt", "cHt", "nIt", "nHt", "I", "H", "I", "H"}},
    {22, {"cI", "cH", "nI", "nH", "cIt", "cHt", "nIt", "nHt"}},
    {23, {"cI", "cH", "nI", "nH", "cIt", "cHt", "nIt", "nHt"}},
    {30, {"ai", "ah", "i", "h", "af", "ag"}},
    {31, {"ai", "ah", "ait", "aht", "i", "h", "af", "ag"}},
    {32, {"ai", "ah", "ait", "aht", "af", "ag", "aft", "agt"}},
    {33, {"ai", "ah", "ait", "aht", "af", "ag", "aft", "agt"}},
    {34, {"H", "I", "f"}},
    {40, {"ai", "ah", "af", "ag"}},
    {41, {"ie", "he", "fe", "ge"}},
    {42, {"ai", "ah", "ait", "aht", "af", "ag", "aft", "agt"}},
    {43, {"Si", "Sh", "Sit", "Sht", "Sf", "Sg", "Sft", "Sgt"}},
    {50, {"t", "tv", "t", "tV"}},
    {51, {"t", "t"}},
    {52, {"y", "Y"}},
    {60, {"", "", "", ""}},
    {80, {"1"}},
};

struct Flag {
  const char* name;
  std::uint8_t bits;
};
struct Flags {
  char letter;
  Flag flags[8];
};
constexpr Flag kOnline{"online", 1}, kRestart{"restart", 1}, kLost{"comm_lost", 1}, kRemote{"remote_forced", 1},
    kLocal{"local_forced", 1}, kReserved0{"reserved0", 1}, kReserved1{"reserved1", 1}, kState{"state", 1};
constexpr Flags kFlags[] = {
    {'b', {kOnline, kRestart, kLost, kRemote, kLocal, {"chatter_filter", 1}, {"reserved", 1}, kState}},
    {'d', {kOnline, kRestart, kLost, kRemote, kLocal, {"chatter_filter", 1}, {"state", 2}}},
    {'o', {kOnline, kRestart, kLost, kRemote, kLocal, kReserved0, kReserved1, kState}},
    {'c', {kOnline, kRestart, kLost, kRemote, kLocal, {"rollover", 1}, {"discontinuity", 1}, kReserved0}},
    {'n', {kOnline, kRestart, kLost, kRemote, kLocal, {"rollover", 1}, kReserved0, kReserved1}},
    {'a', {kOnline, kRestart, kLost, kRemote, kLocal, {"over_range", 1}, {"reference_err", 1}, kReserved0}},
    {'s', {{"status_code", 7}, {"commanded_state", 1}}},
    {'S', {{"status_code", 7}, kReserved0}},
};
constexpr Flag kControl[] = {{"op_type", 4}, {"qu", 1}, {"cr", 1}, {"tcc", 2}};
constexpr Flag kControlStatus[] = {{"status_code", 7}, {"reserved", 1}};

template <class List>
void WriteFlags(const List& flags, std::uint64_t octet, Record* out) {
  if (out == nullptr) return;
  for (const Flag& f : flags) {
    if (f.name == nullptr) return;
    out->Integer(f.name, static_cast<std::int64_t>(octet & ((1u << f.bits) - 1)));
    octet >>= f.bits;
  }
}

std::size_t SizeOfPart(char part) noexcept {
  switch (part) {
    case 'I':
    case 'i':
    case 'f':
    case 'v': return 4;
    case 'V': return 5;
    case 'H':
    case 'h':
    case 'r':
    case 'y':
    case 'Y': return 2;
    case 'g': return 8;
    case 't': return 6;
    case 'K': return 11;
    default: return 1;
  }
}

const char* ValueName(std::uint8_t group) noexcept {
  return group >= 20 && group < 30 ? "count"
         : group == 34             ? "deadband_value"
         : group == 43             ? "commanded_value"
                                   : "value";
}

void WriteRelay(framing::LittleReader& in, Record* out) {
  WriteFlags(kControl, in.Integer(1), out);
  const std::uint64_t count = in.Integer(1), on = in.Integer(4), off = in.Integer(4);
  if (out != nullptr) {
    out->Integer("count", static_cast<std::int64_t>(count));
    out->Integer("ontime", static_cast<std::int64_t>(on)).Integer("offtime", static_cast<std::int64_t>(off));
  }
  WriteFlags(kControlStatus, in.Integer(1), out);
}

}  // namespace

const char* LayoutOf(std::uint8_t group, std::uint8_t variation) noexcept {
  if (variation == 0) return nullptr;
  constexpr std::uint8_t kCounterGroup = 20;
  if (group == kCounterGroup) return variation <= std::size(kCounters) ? kCounters[variation - 1] : nullptr;
  const auto* const l =
      std::find_if(std::begin(kLayouts), std::end(kLayouts), [&](const Layout& x) { return x.group == group; });
  if (l == std::end(kLayouts) || variation > std::size(l->variations)) return nullptr;
  return l->variations[variation - 1];
}

std::size_t SizeOf(std::string_view layout) noexcept {
  std::size_t size = 0;
  for (const char part : layout) size += SizeOfPart(part);
  return size;
}

void WritePoint(std::uint8_t group, std::string_view layout, framing::LittleReader& in, Record* out) {
  const auto integer = [&](const char* key, std::uint64_t value) {
    if (out != nullptr) out->Integer(key, static_cast<std::int64_t>(value));
  };
  for (const char part : layout) {
    if (part == 'K') {
      WriteRelay(in, out);
      continue;
    }
    const std::size_t size = SizeOfPart(part);
    const std::uint64_t value = in.Integer(part == 'V' ? 4 : size);
    switch (part) {
      case 'w': integer("state", value); break;
      case 'I':
      case 'H': integer(ValueName(group), value); break;
      case 'i':
        integer(ValueName(group), static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(value)}));
        break;
      case 'h':
        integer(ValueName(group), static_cast<std::uint64_t>(std::int64_t{static_cast<std::int16_t>(value)}));
        break;
      case 'f':
        if (out != nullptr) out->Real(ValueName(group), std::bit_cast<float>(static_cast<std::uint32_t>(value)));
        break;
      case 'g':
        if (out != nullptr) out->Real(ValueName(group), std::bit_cast<double>(value));
        break;
      case 'e': integer("control_status", value); break;
      case 't': integer("timestamp", value); break;
      case 'r': integer("relative_time_ms", value); break;
      case 'y': integer("delay_secs", value); break;
      case 'Y': integer("delay_ms", value); break;
      case 'v': integer("interval", value); break;
      case 'V':
        integer("interval_count", value);
        integer("interval_units", in.Integer(1));
        break;
      default: {
        const auto* const f =
            std::find_if(std::begin(kFlags), std::end(kFlags), [&](const Flags& x) { return x.letter == part; });
        if (f != std::end(kFlags)) WriteFlags(f->flags, value, out);
      }
    }
  }
}

}  // namespace gander::protocol::dnp3
