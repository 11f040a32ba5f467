// SPDX-License-Identifier: Apache-2.0
#include "protocol/mqtt/packet.h"

#include <string>

#include "protocol/framing/printable.h"
#include "protocol/mqtt/mqtt.h"
#include "protocol/mqtt/wire.h"

namespace gander::protocol::mqtt {
namespace {

using framing::Printable;

constexpr const char* kNames[] = {nullptr,   "connect",  "connack",    "publish", "puback",      "pubrec",
                                  "pubrel",  "pubcomp",  "subscribe",  "suback",  "unsubscribe", "unsuback",
                                  "pingreq", "pingresp", "disconnect", "auth"};

// Flags of CONNECT (mqtt-v5.0 §3.1.2.3).
constexpr std::uint8_t kUserName = 0x80, kPassword = 0x40, kWillRetain = 0x20, kWill = 0x04, kClean = 0x02;

// As much of a payload as an event holds, not cut within a UTF-8 sequence.
std::string_view Shown(Bytes payload) noexcept {
  const std::string_view text = AsText(payload);
  if (text.size() <= Record::kMaxString) return text;
  std::size_t n = Record::kMaxString;
  for (int back = 0; back < 3 && (text[n] & 0xc0) == 0x80; ++back) --n;
  return text.substr(0, n);
}

class PacketReader {
 public:
  PacketReader(Bytes body, Packet& packet, Record* out, MessageSink& sink) noexcept
      : in_(body), packet_(packet), out_(out), sink_(sink) {}

  bool Read() noexcept {
    const Head& head = packet_.head;
    if (out_ != nullptr) {
      out_->BeginObject(kNames[static_cast<std::size_t>(head.type)]);
      out_->Integer("qos", head.qos()).Boolean("retain", head.retain()).Boolean("dup", head.dup());
    }
    const bool good = Content() && !in_.failed();
    if (out_ != nullptr) out_->EndObject();
    return good;
  }

 private:
  bool five() const noexcept { return packet_.version >= 5; }
  bool Properties(std::string_view* content_type = nullptr) noexcept {
    return !five() || ReadProperties(in_, packet_.direction, out_, content_type, sink_);
  }
  void Text(const char* key, const char* where, std::string_view value,
            Privacy privacy = Privacy::kIdentifier) noexcept {
    if (in_.failed()) return;
    if (out_ != nullptr) out_->String(key, Printable(value, scratch_), privacy);
    if (!value.empty()) sink_.OnField(where, key, packet_.direction, AsBytes(value));
  }
  void Number(const char* key, std::int64_t value) noexcept {
    if (out_ != nullptr && !in_.failed()) out_->Integer(key, value);
  }
  void Id() noexcept {
    packet_.id = in_.U16();
    packet_.has_id = !in_.failed();
    Number("message_id", packet_.id);
  }

  bool Content() noexcept {
    switch (packet_.head.type) {
      case Type::kConnect: return Connect();
      case Type::kConnack: return Connack();
      case Type::kPublish: return Publish();
      case Type::kPuback:
      case Type::kPubrec:
      case Type::kPubrel:
      case Type::kPubcomp: return Acknowledgement();
      case Type::kSubscribe:
      case Type::kUnsubscribe: return Subscribe();
      case Type::kSuback:
      case Type::kUnsuback: return Granted();
      case Type::kDisconnect: return Reason(true);
      case Type::kAuth: return Reason(true);
      case Type::kPingreq:
      case Type::kPingresp: return in_.remaining() == 0;
      case Type::kReserved: break;
    }
    return false;
  }

  bool Connect() noexcept {
    const std::string_view protocol = ReadString(in_);
    packet_.version = in_.U8();
    const std::uint8_t flags = in_.U8();
    in_.Skip(2);  // keep alive
    if (in_.failed()) return false;
    if (out_ != nullptr) {
      out_->String("protocol_string", Printable(protocol, scratch_)).Integer("protocol_version", packet_.version);
      out_->BeginObject("flags")
          .Boolean("username", (flags & kUserName) != 0)
          .Boolean("password", (flags & kPassword) != 0)
          .Boolean("will_retain", (flags & kWillRetain) != 0)
          .Boolean("will", (flags & kWill) != 0)
          .Boolean("clean_session", (flags & kClean) != 0)
          .EndObject();
    }
    if (!Properties()) return false;
    Text("client_id", "mqtt.connect", ReadString(in_));
    if ((flags & kWill) != 0 && !Will()) return false;
    if ((flags & kUserName) != 0) Text("username", "mqtt.connect", ReadString(in_), Privacy::kPersonal);
    if ((flags & kPassword) != 0) Text("password", "mqtt.connect", ReadString(in_), Privacy::kSecret);
    return true;
  }

  bool Will() noexcept {
    if (out_ != nullptr) out_->BeginObject("will");
    const bool good = Properties();
    if (good) {
      Text("topic", "mqtt.will", ReadString(in_));
      Text("message", "mqtt.will", ReadString(in_));
    }
    if (out_ != nullptr) out_->EndObject();
    return good;
  }

  bool Connack() noexcept {
    // Of a session whose CONNECT was not seen: only version 5 says more than two octets.
    if (packet_.version == 0 && in_.remaining() > 2) packet_.version = 5;
    const bool session_present = (in_.U8() & 1) != 0;
    const std::uint8_t code = in_.U8();
    if (in_.failed()) return false;
    if (out_ != nullptr) out_->Boolean("session_present", session_present).Integer("return_code", code);
    return in_.remaining() == 0 || Properties();
  }

