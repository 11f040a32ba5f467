// SPDX-License-Identifier: Apache-2.0
// Messages out of a stream; requests and their answers into one event.
#include <array>
#include <string>

#include "base/renew.h"
#include "protocol/ber/ber.h"
#include "protocol/ldap/ldap.h"
#include "protocol/ldap/message.h"

namespace gander::protocol {
namespace {

using ldap::Message;
using ldap::Operation;

// A request and what has been answered so far.
struct Transaction {
  bool open = false;
  bool start_tls = false, sasl = false;
  std::int64_t id = 0;
  std::uint32_t tx_id = 0;
  std::size_t responses = 0;
  Record request, answers;
};

class LdapParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(chunk.direction)];
    if (chunk.gap_before > 0) {
      std::string().swap(side.buffer);
      side.skip = 0;
      side.lost = true;
    }
    Bytes rest = chunk.bytes;
    while (!rest.empty()) {
      if (side.skip > 0) {
        const std::size_t n =
            TakeFront(rest, static_cast<std::size_t>(std::min<std::uint64_t>(side.skip, rest.size()))).size();
        side.skip -= n;
        sink.OnFate(ByteFate::kLostParserCap, n);
        continue;
      }
      if (side.buffer.empty() && sasl_bound_ && Octets(rest)[0] != ber::kSequence) return ParseStatus::kEncrypted;
      const ParseStatus status = Step(side, rest, chunk.direction, sink);
      if (status != ParseStatus::kContinue) {
        consumed_ = chunk.bytes.size() - rest.size();
        return status;
      }
    }
    return ParseStatus::kContinue;
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    std::string().swap(sides_[Index(direction)].buffer);
    if (direction == Direction::kToServer) return;
    for (Transaction& t : transactions_) {
      if (t.open) Tell(t, Direction::kToServer, sink);
    }
  }

  void Reset() noexcept override { Renew(*this, {}, &LdapParser::scratch_); }
  std::size_t consumed() const noexcept override { return consumed_; }

 private:
  struct Side {
    std::string buffer;      // of a message that spans chunks
    std::uint64_t skip = 0;  // bytes of a message beyond the cap still to come
    bool lost = false;       // a gap hid where messages begin
  };

  // Reads one message, or keeps its begin.
  ParseStatus Step(Side& side, Bytes& rest, Direction direction, MessageSink& sink) noexcept {
    const bool kept = !side.buffer.empty();
    // Behind a gap only a whole message at the front of a chunk is trusted.
    if (side.lost && !kept) {
      Message message;
      const std::uint64_t size = ber::SizeOf(rest);
      if (size == 0 || size > rest.size() || !ldap::ReadMessage(rest.first(static_cast<std::size_t>(size)), message)) {
        sink.OnFate(ByteFate::kOpaqueBinary, TakeFront(rest, rest.size()).size());
        return ParseStatus::kContinue;
      }
      side.lost = false;
    }
    std::uint64_t size = ber::SizeOf(kept ? AsBytes(side.buffer) : rest);
    if (size == 0) {  // not even the length
      side.buffer += AsText(TakeFront(rest, 1));
      size = ber::SizeOf(AsBytes(side.buffer));
      if (size == 0) return ParseStatus::kContinue;
    }
    if (size == ber::kMalformed) return Broken(side, rest, sink);
    if (size > ldap::kMaxMessage) {
      side.skip = size - side.buffer.size();
      std::string().swap(side.buffer);
      sink.OnAnomaly("ldap_message_too_long");
      return ParseStatus::kContinue;
    }
    if (side.buffer.empty() && size <= rest.size()) {
      return OnMessage(side, TakeFront(rest, static_cast<std::size_t>(size)), direction, sink);
    }
    side.buffer += AsText(TakeFront(rest, static_cast<std::size_t>(size) - side.buffer.size()));
    if (side.buffer.size() < size) return ParseStatus::kContinue;
    const std::string whole = std::move(side.buffer);
    side.buffer.clear();
    return OnMessage(side, AsBytes(whole), direction, sink);
  }

  ParseStatus Broken(Side& side, Bytes& rest, MessageSink& sink) noexcept {
    if (messages_ == 0) return ParseStatus::kNotThis;
    std::string().swap(side.buffer);
    side.lost = true;
    sink.OnAnomaly("malformed_data");
    sink.OnFate(ByteFate::kOpaqueBinary, TakeFront(rest, rest.size()).size());
    return ParseStatus::kContinue;
  }

  ParseStatus OnMessage(Side& side, Bytes bytes, Direction direction, MessageSink& sink) noexcept {
    Message message;
    if (!ldap::ReadMessage(bytes, message)) {
      Bytes none;
      sink.OnFate(ByteFate::kOpaqueBinary, bytes.size());
      return Broken(side, none, sink);
    }
    ++messages_;
    return ldap::IsRequest(message.operation) ? OnRequest(message, direction, sink)
                                              : OnResponse(message, direction, sink);
  }

  ParseStatus OnRequest(const Message& message, Direction direction, MessageSink& sink) noexcept {
    Transaction& t = Open(message.id, sink);
    t.request.BeginObject("request").Integer("message_id", message.id);
    const ldap::Outcome outcome = ldap::ReadOperation(message, direction, t.request, sink);
    t.request.EndObject();
    t.start_tls = outcome.asks_start_tls;
    t.sasl = outcome.sasl;
    if (outcome.malformed) sink.OnAnomaly("malformed_data");
    const bool answered =
        message.operation != Operation::kUnbindRequest && message.operation != Operation::kAbandonRequest;
    if (!answered) Tell(t, direction, sink);
    return ParseStatus::kContinue;
  }

  ParseStatus OnResponse(const Message& message, Direction direction, MessageSink& sink) noexcept {
    Transaction* found = nullptr;
    for (Transaction& t : transactions_) {
      if (t.open && t.id == message.id) found = &t;
    }
    Transaction& t = found != nullptr ? *found : Open(message.id, sink);
    scratch_.Clear();
    scratch_.BeginObject();
    if (found == nullptr) scratch_.Integer("message_id", message.id);
    const ldap::Outcome outcome = ldap::ReadOperation(message, direction, scratch_, sink);
    scratch_.EndObject();
    if (t.responses++ < ldap::kMaxShownResponses) t.answers.Append(scratch_);
    if (outcome.malformed) sink.OnAnomaly("malformed_data");
    if (!ldap::IsFinal(message.operation)) return ParseStatus::kContinue;
    const bool success = outcome.result == 0;
    if (t.sasl && success && message.operation == Operation::kBindResponse) sasl_bound_ = true;
    const bool start_tls = t.start_tls && success;
    Tell(t, direction, sink);
    return start_tls ? ParseStatus::kSwitch : ParseStatus::kContinue;
  }

  // A free transaction, or that of the oldest request, which is told as it is.
  Transaction& Open(std::int64_t id, MessageSink& sink) noexcept {
    Transaction* chosen = &transactions_[0];
    for (Transaction& t : transactions_) {
      if (!t.open) {
        chosen = &t;
        break;
      }
      if (t.tx_id < chosen->tx_id) chosen = &t;
    }
    if (chosen->open) Tell(*chosen, Direction::kToServer, sink);
    chosen->open = true;
    chosen->start_tls = chosen->sasl = false;
    chosen->id = id;
    chosen->tx_id = next_tx_++;
    chosen->responses = 0;
    chosen->request.Clear();
    chosen->answers.Clear();
    return *chosen;
  }

  void Tell(Transaction& t, Direction direction, MessageSink& sink) noexcept {
    t.open = false;
    scratch_.Clear();
    scratch_.BeginObject("ldap").Append(t.request);
    if (t.responses > 0) scratch_.BeginArray("responses").Append(t.answers).EndArray();
    scratch_.EndObject();
    sink.OnEvent("ldap", t.tx_id, direction, scratch_);
  }

  std::array<Side, 2> sides_;
  std::array<Transaction, ldap::kMaxPending> transactions_;
  Record scratch_;
  std::uint32_t next_tx_ = 0;
  std::uint64_t messages_ = 0;
  bool sasl_bound_ = false;
  std::size_t consumed_ = 0;
};

