// SPDX-License-Identifier: Apache-2.0
// Object headers and the points behind them (IEEE 1815 §4.2.2.7).
#include <algorithm>

#include "protocol/dnp3/application.h"
#include "protocol/dnp3/dnp3.h"
#include "protocol/dnp3/layout.h"
#include "protocol/framing/little_reader.h"
#include "protocol/framing/printable.h"

namespace gander::protocol::dnp3 {
namespace {

using framing::LittleReader;

constexpr std::uint8_t kAttributes = 0, kFile = 70, kOctetStrings = 110, kTerminalEvents = 113;

struct Header {
  std::uint8_t group = 0, variation = 0, qualifier = 0;
  std::uint32_t start = 0, stop = 0, count = 0;

  std::uint8_t prefix_code() const noexcept { return qualifier >> 4 & 7; }
  std::uint8_t range_code() const noexcept { return qualifier & 0x0f; }
  bool prefix_is_size() const noexcept { return prefix_code() >= 4 && prefix_code() <= 6; }
  std::size_t prefix_octets() const noexcept {
    constexpr std::uint8_t kOctets[] = {0, 1, 2, 4, 1, 2, 4, 0};
    return kOctets[prefix_code()];
  }
};

// False for a range of no kind that there is.
bool ReadRange(LittleReader& in, Header& h) noexcept {
  constexpr std::uint8_t kAll = 6, kVariable = 11;
  constexpr std::size_t kWidths[] = {1, 2, 4};
  const std::uint8_t code = h.range_code();
  if (code <= 2) {
    h.start = static_cast<std::uint32_t>(in.Integer(kWidths[code]));
    h.stop = static_cast<std::uint32_t>(in.Integer(kWidths[code]));
    h.count = h.stop - h.start + 1;
    return h.stop >= h.start && h.count != 0;
  }
  if (code == kAll) return true;
  if (code >= 7 && code <= 9) {
    h.count = static_cast<std::uint32_t>(in.Integer(kWidths[code - 7]));
    return true;
  }
  if (code == kVariable) h.count = static_cast<std::uint32_t>(in.Integer(1));
  return code == kVariable;
}

// Functions that name objects and bring none, unless the objects say what exactly is meant.
bool HasData(const Application& a, const Header& h) noexcept {
  constexpr std::uint8_t kFirstFreeze = 7, kLastFreeze = 12, kFirstClass = 20, kLastClass = 22;
  const bool names = a.code == kRead || (a.code >= kFirstFreeze && a.code <= kLastFreeze) ||
                     (a.code >= kFirstClass && a.code <= kLastClass);
  return h.count > 0 && (!names || h.prefix_is_size());
}

class ObjectReader {
 public:
  explicit ObjectReader(ObjectSink& sink) noexcept : sink_(sink) {}

  // False when what follows cannot be found.
  bool ReadPoints(const Header& h, LittleReader& in) {
    const char* const layout = LayoutOf(h.group, h.variation);
    if (layout != nullptr && *layout == '\0' && !h.prefix_is_size()) return true;
    const bool packed = layout != nullptr && (*layout == '1' || *layout == '2');
    if (packed && h.prefix_octets() == 0) return ReadPacked(h, static_cast<unsigned>(*layout - '0'), in);
    const bool strings = h.group >= kOctetStrings && h.group <= kTerminalEvents;
    const bool known = layout != nullptr || h.prefix_is_size() || strings || h.group == kAttributes;
    if (!known) sink_.OnProblem("unknown_object");
    if (!known || packed) return false;
    for (std::uint32_t i = 0; i < h.count; ++i) {
      if (!CountPoint()) return false;
      const auto prefix = static_cast<std::uint32_t>(in.Integer(h.prefix_octets()));
      const bool indexed = h.prefix_octets() > 0 && !h.prefix_is_size();
      BeginPoint(prefix, indexed ? prefix : h.start + i);
      if (h.prefix_is_size()) {
        Integer("size", prefix);
        LittleReader point(in.Take(prefix));
        if (h.group == kFile) ReadFile(h.variation, prefix, point);
        else if (layout != nullptr) WritePoint(h.group, layout, point, listed());
      } else if (strings) {
        Text("data", in.Take(h.variation));
      } else if (h.group == kAttributes) {
        ReadAttribute(in);
      } else {
        WritePoint(h.group, layout, in, listed());
      }
      EndPoint();
      if (in.failed()) return false;
    }
    return true;
  }

  // The points that come are written to `out`, unless it is null or too many have been.
  void ListPoints(Record* out) {
    out_ = points_ < kMaxListedPoints ? out : nullptr;
    if (out_ != nullptr) out_->BeginArray("points");
  }
  void EndPoints() {
    if (out_ != nullptr) out_->EndArray();
  }

 private:
  Record* listed() const noexcept { return points_ <= kMaxListedPoints ? out_ : nullptr; }
  bool CountPoint() noexcept {
    if (++points_ <= kMaxPoints) return true;
    sink_.OnProblem("too_many_points");
    return false;
  }
  void BeginPoint(std::uint32_t prefix, std::uint32_t index) {
    if (Record* const out = listed()) out->BeginObject().Integer("prefix", prefix).Integer("index", index);
  }
  void EndPoint() {
    if (Record* const out = listed()) out->EndObject();
  }
  void Integer(const char* key, std::uint64_t value) {
    if (Record* const out = listed()) out->Integer(key, static_cast<std::int64_t>(value));
  }
  void Text(const char* key, Bytes value, Privacy privacy = Privacy::kIdentifier) {
    if (!value.empty()) sink_.OnText(key, AsText(value));
    if (Record* const out = listed()) out->String(key, framing::Printable(AsText(value), scratch_), privacy);
  }

