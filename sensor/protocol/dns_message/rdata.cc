// SPDX-License-Identifier: Apache-2.0
#include "protocol/dns_message/rdata.h"

#include "base/byte_reader.h"

namespace gander::protocol::dns {
namespace {

constexpr char kHex[] = "0123456789abcdef";

void AppendHex(std::uint8_t byte, std::string& out) {
  out += kHex[byte >> 4];
  out += kHex[byte & 0xf];
}

// All eight groups with their zeros, as EVE has them.
void AppendV6(Bytes octets, std::string& out) {
  for (std::size_t i = 0; i < octets.size(); ++i) {
    if (i > 0 && i % 2 == 0) out += ':';
    AppendHex(static_cast<std::uint8_t>(octets[i]), out);
  }
}

void AppendStrings(Bytes data, std::string& out) {
  while (!data.empty()) out += TakeString(data);
}

// Length of the UTF-8 sequence at s[0], 0 when it is none (RFC 3629, without overlong forms and surrogates).
std::size_t Utf8Length(std::string_view s) noexcept {
  const auto c = static_cast<std::uint8_t>(s[0]);
  if (c < 0x80) return 1;
  const std::size_t n = c >= 0xf0 && c < 0xf5 ? 4 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xc2 && c < 0xe0 ? 2 : 0;
  if (n == 0 || n > s.size()) return 0;
  for (std::size_t i = 1; i < n; ++i) {
    if ((static_cast<std::uint8_t>(s[i]) & 0xc0) != 0x80) return 0;
  }
  const auto second = static_cast<std::uint8_t>(s[1]);
  const bool bad = (c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f) ||
                   (c == 0xf0 && second < 0x90) || (c == 0xf4 && second > 0x8f);
  return bad ? 0 : n;
}

bool IsUtf8(std::string_view s) noexcept {
  while (!s.empty()) {
    const std::size_t n = Utf8Length(s);
    if (n == 0) return false;
    s.remove_prefix(n);
  }
  return true;
}

void WriteSoa(const MessageReader& reader, const ResourceRecord& record, Record& out) {
  std::string mname, rname;
  std::size_t at = record.data;
  if (!reader.ReadName(at, mname) || !reader.ReadName(at, rname)) return;
  if (at < record.data || at - record.data > record.length) return;
  ByteReader r(reader.data(record).subspan(at - record.data));
  std::uint32_t numbers[5];
  for (std::uint32_t& n : numbers) n = r.U32();
  if (r.failed()) return;
  std::string scratch;
  out.BeginObject("soa").String("mname", Printable(mname, scratch), Privacy::kIdentifier);
  out.String("rname", Printable(rname, scratch), Privacy::kIdentifier);
  constexpr const char* kKeys[] = {"serial", "refresh", "retry", "expire", "minimum"};
  for (int i = 0; i < 5; ++i) out.Integer(kKeys[i], numbers[i]);
  out.EndObject();
}

void WriteSrv(const MessageReader& reader, const ResourceRecord& record, Record& out) {
  ByteReader r(reader.data(record));
  const std::uint16_t priority = r.U16(), weight = r.U16(), port = r.U16();
  std::string name, scratch;
  std::size_t at = record.data + 6;
  if (r.failed() || !reader.ReadName(at, name)) return;
  out.BeginObject("srv").Integer("priority", priority).Integer("weight", weight).Integer("port", port);
  out.String("name", Printable(name, scratch), Privacy::kIdentifier).EndObject();
}

void WriteSshfp(Bytes data, Record& out) {
  ByteReader r(data);
  const std::uint8_t algorithm = r.U8(), type = r.U8();
  if (r.failed()) return;
  std::string fingerprint;
  for (const std::byte b : r.rest()) {
    if (!fingerprint.empty()) fingerprint += ':';
    AppendHex(static_cast<std::uint8_t>(b), fingerprint);
  }
  out.BeginObject("sshfp")
      .String("fingerprint", fingerprint)
      .Integer("algo", algorithm)
      .Integer("type", type);
  out.EndObject();
}

void WriteNaptr(const MessageReader& reader, const ResourceRecord& record, Record& out) {
  ByteReader r(reader.data(record));
  const std::uint16_t order = r.U16(), preference = r.U16();
  std::string_view strings[3];
  for (std::string_view& s : strings) {
    const std::uint8_t length = r.U8();
    s = AsText(r.Take(length));
  }
  std::string replacement, scratch;
  std::size_t at = record.data + r.position();
  if (r.failed() || !reader.ReadName(at, replacement)) return;
  out.BeginObject("naptr").Integer("order", order).Integer("preference", preference);
  out.String("flags", Printable(strings[0], scratch), Privacy::kIdentifier);
  out.String("service", Printable(strings[1], scratch), Privacy::kIdentifier);
  out.String("regex", Printable(strings[2], scratch), Privacy::kIdentifier);
  out.String("replacement", Printable(replacement, scratch), Privacy::kIdentifier).EndObject();
}

}  // namespace

bool DataText(const MessageReader& reader, const ResourceRecord& record, std::string& out) noexcept {
  out.clear();
  const Bytes data = reader.data(record);
  std::size_t at = record.data;
  switch (record.type) {
    case kA:
      if (data.size() != 4) return false;
      for (std::size_t i = 0; i < 4; ++i) {
        if (i > 0) out += '.';
        out += std::to_string(Octets(data)[i]);
      }
      return true;
    case kAaaa:
      if (data.size() != 16) return false;
      AppendV6(data, out);
      return true;
    case kMx:
    case kSvcb:
    case kHttps:
      at += 2;  // preference, priority
      [[fallthrough]];
    case kNs:
    case kCname:
    case kDname:
    case kPtr:
      return reader.ReadName(at, out);
    case kTxt:
      AppendStrings(data, out);
      return true;
    case kNull:
      out = AsText(data);
      return true;
    default:
      return false;
  }
}

void WriteData(const MessageReader& reader, const ResourceRecord& record, const char* key,
               std::string& scratch, Record& out) {
  scratch.clear();
  switch (record.type) {
    case kSoa:
      return WriteSoa(reader, record, out);
    case kSrv:
      return WriteSrv(reader, record, out);
    case kSshfp:
      return WriteSshfp(reader.data(record), out);
    case kNaptr:
      return WriteNaptr(reader, record, out);
    default:
      break;
  }
  if (!DataText(reader, record, scratch)) return scratch.clear();
  std::string printable;
  out.String(key, Printable(scratch, printable), Privacy::kIdentifier);
}

std::string_view TakeString(Bytes& data) noexcept {
  if (data.empty()) return {};
  const std::uint8_t length = Octets(data)[0];
  data = data.subspan(1);
  return AsText(TakeFront(data, length));
}

std::string_view Printable(std::string_view s, std::string& scratch) {
  if (IsUtf8(s)) return s;
  scratch.clear();
  for (const char c : s) {
    if (static_cast<std::uint8_t>(c) < 0x80) {
      scratch += c;
    } else {
      scratch += "\\x";
      AppendHex(static_cast<std::uint8_t>(c), scratch);
    }
  }
  return scratch;
}

}  // namespace gander::protocol::dns
