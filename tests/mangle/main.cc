// SPDX-License-Identifier: Apache-2.0
// gander-mangle IN OUT [--seed N] [--format FORMAT] [OPERATION[=ARGUMENT,...]]...
// Writes the capture IN as another path or mirror would have delivered it, the same for the same seed. Operations are
// done one after the other. Says how many packets they left as they are, and why. Exit code 77: nothing in it that they
// could change.
#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>

#include "mangle/operations.h"

namespace gander::mangle {
namespace {

constexpr int kUsage = 2, kFailed = 3, kUnchanged = 77;
constexpr std::pair<std::string_view, Format> kFormats[] = {{"pcap", Format::kMicroseconds},
                                                            {"nanoseconds", Format::kNanoseconds},
                                                            {"big-endian", Format::kBigEndian},
                                                            {"pcapng", Format::kPcapng}};

int Usage(std::string_view wrong) {
  std::fprintf(stderr,
               "gander-mangle: %.*s\nusage: gander-mangle IN OUT [--seed N] [--format "
               "pcap|nanoseconds|big-endian|pcapng] [OPERATION[=ARGUMENT,...]]...\n",
               static_cast<int>(wrong.size()), wrong.data());
  for (const Operation& o : AllOperations()) {
    std::fprintf(stderr, "  %-12s%s\n", std::string(o.name).c_str(), std::string(o.help).c_str());
  }
  return kUsage;
}

template <class Number>
bool ReadNumber(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

// "name=1,2": what is not given is as the operation's defaults say.
bool Apply(std::string_view word, Packets& packets, Random& random) {
  const std::size_t equals = word.find('=');
  const Operation* operation = FindOperation(word.substr(0, equals));
  if (operation == nullptr) return false;
  Arguments arguments = operation->defaults;
  std::string_view rest = equals == std::string_view::npos ? std::string_view{} : word.substr(equals + 1);
  for (std::size_t i = 0; !rest.empty(); ++i) {
    const std::size_t comma = rest.find(',');
    if (i >= arguments.size() || !ReadNumber(rest.substr(0, comma), arguments[i])) return false;
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
  }
  // In a capture whose times step back, what moves a packet in time would move it to another place as well.
  const auto ordered = OrderOperations();
  if (operation >= ordered.data() && operation < ordered.data() + ordered.size() && !InOrderOfTime(packets)) return true;
  packets = operation->run(packets, arguments, random);
  return true;
}

int Complain(const Error& error) {
  std::fprintf(stderr, "gander-mangle: %s\n", error.ToString().c_str());
  return kFailed;
}

int Run(int argc, char** argv) {
  if (argc < 3) return Usage("IN and OUT are missing");
  auto packets = ReadPackets(argv[1]);
  if (!packets) return Complain(packets.error());
  const Packets original = *packets;
  std::uint64_t seed = 1;
  Format format = Format::kMicroseconds;
  Random random(seed);
  for (int i = 3; i < argc; ++i) {
    const std::string_view word = argv[i];
    const std::string_view next = i + 1 < argc ? argv[i + 1] : "";
    if (word == "--seed") {
      if (!ReadNumber(next, seed)) return Usage("--seed takes a number");
      random = Random(seed);
      ++i;
    } else if (word == "--format") {
      bool known = false;
      for (const auto& [name, value] : kFormats) {
        if (name != next) continue;
        format = value;
        known = true;
      }
      if (!known) return Usage("no such format");
      ++i;
    } else if (!Apply(word, *packets, random)) {
      return Usage(word);
    }
  }
  for (const auto& [why, count] : LeftAsTheyAre()) {
    std::printf("%llu left %s\n", static_cast<unsigned long long>(count), why.c_str());
  }
  if (*packets == original && format == Format::kMicroseconds) return kUnchanged;
  auto written = WritePackets(argv[2], *packets, format);
  return written ? 0 : Complain(written.error());
}

}  // namespace
}  // namespace gander::mangle

int main(int argc, char** argv) { return gander::mangle::Run(argc, argv); }
