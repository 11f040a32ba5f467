// SPDX-License-Identifier: Apache-2.0
#include "protocol/dns_message/event.h"

#include <algorithm>

#include "protocol/dns_message/rdata.h"

namespace gander::protocol::dns {
namespace {

// Working memory of a thread: messages are read one at a time, and a flow that waits for its answer should
// hold none.
struct Scratch {
  Record record;
  std::string name, text, number;
};
thread_local Scratch scratch;

struct Section {
  const char* key;
  int count;
  std::size_t begin = 0;  // offset of its first record
};

const char* EventType(Flavour flavour) noexcept {
  switch (flavour) {
    case Flavour::kMdns:
      return "mdns";
    case Flavour::kLlmnr:
      return "llmnr";
    case Flavour::kDns:
      break;
  }
  return "dns";
}

// Records whose data carry more than an address.
bool CarriesData(std::uint16_t type) noexcept {
  constexpr std::uint16_t kDs = 43, kRrsig = 46, kNsec = 47, kDnskey = 48, kNsec3 = 50;
  switch (type) {
    case kA:
    case kNs:
    case kSoa:
    case kPtr:
    case kAaaa:
    case kNaptr:
    case kOpt:
    case kDs:
    case kRrsig:
    case kNsec:
    case kDnskey:
    case kNsec3:
    case kSshfp:
    case kSvcb:
    case kHttps: return false;
    default: return true;
  }
}

// Names are compared without regard to case (RFC 4343), so detectors get them in lower case.
void TellName(std::string_view name, std::uint16_t type, const Header& header, Bytes data, MessageSink& sink) noexcept {
  char lower[kMaxName];
  const std::size_t n = std::min(name.size(), sizeof lower);
  std::transform(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(n), lower,
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  sink.OnDnsName({{lower, n}, type, header.response(), static_cast<std::uint8_t>(header.rcode()), data});
}

// A question is told where it is asked, and where it is answered by an error: of those there are no records.
bool TellsQuestion(const Header& header, MessageSink& sink) noexcept {
  return (!header.response() || header.rcode() != 0) && sink.Observes(Observation::kDnsName);
}

void WriteFlags(const Header& header, Record& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  char flags[4];
  for (int i = 0; i < 4; ++i) flags[i] = kHex[header.flags >> (12 - 4 * i) & 0xf];
  const char* first = std::find_if(flags, flags + 3, [](char c) { return c != '0'; });
  out.String("flags", {first, static_cast<std::size_t>(flags + 4 - first)});
  struct Bit {
    const char* key;
    std::uint16_t mask;
  };
  for (const Bit& bit : {Bit{"qr", 0x8000}, Bit{"aa", 0x0400}, Bit{"tc", 0x0200}, Bit{"rd", 0x0100},
                         Bit{"ra", 0x0080}, Bit{"z", 0x0040}}) {
    if ((header.flags & bit.mask) != 0) out.Boolean(bit.key, true);
  }
  out.Integer("opcode", header.opcode());
  out.String("rcode", RcodeName(header.rcode(), scratch.number));
}

bool WriteQuestions(MessageReader& reader, const Header& header, Flavour flavour, Direction direction,
                    MessageSink& sink) noexcept {
  Record& out = scratch.record;
  if (header.questions == 0) return true;
  bool good = true;
  Question first;
  const std::size_t begin = reader.position();
  out.BeginArray("queries");
  for (int i = 0; i < header.questions && good; ++i) {
    Question q;
    good = reader.Read(q, scratch.name);
    if (!good) break;
    if (i == 0) first = q;
    if (i >= kMaxRecords) continue;
    sink.OnField("dns.query.rrname", {}, direction, AsBytes(scratch.name));
    if (TellsQuestion(header, sink)) TellName(scratch.name, q.type, header, {}, sink);
    out.BeginObject();
    out.String("rrname", Printable(scratch.name, scratch.text), Privacy::kIdentifier);
    out.String("rrtype", TypeName(q.type, flavour == Flavour::kLlmnr, scratch.number));
    out.EndObject();
  }
  out.EndArray();
  if (first.type != 0 && flavour == Flavour::kLlmnr) {
    // The first question once more in the flat form and spelling of older DNS events.
    std::size_t at = begin;
    reader.ReadName(at, scratch.name);
    out.String("rrname", Printable(scratch.name, scratch.text), Privacy::kIdentifier);
    out.String("rrtype", TypeName(first.type, false, scratch.number));
  }
  return good;
}

// A text record of several strings is shown as several records, one a string.
void WriteRecord(MessageReader& reader, const ResourceRecord& r, Flavour flavour, Record& out) {
  const char* const type = TypeName(r.type, flavour == Flavour::kLlmnr, scratch.number);
  // `number` must not become a key, which has to be static: unknown types have no data anyway.
  const char* const key = flavour != Flavour::kLlmnr || type == scratch.number.c_str() ? "rdata" : type;
  Bytes strings = reader.data(r);
  do {
    out.BeginObject();
    out.String("rrname", Printable(scratch.name, scratch.text), Privacy::kIdentifier);
    out.String("rrtype", type);
    if (r.type != kOpt) out.Integer("ttl", r.ttl);
    if (r.type == kTxt) {
      out.String(key, Printable(TakeString(strings), scratch.text), Privacy::kIdentifier);
    } else {
      WriteData(reader, r, key, scratch.text, out);
    }
    out.EndObject();
  } while (r.type == kTxt && !strings.empty());
}

bool WriteSection(MessageReader& reader, Section& section, const Header& header, Flavour flavour, Direction direction,
                  MessageSink& sink) {
  section.begin = reader.position();
  if (section.count == 0) return true;
  Record& out = scratch.record;
  bool good = true;
  out.BeginArray(section.key);
  for (int i = 0; i < section.count && good; ++i) {
    ResourceRecord r;
    good = reader.Read(r, scratch.name);
    if (!good) section.count = i;
    if (!good || i >= kMaxRecords) continue;
    if (CarriesData(r.type) && sink.Observes(Observation::kDnsName)) {
      TellName(scratch.name, r.type, header, reader.data(r), sink);
    }
    WriteRecord(reader, r, flavour, out);
    if (r.type == kTxt && DataText(reader, r, scratch.text) && !scratch.text.empty()) {
      sink.OnField("dns.answer.txt", {}, direction, AsBytes(scratch.text));
    }
  }
  out.EndArray();
  return good;
}

// Data of the answers by type, for readers that only want addresses or names.
void WriteGrouped(MessageReader& reader, const Section& answers, Record& out) {
  bool any = false;
  for (const std::uint16_t type : kGroupedTypes) {
    bool open = false;
    reader.Seek(answers.begin);
    for (int i = 0; i < std::min(answers.count, kMaxRecords); ++i) {
      ResourceRecord r;
      if (!reader.Read(r, scratch.name)) break;
      if (r.type != type || !DataText(reader, r, scratch.text)) continue;
      if (!any) out.BeginObject("grouped");
      if (!open) out.BeginArray(TypeName(type, false, scratch.number));
      any = open = true;
      Bytes strings = reader.data(r);
      do {
        const std::string_view text = type == kTxt ? TakeString(strings) : std::string_view(scratch.text);
        out.String(nullptr, Printable(text, scratch.name), Privacy::kIdentifier);
      } while (type == kTxt && !strings.empty());
    }
    if (open) out.EndArray();
  }
  if (any) out.EndObject();
}

// What is scanned of a message whose event nobody reads: the names asked for, and texts.
bool ReadFields(MessageReader& reader, const Header& header, Direction direction, MessageSink& sink) noexcept {
  for (int i = 0; i < header.questions; ++i) {
    Question q;
    if (!(i < kMaxRecords ? reader.Read(q, scratch.name) : reader.Skip(q))) {
      sink.OnAnomaly("malformed_data");
      return false;
    }
    if (i >= kMaxRecords) continue;
    sink.OnField("dns.query.rrname", {}, direction, AsBytes(scratch.name));
    if (TellsQuestion(header, sink)) TellName(scratch.name, q.type, header, {}, sink);
  }
  for (const int count : {header.answers, header.authorities, header.additionals}) {
    for (int i = 0; i < count; ++i) {
      ResourceRecord r;
      std::size_t at = reader.position();
      if (!reader.Skip(r)) {
        sink.OnAnomaly("malformed_data");
        return true;
      }
      if (i < kMaxRecords && CarriesData(r.type) && sink.Observes(Observation::kDnsName) &&
          reader.ReadName(at, scratch.name)) {
        TellName(scratch.name, r.type, header, reader.data(r), sink);
      }
      if (i >= kMaxRecords || r.type != kTxt || !DataText(reader, r, scratch.text) || scratch.text.empty()) continue;
      sink.OnField("dns.answer.txt", {}, direction, AsBytes(scratch.text));
    }
  }
  return true;
}

}  // namespace

bool ReadMessage(Bytes message, Flavour flavour, std::uint32_t tx_id, Direction direction,
                 MessageSink& sink) noexcept {
  MessageReader reader(message);
  Header header;
  if (!reader.Read(header)) return false;
  const char* const type = EventType(flavour);
  if (!sink.WantsEvent(type)) return ReadFields(reader, header, direction, sink);
  Record& out = scratch.record;
  out.Clear();
  out.BeginObject(type);
  if (flavour != Flavour::kLlmnr) out.Integer("version", 3);
  out.String("type", header.response() ? "response" : "request");
  out.Integer("tx_id", tx_id);
  out.Integer("id", header.id);
  WriteFlags(header, out);
  Section sections[] = {
      {"answers", header.answers}, {"authorities", header.authorities}, {"additionals", header.additionals}};
  bool good = WriteQuestions(reader, header, flavour, direction, sink);
  if (!good) sink.OnAnomaly("malformed_data");
  for (Section& section : sections) {
    if (!good) {
      section.count = 0;
      continue;
    }
    good = WriteSection(reader, section, header, flavour, direction, sink);
    if (!good) sink.OnAnomaly("malformed_data");
  }
  if (flavour != Flavour::kLlmnr && sections[0].count > 0) WriteGrouped(reader, sections[0], out);
  out.EndObject();
  sink.OnEvent(type, tx_id, direction, out);
  return true;
}

}  // namespace gander::protocol::dns
