// SPDX-License-Identifier: Apache-2.0
// Everything a source has, copied out, for tests.
#ifndef GANDER_TESTS_CAPTURE_DRAIN_H_
#define GANDER_TESTS_CAPTURE_DRAIN_H_

#include <string>
#include <vector>

#include "capture/byte_input.h"
#include "capture/file_source.h"
#include "capture/packet_source.h"

namespace gander::test {

struct Copied {
  std::string frame;
  std::int64_t ns;
  std::uint64_t number;
  std::uint32_t wire_length;
  std::uint16_t link, port;
  bool operator==(const Copied&) const = default;
};

inline std::vector<Copied> CopyOf(std::span<const capture::Packet> burst) {
  std::vector<Copied> out;
  for (const capture::Packet& p : burst) {
    out.push_back({std::string(AsText(p.frame)), p.time.ns, p.number, p.wire_length,
                   static_cast<std::uint16_t>(p.link), p.port});
  }
  return out;
}

inline std::vector<Copied> Drain(capture::PacketSource& source) {
  std::vector<Copied> out;
  while (!source.exhausted()) {
    for (Copied& p : CopyOf(source.Poll())) out.push_back(std::move(p));
  }
  return out;
}

inline Result<std::unique_ptr<capture::PacketSource>> OpenBytes(std::string_view bytes) {
  return capture::FileSource::Open(std::make_unique<capture::MemoryInput>(AsBytes(bytes)), "test");
}

}  // namespace gander::test

#endif  // GANDER_TESTS_CAPTURE_DRAIN_H_
