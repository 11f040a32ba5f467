// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "protocol/bacnet/bacnet.h"
#include "protocol/bacnet/message.h"
#include "protocol/bacnet/tag.h"
#include "protocol/framing/printable.h"

namespace gander::protocol {
namespace bacnet {
namespace {

// Working memory of a thread: a datagram is read at a time.
thread_local Record record, strings;

// What the tags of a message tell an event.
struct Facts {
  bool has_object = false, has_property = false, has_vendor = false, has_error = false;
  std::uint32_t object = 0, property = 0, vendor = 0, error_class = 0, error_code = 0;
  unsigned texts = 0;
};

class BacnetParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    const Direction d = chunk.direction;
    Message m;
    const bool good = ReadMessage(chunk.bytes, m);
    if (!good && datagrams_ == 0) return ParseStatus::kNotThis;
    const std::uint32_t tx_id = datagrams_++;
    if (!good) {
      sink.OnAnomaly("malformed_data");
      sink.OnFate(ByteFate::kOpaqueBinary, chunk.bytes.size());
      return ParseStatus::kContinue;
    }
    const bool asks = m.has_service() && m.type <= ApduType::kUnconfirmedRequest && m.segment == 0;
    if (asks) industrial::Count(FunctionOf(m), sink);
    Facts facts;
    strings.Clear();
    if (m.has_service() && m.segment == 0) {
      ReadTags(m, d, tx_id, facts, sink);
    } else if (m.segmented) {
      sink.OnFate(ByteFate::kOpaqueBinary, m.body.size());  // goes on in the middle of a tag
    }
    if (sink.WantsEvent("bacnet")) WriteEvent(m, facts, d, tx_id, sink);
    return ParseStatus::kContinue;
  }
  void OnEnd(Direction, MessageSink&) noexcept override {}
  void Reset() noexcept override { datagrams_ = 0; }
  bool at_rest() const noexcept override { return true; }
  void Resume(std::uint32_t datagrams) noexcept override { datagrams_ = datagrams; }

 private:
  static void ReadTags(const Message& m, Direction d, std::uint32_t tx_id, Facts& facts, MessageSink& sink) noexcept {
    TagReader tags(m.body);
    unsigned integers = 0;
    for (Tag tag; tags.Next(tag);) {
      if (tag.opens || tag.closes) continue;
      Learn(m, tag, tags.depth(), facts);
      if (tag.is(kUnsigned) && !m.confirmed() && m.service == kIAm && ++integers == 2) {
        facts.has_vendor = true;
        facts.vendor = tag.integer();
      }
      if (tag.is(kEnumerated) && m.type == ApduType::kError) {
        (facts.has_error ? facts.error_code : facts.error_class) = tag.integer();
        facts.has_error = true;
      }
      const bool file = m.confirmed() && (m.service == kAtomicReadFile || m.service == kAtomicWriteFile);
      if (tag.is(kOctetString) && file && !tag.value.empty()) PassOn(tag.value, d, tx_id, sink);
      if (tag.is(kCharacterString) || IsContextText(m, tag, tags.depth())) OnString(m, tag, d, facts, sink);
    }
    // Of a message in segments the last tag may lie in two.
    if (tags.failed() && !m.segmented) sink.OnAnomaly("malformed_data");
  }

  static void Learn(const Message& m, const Tag& tag, unsigned depth, Facts& facts) noexcept {
    const bool object = tag.value.size() == 4 && (tag.is(kObjectIdentifier) ||
                                                  (tag.context && depth == 0 && tag.number == ObjectTagOf(m)));
    if (object && !facts.has_object) {
      facts.has_object = true;
      facts.object = tag.integer();
    }
    if (!tag.context || !m.confirmed()) return;
    bool property = false;
    switch (m.service) {
      case kReadProperty:
      case kWriteProperty: property = depth == 0 && tag.number == 1; break;
      case kReadPropertyMultiple:
        property = depth == 1 && tag.number == (m.type == ApduType::kComplexAck ? 2 : 0);
        break;
      case kWritePropertyMultiple: property = depth == 1 && tag.number == 0; break;
      default: break;
    }
    if (!property) return;
    facts.has_property = true;
    facts.property = tag.integer();
  }

  static bool IsPassword(const Message& m, const Tag& tag) noexcept {
    if (m.type != ApduType::kConfirmedRequest || !tag.context) return false;
    return (m.service == kDeviceCommunicationControl && tag.number == 2) ||
           (m.service == kReinitializeDevice && tag.number == 1);
  }

