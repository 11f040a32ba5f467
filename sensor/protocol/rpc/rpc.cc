// SPDX-License-Identifier: Apache-2.0
#include "protocol/rpc/rpc.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "protocol/framing/printable.h"
#include "protocol/framing/text_runs.h"
#include "protocol/rpc_message/message_parser.h"
#include "protocol/rpc_message/message.h"
#include "protocol/rpc_message/xdr_reader.h"

namespace gander::protocol {
namespace {

using rpc_message::Caller;
using rpc_message::Front;
using rpc_message::Head;
using rpc_message::Kind;
using rpc_message::Next;
using rpc_message::XdrReader;

thread_local Record event;
thread_local std::string text;

struct ProgramName {
  std::uint32_t number;
  const char* name;
};
// IANA "RPC Program Numbers", those in use.
constexpr ProgramName kPrograms[] = {
    {100000, "portmap"}, {100001, "rstat"},  {100002, "rusers"},   {100003, "nfs"},      {100004, "ypserv"},
    {100005, "mount"},   {100007, "ypbind"}, {100008, "wall"},     {100009, "yppasswd"}, {100011, "rquota"},
    {100012, "spray"},   {100017, "rexec"},  {100021, "nlockmgr"}, {100024, "status"},   {100028, "ypupdate"},
    {100068, "cmsd"},    {100083, "ttdb"},   {100227, "nfs_acl"},  {100229, "metad"},    {150001, "pcnfs"},
    {300019, "amd"},     {395179, "vxi11"},
};
const char* ProgramNameOf(std::uint32_t program) noexcept {
  const auto found = std::find_if(std::begin(kPrograms), std::end(kPrograms),
                                  [&](const ProgramName& p) { return p.number == program; });
  return found != std::end(kPrograms) ? found->name : nullptr;
}

struct Call {
  Caller caller;
  std::uint32_t program = 0, version = 0, procedure = 0, tx_id = 0;
  bool sealed = false;
  std::string path;
};

// MNT, UMNT.
bool NamesPath(const Call& call) noexcept {
  return call.program == rpc_message::kMountProgram && (call.procedure == 1 || call.procedure == 3);
}
// PMAPPROC_GETPORT.
bool AsksForPort(const Call& call) noexcept {
  return call.program == rpc_message::kPortmapProgram && call.version == 2 && call.procedure == 3;
}

class RpcParser final : public rpc_message::MessageParser {
 public:
  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    MessageParser::OnEnd(direction, sink);
    ended_[Index(direction)] = true;
    if (!ended_[0] || !ended_[1]) return;
    for (const Call& call : calls_) Tell(call, nullptr, {}, calls_direction_, sink);
    calls_.clear();
  }
  void Reset() noexcept override {
    MessageParser::Reset();
    std::vector<Call>().swap(calls_);
    machine_name_.clear();
    transactions_ = 0;
    ended_[0] = ended_[1] = false;
  }
  bool at_rest() const noexcept override { return calls_.empty() && at_ease(); }
  void Resume(std::uint32_t datagrams) noexcept override {
    transactions_ = datagrams;
    if (datagrams > 0) SetSeen();
  }

 protected:
  Next OnFront(const Front& front, Direction direction, MessageSink& sink) noexcept override {
    if (!front.final) return {.kind = Next::Kind::kMore};
    const Head head = rpc_message::ReadHead(front.bytes);
    if (head.kind == Kind::kCall) {
      OnCall(head, front.bytes.subspan(head.body), direction, sink);
    } else if (head.kind == Kind::kReply) {
      OnReply(head, front.bytes.subspan(head.body), direction, sink);
    } else {
      return {.kind = Next::Kind::kBad};
    }
    return {.kind = head.starts_tls ? Next::Kind::kSwitch : Next::Kind::kDone};
  }
  // No program here moves data.
  void OnData(Bytes, Direction, MessageSink&) noexcept override {}
  void OnDataGap(std::uint64_t, Direction, MessageSink&) noexcept override {}
  void OnDataEnd(Direction, MessageSink&) noexcept override {}