// A message that is there as a whole, or the begin of one: a sequence, a short number, an operation's tag.
Probe ProbeLdap(const ProbeInput& input) noexcept {
  const Bytes b = input.bytes;
  if (b.empty()) return Probe::kNeedMore;
  if (Octets(b)[0] != ber::kSequence) return Probe::kNo;
  const std::uint64_t size = ber::SizeOf(b);
  if (size == ber::kMalformed) return Probe::kNo;
  if (size == 0) return input.transport == ip_proto::kTcp ? Probe::kNeedMore : Probe::kNo;
  Message message;
  if (size <= b.size()) {
    const bool whole = ldap::ReadMessage(b.first(static_cast<std::size_t>(size)), message);
    return whole && (input.transport == ip_proto::kTcp || size == b.size()) ? Probe::kYes : Probe::kNo;
  }
  if (input.transport != ip_proto::kTcp || size > ldap::kMaxMessage) return Probe::kNo;
  const std::uint8_t* p = Octets(b);
  const std::size_t head = p[1] < 0x80 ? 2 : 2 + (p[1] & 0x7fu);
  if (b.size() < head + 3) return Probe::kNeedMore;
  if (p[head] != ber::kInteger || p[head + 1] == 0 || p[head + 1] > 4) return Probe::kNo;
  const std::size_t at = head + 2 + p[head + 1];
  if (b.size() <= at) return Probe::kNeedMore;
  return ldap::NameOf(static_cast<Operation>(p[at])) != nullptr ? Probe::kYes : Probe::kNo;
}

std::unique_ptr<Parser> Create() { return std::make_unique<LdapParser>(); }

}  // namespace

const ProtocolInfo kLdap = {"ldap", true, true, ProbeLdap, Create, FirstOctets{}.Range(ber::kSequence, ber::kSequence)};

}  // namespace gander::protocol
