// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "protocol/framing/printable.h"
#include "protocol/mqtt/mqtt.h"
#include "protocol/mqtt/wire.h"

namespace gander::protocol::mqtt {
namespace {

enum class Form : std::uint8_t { kByte, kTwo, kFour, kVariable, kString, kPair };
struct Property {
  std::uint8_t id;
  Form form;
  const char* name;
  Privacy privacy = Privacy::kIdentifier;
};
// mqtt-v5.0 table 2-4; names as Suricata's.
constexpr Property kProperties[] = {
    {1, Form::kByte, "payload_format_indicator"},
    {2, Form::kFour, "message_expiry_interval"},
    {3, Form::kString, "content_type"},
    {8, Form::kString, "response_topic"},
    {9, Form::kString, "correlation_data"},
    {11, Form::kVariable, "subscription_identifier"},
    {17, Form::kFour, "session_expiry_interval"},
    {18, Form::kString, "assigned_client_identifier"},
    {19, Form::kTwo, "server_keep_alive"},
    {21, Form::kString, "authentication_method"},
    {22, Form::kString, "authentication_data", Privacy::kSecret},
    {23, Form::kByte, "request_problem_information"},
    {24, Form::kFour, "will_delay_interval"},
    {25, Form::kByte, "request_response_information"},
    {26, Form::kString, "response_information"},
    {28, Form::kString, "server_reference"},
    {31, Form::kString, "reason_string"},
    {33, Form::kTwo, "receive_maximum"},
    {34, Form::kTwo, "topic_alias_maximum"},
    {35, Form::kTwo, "topic_alias"},
    {36, Form::kByte, "maximum_qos"},
    {37, Form::kByte, "retain_available"},
    {38, Form::kPair, "user_property"},
    {39, Form::kFour, "maximum_packet_size"},
    {40, Form::kByte, "wildcard_subscription_available"},
    {41, Form::kByte, "subscription_identifier_available"},
    {42, Form::kByte, "shared_subscription_available"},
};

constexpr int kContentType = 3;

class Writer {
 public:
  explicit Writer(Record* out) noexcept : out_(out) {}
  void Integer(const Property& p, std::uint32_t value) {
    if (Wanted(p)) out_->Integer(p.name, value);
  }
  void String(const Property& p, std::string_view value) {
    if (Wanted(p)) out_->String(p.name, framing::Printable(value, scratch_), p.privacy);
  }
  // A user property's name is the sender's own: as a string beside its value. The first of a packet is written.
  void Pair(const Property& p, std::string_view name, std::string_view value) {
    if (!Wanted(p)) return;
    out_->BeginObject(p.name).String("name", framing::Printable(name, scratch_), Privacy::kIdentifier);
    out_->String("value", framing::Printable(value, scratch_), Privacy::kIdentifier).EndObject();
  }

 private:
  // Each name once: a member that comes twice would be no JSON.
  bool Wanted(const Property& p) noexcept {
    const bool first = (seen_ >> p.id & 1) == 0;
    seen_ |= std::uint64_t{1} << p.id;
    return out_ != nullptr && first;
  }
  Record* out_;
  std::uint64_t seen_ = 0;
  std::string scratch_;
};

}  // namespace

bool ReadProperties(ByteReader& in, Direction direction, Record* out, std::string_view* content_type,
                    MessageSink& sink) noexcept {
  ByteReader list(in.Take(ReadVariable(in)));
  if (in.failed()) return false;
  if (list.remaining() == 0) return true;
  if (out != nullptr) out->BeginObject("properties");
  Writer writer(out);
  bool good = true;
  for (int n = 0; good && list.remaining() > 0 && n < kMaxListed; ++n) {
    const std::uint8_t id = list.U8();
    const auto* p =
        std::find_if(std::begin(kProperties), std::end(kProperties), [&](const Property& x) { return x.id == id; });
    if (p == std::end(kProperties)) {
      good = false;
      break;
    }
    switch (p->form) {
      case Form::kByte: writer.Integer(*p, list.U8()); break;
      case Form::kTwo: writer.Integer(*p, list.U16()); break;
      case Form::kFour: writer.Integer(*p, list.U32()); break;
      case Form::kVariable: writer.Integer(*p, ReadVariable(list)); break;
      case Form::kString: {
        const std::string_view value = ReadString(list);
        if (id == kContentType && content_type != nullptr) *content_type = value;
        if (list.failed()) break;
        writer.String(*p, value);
        if (p->privacy != Privacy::kSecret) sink.OnField("mqtt.property", p->name, direction, AsBytes(value));
        break;
      }
      case Form::kPair: {
        const std::string_view name = ReadString(list), value = ReadString(list);
        if (list.failed()) break;
        writer.Pair(*p, name, value);
        sink.OnField("mqtt.user_property", name, direction, AsBytes(value));
        break;
      }
    }
    good = good && !list.failed();
  }
  if (out != nullptr) out->EndObject();
  return good;
}

}  // namespace gander::protocol::mqtt
