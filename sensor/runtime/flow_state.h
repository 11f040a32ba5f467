// SPDX-License-Identifier: Apache-2.0
// What a worker keeps of a flow. FlowState lies in the flow table's slot, for every flow; a Conversation is lent
// from a pool to flows that carried payload.
#ifndef GANDER_RUNTIME_FLOW_STATE_H_
#define GANDER_RUNTIME_FLOW_STATE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "base/net.h"
#include "base/time.h"
#include "content/body_reader.h"
#include "detect/detector.h"
#include "identify/scanner.h"
#include "protocol/registry.h"
#include "stream/tcp_stream.h"

namespace gander::runtime {

// How the payload of a flow is read at the moment.
enum class Stage : std::uint8_t {
  kProbing,    // not recognised yet; first bytes are held
  kParsing,    // by a protocol's parser or by the plain-text fallback
  kEncrypted,  // nothing more to read, only counted
};

// First bytes of a flow, kept until its protocol is known, in order of arrival.
struct HeldChunk {
  Direction direction;
  std::uint32_t begin, length;  // in Conversation::held
  std::uint64_t offset;
  std::uint32_t gap_before;
  Timestamp time;
};
inline constexpr std::size_t kMaxHeldChunks = 8;

struct Conversation {
  Stage stage = Stage::kProbing;
  const protocol::ProtocolInfo* protocol = nullptr;
  std::unique_ptr<protocol::Parser> parser;
  std::array<std::unique_ptr<content::BodyReader>, 2> readers;     // while a body is open
  std::array<std::unique_ptr<identify::TextState>, 2> texts;       // once a direction carried text
  std::string held;
  std::array<HeldChunk, kMaxHeldChunks> held_chunks;
  std::uint8_t held_count = 0;
  const char* original_protocol = "";  // before STARTTLS, CONNECT ...
  std::uint64_t events = 0;            // sequence of the flow's events
  std::uint64_t findings = 0;
  std::array<std::uint64_t, 2> metered{};  // payload the meters know of
  bool expectation_set = false;
  detect::FlowFacts facts;

  void Reset() noexcept {
    stage = Stage::kProbing;
    protocol = nullptr;
    held.clear();
    held_count = 0;
    original_protocol = "";
    events = findings = 0;
    metered = {};
    expectation_set = false;
    facts = {};
  }
};

struct FlowState {
  stream::TcpStream tcp;
  std::unique_ptr<Conversation> conversation;
  FiveTuple tuple;  // source = client
  Timestamp first, last;
  std::uint64_t first_packet = 0;
  std::uint64_t flow_id = 0;
  detect::FlowTotals totals;
  std::array<std::uint16_t, 3> vlans{};
  std::uint8_t vlan_count = 0;
  std::array<std::uint8_t, 2> tcp_flags{};
  std::uint8_t icmp_type = 0, icmp_code = 0;
  std::uint8_t tunnel_depth = 0;

  void Reset() noexcept { *this = FlowState{}; }
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_FLOW_STATE_H_