 private:
  void OnCall(const Head& head, Bytes body, Direction direction, MessageSink& sink) noexcept {
    if (calls_.size() == rpc::kMaxCalls) {
      Tell(calls_.front(), nullptr, {}, direction, sink);
      calls_.erase(calls_.begin());
    }
    calls_direction_ = direction;
    if (!head.machine_name.empty() && head.machine_name != machine_name_) {
      machine_name_ = head.machine_name;
      sink.OnField("rpc.machine_name", "host", direction, AsBytes(machine_name_));
    }
    Call call{{head.xid, head.flavor, head.uid, head.gid}, head.program, head.version, head.procedure, transactions_++,
              head.protection == rpc_message::kPrivacy, {}};
    if (NamesPath(call)) call.path = XdrReader(body).String().substr(0, rpc::kMaxPath);
    Scan(call.program, call.sealed, body, direction, sink);
    calls_.push_back(std::move(call));
  }

  void OnReply(const Head& head, Bytes body, Direction direction, MessageSink& sink) noexcept {
    const auto found =
        std::find_if(calls_.begin(), calls_.end(), [&](const Call& c) { return c.caller.xid == head.xid; });
    if (found == calls_.end()) return Scan(0, false, body, direction, sink);
    const Call call = std::move(*found);
    calls_.erase(found);
    Scan(call.program, call.sealed, body, direction, sink);
    Tell(call, &head, body, direction, sink);
  }

  static void Scan(std::uint32_t program, bool sealed, Bytes body, Direction direction, MessageSink& sink) noexcept {
    if (sealed) return sink.OnFate(ByteFate::kEncrypted, body.size());
    framing::GatherText(body, text);
    const char* const name = ProgramNameOf(program);
    if (!text.empty()) sink.OnField("rpc.text", name != nullptr ? name : "", direction, AsBytes(text));
  }

  // `reply` is null when none was seen.
  void Tell(const Call& call, const Head* reply, Bytes results, Direction direction, MessageSink& sink) noexcept {
    if (!sink.WantsEvent("rpc")) return;
    event.Clear();
    rpc_message::BeginRpc(event, call.caller, machine_name_,
                          reply != nullptr ? rpc_message::StatusName(*reply) : nullptr);
    event.Integer("program", call.program);
    if (const char* name = ProgramNameOf(call.program)) event.String("program_name", name);
    event.Integer("version", call.version)
        .Integer("procedure", call.procedure)
        .String("type", reply != nullptr ? "response" : "request");
    if (reply != nullptr && reply->accept_status != 0) event.Integer("accept_status", reply->accept_status);
    std::string scratch;
    if (!call.path.empty()) event.String("path", framing::Printable(call.path, scratch), Privacy::kIdentifier);
    if (reply != nullptr && AsksForPort(call) && results.size() >= 4) event.Integer("port", XdrReader(results).U32());
    event.EndObject();
    sink.OnEvent("rpc", call.tx_id, direction, event);
  }

  std::vector<Call> calls_;
  std::string machine_name_;
  std::uint32_t transactions_ = 0;
  Direction calls_direction_ = Direction::kToServer;
  bool ended_[2] = {};
};

Probe ProbeRpc(const ProbeInput& input) noexcept {
  if (rpc_message::IsNoOpening(input)) return Probe::kNo;
  const rpc_message::Opening opening = rpc_message::ReadOpening(input);
  if (!opening.fits) return Probe::kNo;
  return opening.head.kind == Kind::kShort ? Probe::kNeedMore : Probe::kYes;
}

}  // namespace

const ProtocolInfo kRpc = {"rpc", true, true, ProbeRpc,
                           []() -> std::unique_ptr<Parser> { return std::make_unique<RpcParser>(); }};

}  // namespace gander::protocol