  bool Publish() noexcept {
    packet_.topic = ReadString(in_);
    Text("topic", "mqtt.publish", packet_.topic);
    if (packet_.head.qos() > 0) Id();
    if (in_.failed() || !Properties(&packet_.content_type)) return false;
    packet_.payload = in_.rest();
    if (out_ != nullptr) out_->String("message", Printable(Shown(packet_.payload), scratch_), Privacy::kIdentifier);
    return true;
  }

  bool Acknowledgement() noexcept {
    Id();
    if (!five()) return in_.remaining() == 0;
    return Reason(true);
  }

  // The reason code may be left out when it is zero and there are no properties, and these when there are none.
  bool Reason(bool always) noexcept {
    if (!five()) return in_.remaining() == 0;
    if (in_.remaining() == 0) {
      if (always) Number("reason_code", 0);
      return true;
    }
    Number("reason_code", in_.U8());
    return in_.remaining() == 0 || Properties();
  }

  bool Subscribe() noexcept {
    const bool subscribe = packet_.head.type == Type::kSubscribe;
    Id();
    if (in_.failed() || !Properties()) return false;
    if (out_ != nullptr) out_->BeginArray("topics");
    for (int n = 0; in_.remaining() > 0 && n < kMaxListed && !in_.failed(); ++n) {
      const std::string_view topic = ReadString(in_);
      const std::uint8_t options = subscribe ? in_.U8() : 0;
      if (in_.failed()) break;
      if (!topic.empty()) sink_.OnField("mqtt.subscribe", "topic", packet_.direction, AsBytes(topic));
      if (out_ == nullptr) continue;
      if (subscribe) {
        out_->BeginObject()
            .String("topic", Printable(topic, scratch_), Privacy::kIdentifier)
            .Integer("qos", options & 3)
            .EndObject();
      } else {
        out_->String(nullptr, Printable(topic, scratch_), Privacy::kIdentifier);
      }
    }
    if (out_ != nullptr) out_->EndArray();
    return true;
  }

  bool Granted() noexcept {
    const bool suback = packet_.head.type == Type::kSuback;
    Id();
    if (in_.failed() || !Properties()) return false;
    if (out_ == nullptr || (in_.remaining() == 0 && !suback)) return true;
    out_->BeginArray(suback ? "qos_granted" : "reason_codes");
    for (int n = 0; in_.remaining() > 0 && n < kMaxListed; ++n) out_->Integer(nullptr, in_.U8());
    out_->EndArray();
    return true;
  }

  ByteReader in_;
  Packet& packet_;
  Record* out_;
  MessageSink& sink_;
  std::string scratch_;
};

// Flags that a packet of this type must have (mqtt-v5.0 table 2-2); PUBLISH has any but quality of service 3.
bool FlagsAllowed(const Head& head) noexcept {
  switch (head.type) {
    case Type::kPublish: return head.qos() < 3 && !(head.dup() && head.qos() == 0);
    case Type::kPubrel:
    case Type::kSubscribe:
    case Type::kUnsubscribe: return head.flags == 2;
    default: return head.flags == 0;
  }
}

// The least and most octets behind the head of each type.
bool LengthAllowed(const Head& head) noexcept {
  constexpr std::uint32_t kLongAcknowledgement = 1024;
  switch (head.type) {
    case Type::kPingreq:
    case Type::kPingresp: return head.length == 0;
    case Type::kConnect: return head.length >= 12;
    case Type::kSubscribe: return head.length >= 6;
    case Type::kUnsubscribe: return head.length >= 5;
    case Type::kPublish: return head.length >= 3;
    case Type::kDisconnect:
    case Type::kAuth: return head.length <= kLongAcknowledgement;
    default: return head.length >= 2 && head.length <= kLongAcknowledgement;
  }
}

bool IsTopic(std::string_view topic) noexcept {
  for (const char c : topic) {
    if (static_cast<unsigned char>(c) < ' ' || c == '#' || c == '+' || c == 0x7f) return false;
  }
  return !topic.empty();
}

}  // namespace

HeadStatus ReadHead(Bytes bytes, Head& head) noexcept {
  const std::uint8_t* const p = Octets(bytes);
  if (bytes.empty()) return HeadStatus::kNeedMore;
  head.type = static_cast<Type>(p[0] >> 4);
  head.flags = p[0] & 15;
  if (head.type == Type::kReserved) return HeadStatus::kBad;
  head.length = 0;
  for (std::size_t i = 1; i <= 4; ++i) {
    if (i >= bytes.size()) return HeadStatus::kNeedMore;
    head.length |= static_cast<std::uint32_t>(p[i] & 0x7f) << (7 * (i - 1));
    if ((p[i] & 0x80) != 0) continue;
    head.size = static_cast<std::uint8_t>(i + 1);
    return HeadStatus::kGood;
  }
  return HeadStatus::kBad;
}

bool ReadPacket(Bytes body, Packet& packet, Record* out, MessageSink& sink) noexcept {
  return PacketReader(body, packet, out, sink).Read();
}

bool LooksLikePacket(Bytes bytes) noexcept {
  // Small packets are whole, or another follows; a few in a row are enough.
  constexpr int kEnough = 4;
  for (int n = 0; n < kEnough; ++n) {
    Head head;
    if (ReadHead(bytes, head) != HeadStatus::kGood || !FlagsAllowed(head) || !LengthAllowed(head)) return false;
    ByteReader in(bytes.subspan(head.size));
    if (head.type == Type::kConnect) {
      const std::string_view name = ReadString(in);
      return name == "MQTT" || name == "MQIsdp";
    }
    if (head.type == Type::kPublish) {
      const std::string_view topic = ReadString(in);
      return !in.failed() && IsTopic(topic) && topic.size() + 2 <= head.length;
    }
    if (in.remaining() < head.length) return false;
    in.Skip(head.length);
    if (in.remaining() == 0) return true;
    bytes = in.rest();
  }
  return true;
}

}  // namespace gander::protocol::mqtt
