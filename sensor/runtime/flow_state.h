// SPDX-License-Identifier: Apache-2.0
// What a worker keeps of a flow, in three parts. FlowState is one cache line in the flow table's slot, for every flow.
// A FlowExtension is taken for TCP, for ICMP and for what came tagged or tunnelled. A Conversation is lent from a pool
// while payload is read; a datagram flow at rest gives it back.
#ifndef GANDER_RUNTIME_FLOW_STATE_H_
#define GANDER_RUNTIME_FLOW_STATE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/net.h"
#include "base/renew.h"
#include "base/slab.h"
#include "base/time.h"
#include "content/body_reader.h"
#include "detect/detector.h"
#include "identify/scanner.h"
#include "protocol/cipher_follower.h"
#include "protocol/plain_text/binary_run.h"
#include "protocol/registry.h"
#include "runtime/flow_annex.h"
#include "runtime/lending_pool.h"
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
  std::uint32_t begin, length;  // in HeldPayload::bytes
  std::uint64_t offset;
  std::uint32_t gap_before;
  Timestamp time;
};
inline constexpr std::size_t kMaxHeldChunks = 8;

struct HeldPayload {
  std::string bytes;
  std::array<HeldChunk, kMaxHeldChunks> chunks;
  std::uint8_t count = 0;

  // Whether `chunk` follows the last one, so that a beginning in segments of a byte each is held as one.
  bool Continues(const stream::StreamChunk& chunk) const noexcept {
    if (count == 0 || chunk.gap_before != 0) return false;
    const HeldChunk& last = chunks[count - 1];
    return last.direction == chunk.direction && last.offset + last.length == chunk.offset;
  }
  void Clear() noexcept {
    bytes.clear();
    count = 0;
  }
};

// The first cache line is all that the chunks of an encrypted flow touch; a packet in the midst of a body needs two
// more.
struct alignas(64) Conversation {
  Stage stage = Stage::kProbing;
  bool facts_complete = false;
  bool left_out = false;                           // something was, under load
  std::uint8_t openings_told = 0;                  // a bit a direction: the first bytes of a flow that no parser reads
  bool answer_awaited = false;  // nobody knows the protocol yet; the other side's first bytes may tell
  Direction asker = Direction::kToServer;          // who has spoken
  std::array<protocol::CipherFollower, 2> ciphers; // stage kEncrypted
  std::uint64_t findings = 0;
  std::array<std::uint64_t, 2> unmetered{};        // payload the meters do not know of yet
  Timestamp latest;                                // chunk

  const protocol::ProtocolInfo* protocol = nullptr;
  std::unique_ptr<protocol::Parser> parser;
  std::array<std::unique_ptr<content::BodyReader>, 2> readers;  // while a body is open
  std::array<std::unique_ptr<identify::TextState>, 2> texts;    // once a direction carried text
  std::unique_ptr<HeldPayload> held;         // while there is something held
  const char* original_protocol = "";        // before STARTTLS, CONNECT ...

  std::array<Timestamp, 2> text_began{};     // the text at hand
  std::array<std::uint32_t, 2> text_turn{};  // Inspector::text_turn_ at the latest piece of text
  std::array<std::uint64_t, 2> body_read{};  // of the body at hand, for shedding
  std::array<std::uint64_t, 2> findings_before{};  // the body at hand
  std::array<bool, 2> body_shed{};           // its rest is left out
  std::array<std::uint64_t, 2> shed{};       // left out since the parser last saw something
  detect::FlowFacts facts;
  std::uint64_t facts_generation = 0;        // of the snapshot that says where its ends stand
  std::uint64_t hand = 0;                    // hash of the flow, for supervise::Hand

  // What belonged to the flow before was given back.
  void Reset() noexcept { Renew(*this); }

  // Asks for the memory that the next packet will most likely need, in the order in which pointers lead to it: each
  // step reads what the one before has asked for. Hints: a burst takes each step for all of its flows.
  static constexpr std::uint32_t kPrefetchSteps = 3;
  void Prefetch(std::uint32_t step) const noexcept {
    if (stage != Stage::kParsing) return;
    if (step == 0) {
      __builtin_prefetch(&protocol);
      __builtin_prefetch(&text_began);
    } else if (step == 1) {
      PrefetchParts();
    } else {
      for (const auto& reader : readers) {
        if (reader != nullptr) reader->Prefetch();
      }
    }
  }

 private:
  void PrefetchParts() const noexcept {
    for (std::size_t line = 0; line < kParserLines; ++line) {
      __builtin_prefetch(reinterpret_cast<const char*>(parser.get()) + line * 64);
    }
    for (const auto& reader : readers) __builtin_prefetch(reader.get());
    for (const auto& text : texts) __builtin_prefetch(text.get());
  }

  static constexpr std::size_t kParserLines = 4;  // of HTTP's; others are smaller
};
using ConversationPool = LendingPool<Conversation>;

static_assert(offsetof(Conversation, protocol) == 64);

struct FlowExtension {
  std::array<std::uint8_t, 2> tcp_flags{};
  std::uint8_t icmp_type = 0, icmp_code = 0;    // of the first packet
  std::uint8_t reply_type = 0, reply_code = 0;  // of the first answer
  std::uint8_t vlan_count = 0;
  bool waiting = false;                         // stands in Worker::waiting_
  stream::TcpStream tcp;
  std::array<std::uint64_t, 2> gap_bytes{};
  std::array<std::uint16_t, 2> packet_turns{};  // times FlowState::packets went round
  std::array<std::uint16_t, 3> vlans{};
  std::uint32_t annex = Slab<FlowAnnex>::kNone;

  // A packet of TCP needs flags and stream.
  void Prefetch() const noexcept {
    __builtin_prefetch(this);
    __builtin_prefetch(reinterpret_cast<const char*>(this) + 64);
    __builtin_prefetch(reinterpret_cast<const char*>(this) + 128);
  }
};
static_assert(sizeof(FlowExtension) == 192);  // so that each lies in three cache lines

// What is known of a datagram flow while it holds no conversation.
enum class Datagrams : std::uint8_t {
  kNew,           // nothing was read yet
  kUnrecognised,  // no protocol's; looked at for text
  kAtRest,        // of the protocol that FlowState::protocol names
  kEncrypted,     // of that protocol, and nothing more to read: only counted, and looked at for text
};

struct FlowState {
  ConversationPool::Lent conversation;
  Timestamp first;
  std::array<std::uint64_t, 2> bytes{};    // frames, by Direction
  std::array<std::uint64_t, 2> payload{};  // delivered
  std::array<std::uint32_t, 2> packets{};
  std::uint32_t extension = Slab<FlowExtension>::kNone;
  Datagrams datagrams = Datagrams::kNew;
  std::uint8_t protocol = 0;  // index in protocol::Protocols()
  std::array<protocol::BinaryRun, 2> binary{};

  void Reset() noexcept {
    first = {};
    bytes = payload = {};
    packets = {};
    extension = Slab<FlowExtension>::kNone;
    datagrams = Datagrams::kNew;
    protocol = 0;
    binary = {};
  }
};
static_assert(sizeof(FlowState) == 64);

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_FLOW_STATE_H_
