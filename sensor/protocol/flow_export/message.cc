// SPDX-License-Identifier: Apache-2.0
#include "protocol/flow_export/message.h"

#include "base/byte_reader.h"

namespace gander::protocol::flow_export {
namespace {

constexpr std::uint16_t kNetflow5 = 5, kNetflow9 = 9, kIpfix = 10;
constexpr std::size_t kNetflow5Header = 24, kNetflow5Record = 48, kNetflow5Most = 30;
constexpr std::size_t kNetflow9Header = 20, kIpfixHeader = 16, kSetHeader = 4;
constexpr std::uint16_t kFirstDataSet = 256, kVariable = 0xffff, kEnterprise = 0x8000;

// Sets of templates of the two formats (RFC 3954 §5.2, 6.1; RFC 7011 §3.3.2).
struct SetIds {
  std::uint16_t templates, options;
};
constexpr SetIds kNetflow9Sets{0, 1}, kIpfixSets{2, 3};

// Template records: id, count of fields, and for each its type and length.
void LearnTemplates(Bytes set, bool ipfix, Templates& templates) noexcept {
  ByteReader r(set);
  while (r.remaining() >= 4) {
    const std::uint16_t id = r.U16(), fields = r.U16();
    if (id < kFirstDataSet) return;
    std::uint32_t length = 0;
    for (std::uint16_t i = 0; i < fields && !r.failed(); ++i) {
      const std::uint16_t type = r.U16(), octets = r.U16();
      if (ipfix && (type & kEnterprise) != 0) r.Skip(4);
      length = octets == kVariable || length == kVariable ? kVariable : length + octets;
      if (length > kVariable) return;
    }
    if (!r.failed()) templates.Learn(id, length == kVariable ? 0 : static_cast<std::uint16_t>(length));
  }
}

// Walks sets that must fill `sets` to the end, but for padding. False when they do not.
bool WalkSets(Bytes sets, SetIds ids, bool ipfix, Templates& templates, std::uint32_t& records) noexcept {
  ByteReader r(sets);
  while (r.remaining() >= kSetHeader) {
    const std::uint16_t id = r.U16(), length = r.U16();
    if (length < kSetHeader || length - kSetHeader > r.remaining()) return false;
    const Bytes set = r.Take(length - kSetHeader);
    if (id == ids.templates) {
      LearnTemplates(set, ipfix, templates);
    } else if (id >= kFirstDataSet) {
      records += static_cast<std::uint32_t>(set.size() / templates.LengthOf(id));
    } else if (id != ids.options) {
      return false;
    }
  }
  return r.remaining() == 0;
}

Message ReadNetflow5(Bytes datagram) noexcept {
  ByteReader r(datagram);
  r.Skip(2);
  const std::uint16_t count = r.U16();
  if (count == 0 || count > kNetflow5Most || datagram.size() != kNetflow5Header + count * kNetflow5Record) return {};
  return {"netflow", kNetflow5, count};
}

Message ReadNetflow9(Bytes datagram, Templates& templates) noexcept {
  if (datagram.size() < kNetflow9Header + kSetHeader) return {};
  ByteReader r(datagram);
  r.Skip(2);
  if (r.U16() == 0) return {};
  Message m{"netflow", kNetflow9, 0};
  if (!WalkSets(datagram.subspan(kNetflow9Header), kNetflow9Sets, false, templates, m.records)) return {};
  return m;
}

Message ReadIpfix(Bytes datagram, Templates& templates) noexcept {
  if (datagram.size() < kIpfixHeader + kSetHeader) return {};
  ByteReader r(datagram);
  r.Skip(2);
  if (r.U16() != datagram.size()) return {};
  Message m{"ipfix", kIpfix, 0};
  if (!WalkSets(datagram.subspan(kIpfixHeader), kIpfixSets, true, templates, m.records)) return {};
  return m;
}

// Version, agent's address, its part, number of the datagram, time up, count of samples; each with type and length.
Message ReadSflow(Bytes datagram) noexcept {
  constexpr std::uint32_t kVersion = 5, kMostSamples = 1024;
  ByteReader r(datagram);
  const std::uint32_t version = r.U32(), address_type = r.U32();
  if (version != kVersion || (address_type != 1 && address_type != 2)) return {};
  r.Skip(address_type == 1 ? 4 : 16);
  r.Skip(12);
  const std::uint32_t samples = r.U32();
  if (r.failed() || samples == 0 || samples > kMostSamples) return {};
  for (std::uint32_t i = 0; i < samples; ++i) {
    r.Skip(4);
    r.Skip(r.U32());
    if (r.failed()) return {};
  }
  if (r.remaining() != 0) return {};
  return {"sflow", kVersion, samples};
}

Message ReadHep(Bytes datagram) noexcept {
  constexpr std::size_t kHeader = 6, kChunkHeader = 6;
  if (datagram.size() < kHeader + kChunkHeader || AsText(datagram.first(4)) != "HEP3") return {};
  ByteReader r(datagram);
  r.Skip(4);
  if (r.U16() != datagram.size()) return {};
  while (r.remaining() > 0) {
    r.Skip(4);  // vendor, type
    const std::uint16_t length = r.U16();
    if (r.failed() || length < kChunkHeader || length - kChunkHeader > r.remaining()) return {};
    r.Skip(length - kChunkHeader);
  }
  return {"hep", 3, 1};
}

}  // namespace

void Templates::Learn(std::uint16_t id, std::uint16_t length) noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    if (known_[i].id != id) continue;
    known_[i].length = length;
    return;
  }
  if (count_ < known_.size()) known_[count_++] = {id, length};
}

std::size_t Templates::LengthOf(std::uint16_t id) const noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    if (known_[i].id == id && known_[i].length != 0) return known_[i].length;
  }
  return kUnknownRecord;
}

Message Read(Bytes datagram, Templates& templates) noexcept {
  ByteReader r(datagram);
  switch (r.U16()) {
    case 0: return ReadSflow(datagram);
    case kNetflow5: return ReadNetflow5(datagram);
    case kNetflow9: return ReadNetflow9(datagram, templates);
    case kIpfix: return ReadIpfix(datagram, templates);
    default: return ReadHep(datagram);
  }
}

}  // namespace gander::protocol::flow_export
