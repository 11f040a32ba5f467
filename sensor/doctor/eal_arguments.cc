// SPDX-License-Identifier: Apache-2.0
#include "doctor/eal_arguments.h"

#include <algorithm>
#include <charconv>

namespace gander::doctor {
namespace {

// One argument and its value, however it was written: "-m 256", "-m256", "--vdev=x", "--vdev x".
struct Argument {
  std::string name, value;
};

constexpr const char* kWithValue[] = {"-m", "-a", "-l", "--vdev", "--allow", "--socket-mem", "--lcores"};

bool TakesValue(const std::string& name) {
  return std::find(std::begin(kWithValue), std::end(kWithValue), name) != std::end(kWithValue);
}

std::vector<Argument> Split(const std::vector<std::string>& arguments) {
  std::vector<Argument> out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& text = arguments[i];
    const std::size_t equals = text.starts_with("--") ? text.find('=') : std::string::npos;
    if (equals != std::string::npos) {
      out.push_back({text.substr(0, equals), text.substr(equals + 1)});
    } else if (TakesValue(text)) {
      out.push_back({text, i + 1 < arguments.size() ? arguments[++i] : std::string()});
    } else if (text.size() > 2 && text[0] == '-' && text[1] != '-' && TakesValue(text.substr(0, 2))) {
      out.push_back({text.substr(0, 2), text.substr(2)});
    } else {
      out.push_back({text, {}});
    }
  }
  return out;
}

// "512" or, by node, "512,512", in MiB.
std::uint64_t MebibytesIn(const std::string& text) {
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    std::uint64_t part = 0;
    (void)std::from_chars(text.data() + at, text.data() + end, part);
    sum += std::min<std::uint64_t>(part, 1 << 30);
    at = end + 1;
  }
  return sum << 20;
}

// "3b:00.0,option=1" to "0000:3b:00.0"; what is no PCI address stays as it is.
std::string PciAddress(const std::string& text) {
  const std::string address = text.substr(0, text.find(','));
  return std::count(address.begin(), address.end(), ':') == 1 ? "0000:" + address : address;
}

// DPDK finds the driver of "net_pcap0" by the letters before its number.
VirtualDevice Virtual(const std::string& text) {
  const std::size_t comma = std::min(text.find(','), text.size());
  const std::string name = text.substr(0, comma);
  return {name.substr(0, name.find_last_not_of("0123456789") + 1),
          text.substr(std::min(comma + 1, text.size()))};
}

}  // namespace

EalArguments EalArguments::Read(const std::vector<std::string>& arguments) {
  EalArguments out;
  for (const Argument& a : Split(arguments)) {
    if (a.name == "--no-huge") out.no_huge = true;
    if (a.name == "--in-memory") out.in_memory = true;
    if (a.name == "--no-pci") out.no_pci = true;
    if (a.name == "-m" || a.name == "--socket-mem") out.memory = MebibytesIn(a.value);
    if (a.name == "-l" || a.name == "--lcores") out.cores = a.value;
    if (a.name == "-a" || a.name == "--allow") out.allowed.push_back(PciAddress(a.value));
    if (a.name == "--vdev") out.virtual_devices.push_back(Virtual(a.value));
  }
  return out;
}

std::string Parameter(const std::string& parameters, const std::string& key) {
  for (std::size_t at = 0; at < parameters.size();) {
    const std::size_t end = std::min(parameters.find(',', at), parameters.size());
    const std::string item = parameters.substr(at, end - at);
    if (item.starts_with(key + "=")) return item.substr(key.size() + 1);
    at = end + 1;
  }
  return {};
}

}  // namespace gander::doctor
