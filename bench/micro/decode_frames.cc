// SPDX-License-Identifier: Apache-2.0
// decode/: one frame from the wire to its innermost five-tuple.
#include "decode/decoded.h"
#include "micro/measure.h"
#include "support/pcap_builder.h"

namespace gander::bench {
namespace {

constexpr std::size_t kPayload = 700;
constexpr std::size_t kIpv6Header = 40;

FiveTuple Web() { return test::Tuple("10.1.2.3", 40000, "198.51.100.7", 80); }

std::string Plain() { return test::TcpFrame(Web(), {}, std::string(kPayload, 'x')); }

std::string Tagged() {
  return test::EthernetFrame(test::kEtherIpv4, test::TcpPacket(Web(), {}, std::string(kPayload, 'x')),
                             {100, 200});
}

std::string InVxlan() {
  const FiveTuple outer = test::Tuple("192.0.2.1", 50000, "192.0.2.2", 4789, ip_proto::kUdp);
  return test::UdpFrame(outer, test::Hex("08 00 00 00 00 00 2a 00") + Plain());
}

// Hop-by-hop and destination options, each one PadN (RFC 8200 §4.2), before the segment.
std::string WithExtensions() {
  const FiveTuple tuple = test::Tuple("2001:db8::1", 40000, "2001:db8::2", 80);
  const std::string segment = test::TcpPacket(tuple, {}, std::string(kPayload, 'x')).substr(kIpv6Header);
  const std::string options = test::Hex("3c 00 01 04 00 00 00 00") + test::Hex("06 00 01 04 00 00 00 00");
  return test::EthernetFrame(test::IpPacket("2001:db8::1", "2001:db8::2", 0, options + segment));
}

void Decode(benchmark::State& state, std::string (*make)()) {
  const std::string frame = make();
  const Bytes bytes = AsBytes(frame);
  const decode::Options options;
  decode::Counters counters{};
  decode::Decoded out;
  if (decode::Decode(LinkType::kEthernet, bytes, options, counters, out) != decode::Status::kOk ||
      out.payload.size() != kPayload) {
    return state.SkipWithError("the frame is not read to its payload");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(decode::Decode(LinkType::kEthernet, bytes, options, counters, out));
    benchmark::ClobberMemory();
  }
  Report(state, 1, frame.size());
}
BENCHMARK_CAPTURE(Decode, tcp_ipv4, Plain);
BENCHMARK_CAPTURE(Decode, two_vlans, Tagged);
BENCHMARK_CAPTURE(Decode, vxlan, InVxlan);
BENCHMARK_CAPTURE(Decode, ipv6_extensions, WithExtensions);

}  // namespace
}  // namespace gander::bench