  // Strings whose tags say nothing of their type: messages of people and of events, names that are looked for.
  static bool IsContextText(const Message& m, const Tag& tag, unsigned depth) noexcept {
    if (!tag.context || depth != 0) return false;
    if (IsPassword(m, tag)) return true;
    constexpr std::uint8_t kTextMessage = 19, kUnconfirmedText = 5, kEvent = 2, kUnconfirmedEvent = 3, kWhoHas = 7;
    if (m.type != ApduType::kConfirmedRequest && m.confirmed()) return false;
    const bool message = m.service == (m.confirmed() ? kTextMessage : kUnconfirmedText) && tag.number == 3;
    const bool event = m.service == (m.confirmed() ? kEvent : kUnconfirmedEvent) && tag.number == 8;
    return message || event || (!m.confirmed() && m.service == kWhoHas && tag.number == 3);
  }

  static void OnString(const Message& m, const Tag& tag, Direction d, Facts& facts, MessageSink& sink) noexcept {
    std::string converted, scratch;
    const std::string_view text = TextOf(tag.value, converted);
    if (text.empty()) return;
    const bool password = IsPassword(m, tag);
    const char* const property = facts.has_property ? PropertyName(facts.property) : nullptr;
    sink.OnField("bacnet.text", password ? "password" : property != nullptr ? property : "", d, AsBytes(text));
    if (password && facts.texts == 0) {
      strings.String("password", framing::Printable(text, scratch), Privacy::kSecret);
    } else if (!password && facts.texts < kMaxListed) {
      if (facts.texts++ == 0) strings.BeginArray("text");
      strings.String(nullptr, framing::Printable(text, scratch), Privacy::kIdentifier);
    }
  }

  static void PassOn(Bytes octets, Direction d, std::uint32_t tx_id, MessageSink& sink) noexcept {
    BodyMeta meta;
    meta.where = "bacnet.file";
    meta.direction = d;
    meta.tx_id = tx_id;
    meta.is_file = false;  // a stretch of one
    sink.OnBodyBegin(meta);
    sink.OnBodyPart(d, octets);
    sink.OnBodyEnd(d, BodyEnd::kComplete);
  }

  static void WriteEvent(const Message& m, const Facts& facts, Direction d, std::uint32_t tx_id,
                         MessageSink& sink) noexcept {
    record.Clear();
    record.BeginObject("bacnet").String("bvlc_function", BvlcName(m.bvlc));
    if (m.is_network_message) record.Integer("network_message", m.network_message);
    if (m.has_apdu) {
      record.String("apdu_type", ApduTypeName(m.type));
      if (m.confirmed()) record.Integer("invoke_id", m.invoke_id);
      if (m.segmented || m.type == ApduType::kSegmentAck) record.Integer("segment", m.segment);
      if (m.has_service() && (!m.segmented || m.segment == 0)) industrial::Write(m.service, FunctionOf(m), record);
      if (m.type == ApduType::kReject || m.type == ApduType::kAbort) record.Integer("reason", m.service);
    }
    if (facts.has_object) {
      constexpr unsigned kInstanceBits = 22;
      const char* const type = ObjectTypeName(facts.object >> kInstanceBits);
      record.BeginObject("object").Integer("type_code", facts.object >> kInstanceBits);
      if (type != nullptr) record.String("type", type);
      record.Integer("instance", facts.object & ((1u << kInstanceBits) - 1)).EndObject();
    }
    if (facts.has_property) {
      const char* const name = PropertyName(facts.property);
      record.Integer("property_code", facts.property);
      if (name != nullptr) record.String("property", name);
    }
    if (facts.has_vendor) record.Integer("vendor_id", facts.vendor);
    if (facts.has_error) {
      record.BeginObject("error").Integer("class", facts.error_class).Integer("code", facts.error_code).EndObject();
    }
    if (facts.texts > 0) strings.EndArray();
    record.Append(strings).EndObject();
    sink.OnEvent("bacnet", tx_id, d, record);
  }

  std::uint32_t datagrams_ = 0;
};

// Length and versions of two layers; what has one alone only on its ports.
Probe ProbeBacnet(const ProbeInput& input) noexcept {
  Message m;
  if (!ReadMessage(input.bytes, m)) return Probe::kNo;
  const auto here = [](std::uint16_t port) { return port >= kPort && port <= kLastPort; };
  return m.has_npdu || here(input.server_port) || here(input.client_port) ? Probe::kYes : Probe::kNo;
}

}  // namespace
}  // namespace bacnet

const ProtocolInfo kBacnet = {"bacnet", false, true, bacnet::ProbeBacnet,
                              []() -> std::unique_ptr<Parser> { return std::make_unique<bacnet::BacnetParser>(); },
                              FirstOctets::AnyOf("\x81")};

}  // namespace gander::protocol
