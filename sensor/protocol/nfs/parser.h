// SPDX-License-Identifier: Apache-2.0
// Calls and replies of all versions into events, names and bodies.
#ifndef GANDER_PROTOCOL_NFS_PARSER_H_
#define GANDER_PROTOCOL_NFS_PARSER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/nfs/classic.h"
#include "protocol/nfs/compound.h"
#include "protocol/nfs/files.h"
#include "protocol/rpc_message/message_parser.h"

namespace gander::protocol::nfs {

using rpc_message::Front;
using rpc_message::Head;
using rpc_message::Next;

// A call whose reply is awaited.
struct Call {
  rpc_message::Caller caller;
  std::uint32_t version = 0;
  Procedure procedure = Procedure::kNull;  // versions 2 and 3
  std::uint32_t operation = 0;             // version 4: what the event tells of; 0 = nothing
  rpc_message::Protection protection = rpc_message::kClear;
  FileId file;
  std::uint64_t offset = 0;
  std::uint32_t tx_id = 0;
  bool numbered = false;  // has a transaction of its own
  std::string name, other;

  const char* procedure_name() const noexcept {
    return version < 4 ? NameOf(procedure) : operation != 0 ? OperationName(operation) : "COMPOUND";
  }
};

class NfsParser final : public rpc_message::MessageParser, Listing, CompoundVisitor {
 public:
  void OnEnd(Direction direction, MessageSink& sink) noexcept override;
  void Reset() noexcept override;
  bool at_rest() const noexcept override {
    return calls_.empty() && names_.empty() && bodies_[0].idle() && bodies_[1].idle() && at_ease();
  }
  void Resume(std::uint32_t datagrams) noexcept override {
    flow_.transactions = datagrams;
    if (datagrams > 0) SetSeen();
  }
  void DescribeTransaction(std::uint32_t tx_id, Record& out) const override;

 protected:
  Next OnFront(const Front& front, Direction direction, MessageSink& sink) noexcept override;
  void OnData(Bytes part, Direction direction, MessageSink& sink) noexcept override {
    bodies_[Index(direction)].Data(part, sink);
  }
  void OnDataGap(std::uint64_t bytes, Direction direction, MessageSink& sink) noexcept override {
    bodies_[Index(direction)].Gap(bytes, sink);
  }
  void OnDataEnd(Direction direction, MessageSink& sink) noexcept override { bodies_[Index(direction)].End(sink); }

 private:
  static constexpr Next kDone{};
  static constexpr Next kMore{.kind = Next::Kind::kMore};
  using Found = std::vector<Call>::iterator;

  Next Malformed(const Front& front) noexcept;
  Next Sealed(const Head& head, const Front& front) noexcept;
  Next BeginData(const Part& part, const Extent& data) noexcept;

  // calls.cc
  Next OnCall(const Head& head, const Front& front) noexcept;
  Next OnClassicCall(const Head& head, std::size_t body, const Front& front, Call& call) noexcept;
  Next OnCompound(const Head& head, std::size_t body, const Front& front, Call& call) noexcept;
  void Introduce(const Head& head) noexcept;
  void Remember(const Call& call) noexcept;

  // replies.cc
  Next OnReply(const Head& head, const Front& front) noexcept;
  Next OnClassicReply(const Head& head, std::size_t body, const Front& front, Found found) noexcept;
  Next OnCompoundReply(const Head& head, std::size_t at, const Front& front, const CompoundWalk& begun) noexcept;
  Next OnUnasked(const Head& head, const Front& front) noexcept;
  Call Take(Found found) noexcept;

  // Of compounds, calls and replies.
  static bool ReachesData(const Front& front, std::size_t at, CompoundWalk walk) noexcept;
  Next Walk(const Front& front, std::size_t at, CompoundWalk walk) noexcept;
  Next GoOn(const Front& front) noexcept;

  // Events.
  void Named(std::string_view name) noexcept;
  void Linked(std::string_view link) noexcept;
  void Number(Call& call) noexcept;
  void TellUnanswered(const Call& call, MessageSink& sink) noexcept;
  void Tell(Call& call, const Head& head, const std::uint32_t* status) noexcept;
  void Write(const Call& call, const char* rpc_status, const std::uint32_t* status, Direction direction,
             MessageSink& sink) noexcept;

  // Listing
  void OnEntry(std::string_view name, Bytes handle) noexcept override;
  // CompoundVisitor
  void OnOperation(std::uint32_t operation, std::uint32_t status) noexcept override;
  void OnHandle(Bytes handle) noexcept override;
  void OnName(std::string_view name) noexcept override;
  void OnLink(std::string_view link) noexcept override { Linked(link); }
  void OnListed(std::string_view name) noexcept override;
  void OnClientName(std::string_view name) noexcept override;
  void OnReadOffset(std::uint64_t offset) noexcept override;

  FlowFacts flow_;
  FileBodies bodies_[2] = {{Direction::kToServer, flow_}, {Direction::kToClient, flow_}};
  NameTable names_;
  std::vector<Call> calls_;  // oldest first
  bool calls_seen_ = false;
  bool ended_[2] = {};
  Direction calls_direction_ = Direction::kToServer;

  // Of compounds that wait for their data to pass, a direction.
  CompoundWalk walks_[2];
  FileId walking_[2];
  // Of the message at hand.
  MessageSink* sink_ = nullptr;
  Direction direction_ = Direction::kToServer;
  FileId current_;           // the current file handle of a compound
  Call* at_hand_ = nullptr;  // the compound call that is read; null for a reply and behind data
  std::uint32_t call_xid_ = 0;
  bool reading_reply_ = false;
  Call replied_;  // what the reply answers
  bool replied_is_known_ = false;
  std::uint32_t told_ = 0, told_status_ = 0;
};

}  // namespace gander::protocol::nfs

#endif  // GANDER_PROTOCOL_NFS_PARSER_H_
