// SPDX-License-Identifier: Apache-2.0
#include "protocol/mqtt/exchanges.h"

#include "base/renew.h"
#include "protocol/mqtt/mqtt.h"

namespace gander::protocol::mqtt {
namespace {

// Whether another packet belongs to the exchange that `packet` opens.
bool AwaitsMore(const Packet& packet) noexcept {
  switch (packet.head.type) {
    case Type::kConnect: return true;
    case Type::kPublish: return packet.head.qos() > 0 && packet.has_id;
    case Type::kSubscribe:
    case Type::kUnsubscribe: return packet.has_id;
    default: return false;
  }
}

// The type that opened what `type` goes on with; kReserved when it goes on with nothing.
Type OpenedBy(Type type) noexcept {
  switch (type) {
    case Type::kConnack: return Type::kConnect;
    case Type::kPuback:
    case Type::kPubrec:
    case Type::kPubrel:
    case Type::kPubcomp: return Type::kPublish;
    case Type::kSuback: return Type::kSubscribe;
    case Type::kUnsuback: return Type::kUnsubscribe;
    default: return Type::kReserved;
  }
}

}  // namespace

std::size_t Exchanges::Match(const Packet& packet) const noexcept {
  const Type opened_by = OpenedBy(packet.head.type);
  // PUBREL comes from who published, all others from the other side.
  const Direction opener = packet.head.type == Type::kPubrel ? packet.direction : Opposite(packet.direction);
  std::size_t i = 0;
  while (i < open_.size() &&
         (open_[i].opened_by != opened_by || open_[i].opener != opener || open_[i].id != packet.id)) {
    ++i;
  }
  return i;
}

bool Exchanges::Add(const Packet& packet, const Record& record, Direction client, MessageSink& sink) noexcept {
  const Type type = packet.head.type;
  const bool answers = OpenedBy(type) != Type::kReserved;
  std::size_t i = answers ? Match(packet) : open_.size();
  const bool found = i < open_.size();
  if (!found) {
    if (open_.size() == kMaxOpen) Write(0, client, sink);
    i = open_.size();
    Exchange& fresh = open_.emplace_back();
    fresh.opened_by = type;
    fresh.opener = packet.direction;
    fresh.id = packet.has_id ? packet.id : 0;
    fresh.tx_id = next_tx_++;
    fresh.record.BeginObject("mqtt");
  }
  Exchange& exchange = open_[i];
  exchange.record.Append(record);
  const bool goes_on = found ? (type == Type::kPubrec || type == Type::kPubrel) : AwaitsMore(packet);
  if (!goes_on || ++exchange.packets >= kMaxPackets) Write(i, client, sink);
  return found || !answers;
}

void Exchanges::Write(std::size_t i, Direction client, MessageSink& sink) noexcept {
  open_[i].record.EndObject();
  sink.OnEvent("mqtt", open_[i].tx_id, client, open_[i].record);
  open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
  if (open_.empty()) std::vector<Exchange>().swap(open_);
}

void Exchanges::Close(Direction client, MessageSink& sink) noexcept {
  while (!open_.empty()) Write(0, client, sink);
}

void Exchanges::Reset() noexcept { Renew(*this); }

}  // namespace gander::protocol::mqtt