  bool ReadPacked(const Header& h, unsigned bits, LittleReader& in) {
    const std::uint64_t octets = (std::uint64_t{h.count} * bits + 7) / 8;
    const Bytes data = in.Take(octets);
    if (in.failed()) return false;
    for (std::uint32_t i = 0; i < h.count; ++i) {
      if (!CountPoint()) return false;
      const std::uint64_t at = std::uint64_t{i} * bits;
      BeginPoint(0, h.start + i);
      Integer("state", Octets(data)[at / 8] >> (at % 8) & ((1u << bits) - 1));
      EndPoint();
    }
    return true;
  }

  // What a device says of itself: type, length, value.
  void ReadAttribute(LittleReader& in) {
    constexpr std::uint64_t kVisibleString = 1;
    const std::uint64_t type = in.Integer(1);
    const Bytes value = in.Take(in.Integer(1));
    if (type == kVisibleString) Text("value", value);
  }

  // `size` octets of group 70.
  void ReadFile(std::uint8_t variation, std::uint32_t size, LittleReader& in) {
    const auto integer = [&](const char* key, std::size_t octets) {
      const std::uint64_t value = in.Integer(octets);
      Integer(key, value);
      return value;
    };
    const auto name = [&](std::uint64_t length) {
      const Bytes text = in.Take(length);
      sink_.OnFileName(AsText(text));
      Text("filename", text);
    };
    switch (variation) {
      case 2: {
        integer("username_offset", 2);
        const std::uint64_t user = integer("username_size", 2);
        integer("password_offset", 2);
        const std::uint64_t password = integer("password_size", 2);
        integer("authentication_key", 4);
        Text("username", in.Take(user), Privacy::kPersonal);
        Text("password", in.Take(password), Privacy::kSecret);
        break;
      }
      case 3: {
        integer("filename_offset", 2);
        const std::uint64_t length = integer("filename_size", 2);
        integer("created", 6);
        integer("permissions", 2);
        integer("authentication_key", 4);
        integer("file_size", 4);
        integer("operational_mode", 2);
        integer("maximum_block_size", 2);
        integer("request_id", 2);
        name(length);
        break;
      }
      case 4:
        integer("file_handle", 4);
        integer("file_size", 4);
        integer("maximum_block_size", 2);
        integer("request_id", 2);
        integer("status_code", 1);
        Text("optional_text", in.rest());
        break;
      case 5: ReadBlock(in); break;
      case 6:
        integer("file_handle", 4);
        integer("block_number", 4);
        integer("status_code", 1);
        Text("optional_text", in.rest());
        break;
      case 7: {
        integer("filename_offset", 2);
        const std::uint64_t length = integer("filename_size", 2);
        integer("file_type", 2);
        integer("file_size", 4);
        integer("created_timestamp", 6);
        integer("permissions", 2);
        integer("request_id", 2);
        name(length);
        break;
      }
      case 8: Text("file_specification", in.Take(size)); break;
      default: break;
    }
  }

  void ReadBlock(LittleReader& in) {
    constexpr std::uint64_t kLast = 0x80000000u;
    Integer("file_handle", in.Integer(4));
    const std::uint64_t number = in.Integer(4);
    Integer("block_number", number);
    const Bytes data = in.rest();
    if (in.failed()) return;
    if (Record* const out = listed()) {
      out->String("file_data", framing::Printable(AsText(data), scratch_), Privacy::kIdentifier);
    }
    sink_.OnFileBlock({data, (number & kLast) != 0});
  }

  Record* out_ = nullptr;
  ObjectSink& sink_;
  unsigned points_ = 0;
  std::string scratch_;
};

void WriteHeader(const Header& h, Record& out) {
  out.Integer("group", h.group)
      .Integer("variation", h.variation)
      .Integer("qualifier", h.qualifier)
      .Integer("prefix_code", h.prefix_code())
      .Integer("range_code", h.range_code())
      .Integer("start", h.start)
      .Integer("stop", h.stop)
      .Integer("count", h.count);
}

}  // namespace

bool ReadObjects(const Application& a, Record* out, ObjectSink& sink) {
  if (a.objects.empty()) return true;
  LittleReader in(a.objects);
  ObjectReader points(sink);
  if (out != nullptr) out->BeginArray("objects");
  bool good = true;
  for (unsigned n = 0; good && in.remaining() > 0; ++n) {
    if (n == kMaxObjects) {
      sink.OnProblem("too_many_objects");
      good = false;
      break;
    }
    Header h;
    h.group = static_cast<std::uint8_t>(in.Integer(1));
    h.variation = static_cast<std::uint8_t>(in.Integer(1));
    h.qualifier = static_cast<std::uint8_t>(in.Integer(1));
    good = ReadRange(in, h) && !in.failed();
    if (in.failed()) break;
    const bool lists = out != nullptr && n < kMaxListedObjects;
    if (lists) {
      out->BeginObject();
      WriteHeader(h, *out);
    }
    if (good && HasData(a, h)) {
      points.ListPoints(lists ? out : nullptr);
      good = points.ReadPoints(h, in);
      points.EndPoints();
    }
    if (lists) out->EndObject();
  }
  if (out != nullptr) out->EndArray();
  return good && !in.failed();
}

}  // namespace gander::protocol::dnp3
