// SPDX-License-Identifier: Apache-2.0
#include "protocol/s7/message.h"

#include <algorithm>
#include <string>

#include "base/byte_reader.h"
#include "protocol/framing/printable.h"
#include "protocol/s7/s7.h"

namespace gander::protocol::s7 {
namespace {

using industrial::Category;
using industrial::Function;

struct Known {
  std::uint16_t code;
  Function function;
};

constexpr Known kFunctions[] = {
    {0x00, {"cpu_services", Category::kDiagnostic}},
    {kReadVar, {"read_var", Category::kRead}},
    {kWriteVar, {"write_var", Category::kWrite}},
    {kRequestDownload, {"request_download", Category::kControl}},
    {kDownloadBlock, {"download_block", Category::kControl}},
    {kDownloadEnded, {"download_ended", Category::kControl}},
    {kStartUpload, {"start_upload", Category::kRead}},
    {kUpload, {"upload", Category::kRead}},
    {kEndUpload, {"end_upload", Category::kRead}},
    {kPiService, {"pi_service", Category::kControl}},
    {kPlcStop, {"plc_stop", Category::kControl}},
    {0xf0, {"setup_communication", Category::kDiagnostic}},
};

constexpr Known kGroups[] = {
    {0x0, {"mode_transition", Category::kDiagnostic}},     {0x1, {"programmer_commands", Category::kDiagnostic}},
    {0x2, {"cyclic_data", Category::kRead}},               {0x3, {"block_functions", Category::kRead}},
    {0x4, {"cpu_functions", Category::kDiagnostic}},       {0x5, {"security", Category::kControl}},
    {0x6, {"program_block_send_receive", Category::kWrite}}, {0x7, {"time_functions", Category::kRead}},
    {0xf, {"nc_programming", Category::kControl}},
};
constexpr std::uint8_t kTime = 7;

constexpr Known kPlusFunctions[] = {
    {0x04bb, {"explore", Category::kRead}},
    {0x04ca, {"create_object", Category::kControl}},
    {0x04d4, {"delete_object", Category::kControl}},
    {0x04f2, {"set_variable", Category::kWrite}},
    {0x0524, {"get_link", Category::kRead}},
    {0x0542, {"set_multi_variables", Category::kWrite}},
    {0x054c, {"get_multi_variables", Category::kRead}},
    {0x0556, {"begin_sequence", Category::kControl}},
    {0x0560, {"end_sequence", Category::kControl}},
    {0x056b, {"invoke", Category::kControl}},
    {0x0586, {"get_variables_substreamed", Category::kRead}},
};

template <std::size_t N>
Function Find(const Known (&known)[N], std::uint16_t code) noexcept {
  const auto* const k =
      std::find_if(std::begin(known), std::end(known), [&](const Known& x) { return x.code == code; });
  return k == std::end(known) ? Function{nullptr, Category::kOther} : k->function;
}

const char* AreaName(std::uint8_t area) noexcept {
  switch (area) {
    case 0x03: return "system_info";
    case 0x05: return "system_flags";
    case 0x06: return "analog_inputs";
    case 0x07: return "analog_outputs";
    case 0x1c:
    case 0x1e: return "C";
    case 0x1d:
    case 0x1f: return "T";
    case 0x80: return "P";
    case 0x81: return "I";
    case 0x82: return "Q";
    case 0x83: return "M";
    case 0x84: return "DB";
    case 0x85: return "DI";
    case 0x86: return "L";
    default: return "unknown";
  }
}

bool ItemsAreNamed(const Message& m) noexcept {
  return (m.type == kJob || m.type == kAckData) && (m.code == kReadVar || m.code == kWriteVar) &&
         m.parameter.size() >= 2;
}

// {"items"}: addresses of the form "any" are read, of others the syntax is told.
void WriteItems(const Message& m, Record& out) {
  constexpr std::uint8_t kSyntaxAny = 0x10;
  ByteReader in(m.parameter);
  in.Skip(1);
  const unsigned count = in.U8();
  out.Integer("item_count", count);
  if (m.type != kJob) return;
  out.BeginArray("items");
  for (unsigned i = 0; i < std::min(count, kMaxItems) && in.remaining() > 0; ++i) {
    in.Skip(1);
    const std::uint8_t length = in.U8();
    ByteReader item(in.Take(length));
    if (in.failed()) break;
    if (length % 2 != 0 && in.remaining() > 0) in.Skip(1);  // items begin at even places
    const std::uint8_t syntax = item.U8();
    out.BeginObject();
    if (syntax == kSyntaxAny) {
      const std::uint8_t transport = item.U8();
      const std::uint16_t number = item.U16(), db = item.U16();
      const std::uint8_t area = item.U8();
      const std::uint32_t bits = item.U24();
      out.String("area", AreaName(area));
      if (db != 0) out.Integer("db", db);
      out.Integer("address", bits >> 3).Integer("bit", bits & 7);
      out.Integer("transport_size", transport).Integer("length", number);
    } else {
      out.Integer("syntax", syntax);
    }
    out.EndObject();
  }
  out.EndArray();
}

std::string_view Name(ByteReader& in) noexcept { return AsText(in.Take(in.U8())); }

}  // namespace

bool ReadMessage(Bytes bytes, Message& out) noexcept {
  ByteReader in(bytes);
  out = Message();
  if (in.U8() != kProtocol) return false;
  out.type = in.U8();
  if (PduTypeName(out.type) == nullptr) return false;
  in.Skip(2);
  out.reference = in.U16();
  const std::uint16_t parameters = in.U16(), data = in.U16();
  out.has_error = out.type == kAck || out.type == kAckData;
  if (out.has_error) {
    out.error_class = in.U8();
    out.error_code = in.U8();
  }
  out.parameter = in.Take(parameters);
  out.data = in.Take(data);
  if (in.failed()) return false;
  ByteReader parameter(out.parameter);
  if (out.type != kUserData) {
    out.code = parameter.U8();
    return out.type == kAck || !parameter.failed();
  }
  parameter.Skip(5);  // a constant head, the length, the method
  const std::uint8_t group = parameter.U8();
  out.subfunction = parameter.U8();
  constexpr std::uint8_t kRequest = 4;
  out.asks = group >> 4 == kRequest;
  out.code = group & 0xf;
  return !parameter.failed();
}

const char* PduTypeName(std::uint8_t type) noexcept {
  switch (type) {
    case kJob: return "job";
    case kAck: return "ack";
    case kAckData: return "ack_data";
    case kUserData: return "userdata";
    default: return nullptr;
  }
}

Function FunctionOf(const Message& m) noexcept {
  if (m.type != kUserData) return Find(kFunctions, m.code);
  Function f = Find(kGroups, m.code);
  const bool sets_clock = m.code == kTime && (m.subfunction == 2 || m.subfunction == 4);
  if (sets_clock) f.category = Category::kWrite;
  return f;
}

std::string_view FileOf(const Message& m) noexcept {
  const bool loads = m.code >= kRequestDownload && m.code <= kStartUpload;
  if (m.type != kJob || !loads) return {};
  ByteReader in(m.parameter);
  in.Skip(8);  // function, status, error, upload's number
  return Name(in);
}

std::string_view ServiceOf(const Message& m) noexcept {
  if (m.type != kJob || (m.code != kPiService && m.code != kPlcStop)) return {};
  ByteReader in(m.parameter);
  if (m.code == kPlcStop) {
    in.Skip(6);
  } else {
    in.Skip(8);
    in.Skip(in.U16());  // its own parameters
  }
  return Name(in);
}

Bytes BlockOf(const Message& m) noexcept {
  if (m.type != kAckData || (m.code != kDownloadBlock && m.code != kUpload)) return {};
  ByteReader in(m.data);
  const std::uint16_t length = in.U16();
  in.Skip(2);
  return in.failed() ? Bytes{} : in.rest().first(std::min<std::size_t>(length, in.remaining()));
}

Values::Values(const Message& m) noexcept {
  const bool reads = m.type == kAckData && m.code == kReadVar;
  written_ = m.type == kJob && m.code == kWriteVar;
  if ((!reads && !written_) || m.parameter.size() < 2) return;
  left_ = std::min<unsigned>(Octets(m.parameter)[1], kMaxItems);
  rest_ = m.data;
}

bool Values::Next(Bytes& value) noexcept {
  if (left_ == 0 || rest_.empty()) return false;
  --left_;
  ByteReader in(rest_);
  in.Skip(1);
  const std::uint8_t transport = in.U8();
  const std::uint16_t length = in.U16();
  const bool in_bits = transport >= 3 && transport <= 5;
  const std::size_t octets = in_bits ? (length + 7u) / 8 : length;
  value = in.Take(octets);
  if (in.failed()) return false;
  if (octets % 2 != 0 && in.remaining() > 0) in.Skip(1);
  rest_ = in.rest();
  return true;
}

void Write(const Message& m, Record& out) {
  std::string scratch;
  out.String("pdu_type", PduTypeName(m.type)).Integer("pdu_reference", m.reference);
  industrial::Write(m.code, FunctionOf(m), out);
  if (m.type == kUserData) out.Boolean("request", m.asks).Integer("subfunction", m.subfunction);
  if (ItemsAreNamed(m)) WriteItems(m, out);
  if (const std::string_view file = FileOf(m); !file.empty()) {
    out.String("file", framing::Printable(file, scratch), Privacy::kIdentifier);
  }
  if (const std::string_view service = ServiceOf(m); !service.empty()) {
    out.String("service", framing::Printable(service, scratch), Privacy::kIdentifier);
  }
  if (m.has_error) out.Integer("error_class", m.error_class).Integer("error_code", m.error_code);
}

PlusHead ReadPlus(Bytes bytes) noexcept {
  constexpr std::uint8_t kRequest = 0x31, kResponse = 0x32;
  PlusHead head;
  ByteReader in(bytes);
  in.Skip(1);
  head.version = in.U8();
  in.Skip(2);
  const std::uint8_t opcode = in.U8();
  in.Skip(2);
  head.code = in.U16();
  head.has_function = !in.failed() && (opcode == kRequest || opcode == kResponse);  // else a keep-alive, a notification
  head.asks = head.has_function && opcode == kRequest;
  if (head.has_function) head.function = Find(kPlusFunctions, head.code);
  return head;
}

void Write(const PlusHead& head, Record& out) {
  out.String("pdu_type", "s7comm_plus").Integer("version", head.version);
  if (!head.has_function) return;
  out.Boolean("request", head.asks);
  industrial::Write(head.code, head.function, out);
}

}  // namespace gander::protocol::s7
