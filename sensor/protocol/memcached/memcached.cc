// SPDX-License-Identifier: Apache-2.0
#include "protocol/memcached/memcached.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "base/byte_reader.h"
#include "base/renew.h"
#include "protocol/framing/printable.h"
#include "protocol/plain_text/plain_text.h"
#include "protocol/rowset/row_text.h"

namespace gander::protocol {
namespace {

constexpr std::uint16_t kPort = 11211;
constexpr std::size_t kBinaryHead = 24;
constexpr std::uint8_t kRequest = 0x80, kResponse = 0x81;

thread_local Record event;

constexpr std::string_view kStores[] = {"set", "add", "replace", "append", "prepend", "cas"};
constexpr std::string_view kCommands[] = {"get",   "gets",      "gat",     "gats", "delete",    "incr", "decr", "touch",
                                          "stats", "flush_all", "version", "quit", "verbosity", "mg",   "ms",   "md"};
constexpr std::string_view kReplies[] = {"VALUE",        "END",          "STORED",  "NOT_STORED", "EXISTS",
                                         "NOT_FOUND",    "DELETED",      "TOUCHED", "OK",         "ERROR",
                                         "CLIENT_ERROR", "SERVER_ERROR", "VERSION", "STAT",       "RESET"};

template <std::size_t kCount>
bool IsOneOf(const std::string_view (&set)[kCount], std::string_view word) noexcept {
  return std::find(std::begin(set), std::end(set), word) != std::end(set);
}

std::string_view Word(std::string_view& line) noexcept {
  const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
  const std::size_t end = std::min(line.find(' ', begin), line.size());
  const std::string_view word = line.substr(begin, end - begin);
  line.remove_prefix(end);
  return word;
}

bool Number(std::string_view word, std::uint64_t* value) noexcept {
  const auto r = std::from_chars(word.data(), word.data() + word.size(), *value);
  return r.ec == std::errc() && r.ptr == word.data() + word.size() && *value <= memcached::kMaxValue;
}

const char* OpcodeName(std::uint8_t opcode) noexcept {
  static constexpr const char* kNames[] = {"get",  "set",   "add",       "replace", "delete", "incr",
                                           "decr", "quit",  "flush_all", "getq",    "noop",   "version",
                                           "getk", "getkq", "append",    "prepend", "stats"};
  return opcode < std::size(kNames) ? kNames[opcode] : "other";
}

// "user:7:mail" says what its value is.
std::string_view LastPart(std::string_view key) noexcept {
  const std::size_t colon = key.find_last_of(":/");
  return colon == std::string_view::npos ? key : key.substr(colon + 1);
}

class MemcachedParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(chunk.direction)];
    Bytes in = chunk.bytes;
    if (chunk.gap_before > 0) OnGap(side, chunk.gap_before, sink);
    while (!in.empty()) {
      if (side.left > 0) {
        Value(side, TakeFront(in, static_cast<std::size_t>(std::min<std::uint64_t>(side.left, in.size()))), sink);
        continue;
      }
      const std::uint8_t first = side.held.empty() ? Octets(in)[0] : static_cast<std::uint8_t>(side.held[0]);
      const bool good = first == kRequest || first == kResponse ? Binary(side, in, chunk.direction, sink)
                                                                : Line(side, in, chunk.direction, sink);
      if (good) continue;
      if (commands_ == 0) return ParseStatus::kNotThis;
      sink.OnAnomaly("malformed_data");
    }
    side.text.Flush(sink);
    return ParseStatus::kContinue;
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    Close(sides_[Index(direction)], BodyEnd::kComplete, sink);
  }

  void Reset() noexcept override { Renew(*this, {}, &MemcachedParser::sides_); }

 private:
  struct Side {
    rowset::RowText text;
    std::string held;        // of a line or binary head that spans chunks
    std::uint64_t left = 0;  // of a value
    std::uint64_t body = 0;
    bool lost = false;        // up to the next line that is known
    bool value_open = false;  // it is written to `text`

    void Reset() noexcept { Renew(*this, {}, &Side::text); }
  };

  void Close(Side& side, BodyEnd end, MessageSink& sink) noexcept {
    if (side.value_open) side.text.EndValue(sink);
    side.text.End(end, sink);
    side.value_open = false;
    side.left = side.body = 0;
    side.held.clear();
  }

  void OnGap(Side& side, std::uint32_t bytes, MessageSink& sink) noexcept {
    side.held.clear();
    if (bytes <= side.left) {
      side.left -= bytes;
      return;
    }
    Close(side, BodyEnd::kGap, sink);
    side.lost = true;
  }

  void BeginValue(Side& side, std::string_view key, std::uint64_t size, Direction direction,
                  MessageSink& sink) noexcept {
    side.left = size;
    if (size == 0) return;
    if (!side.text.begun()) side.text.Begin("memcached.values", direction, commands_);
    side.text.BeginPair(key.empty() ? std::string_view("value") : LastPart(key), sink);
    side.value_open = true;
    side.body += size;
  }

  void Value(Side& side, Bytes part, MessageSink& sink) noexcept {
    side.left -= part.size();
    if (side.value_open) side.text.ValuePart(AsText(part), sink);
    if (side.left > 0 || !side.value_open) return;
    side.text.EndValue(sink);
    side.text.EndRow(sink);
    side.value_open = false;
    if (side.body < memcached::kMaxBody) return;
    side.text.End(BodyEnd::kComplete, sink);
    side.body = 0;
  }

  // False for a line that is none of the protocol's.
  bool Line(Side& side, Bytes& in, Direction direction, MessageSink& sink) noexcept {
    const std::string_view text = AsText(in);
    const std::size_t end = text.find('\n');
    const std::string_view part = text.substr(0, end);
    const std::size_t room = memcached::kMaxLine - std::min(side.held.size(), memcached::kMaxLine);
    if (part.size() > room) sink.OnFate(ByteFate::kLostParserCap, part.size() - room);
    side.held.append(part.substr(0, room));
    TakeFront(in, end == std::string_view::npos ? text.size() : end + 1);
    if (end == std::string_view::npos) return true;
    const std::string whole = std::exchange(side.held, {});
    std::string_view line = whole;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) return true;
    const std::string_view word = Word(line);
    const bool known = IsOneOf(kStores, word) || IsOneOf(kCommands, word) || IsOneOf(kReplies, word);
    if (!known) {
      std::uint64_t number = 0;
      if (Number(word, &number)) return true;  // the answer to incr and decr
      sink.OnFate(ByteFate::kOpaqueBinary, part.size());
      return std::exchange(side.lost, true);  // told once
    }
    side.lost = false;
    return OnLine(side, word, line, direction, sink);
  }

  bool OnLine(Side& side, std::string_view word, std::string_view line, Direction direction,
              MessageSink& sink) noexcept {
    if (IsOneOf(kReplies, word)) {
      ++commands_;
      if (word != "VALUE") return true;
    }
    const bool store = IsOneOf(kStores, word);
    const std::string_view key = Word(line);
    if (key.size() > memcached::kMaxKey) return false;
    std::uint64_t size = 0;
    if (store || word == "VALUE") {
      Word(line);             // flags
      if (store) Word(line);  // expiry
      if (!Number(Word(line), &size)) return false;
    }
    if (word != "VALUE") Tell(word, key, size, direction, sink);
    if (store || word == "VALUE") {
      BeginValue(side, key, size, direction, sink);
    }
    return true;
  }

  void Tell(std::string_view command, std::string_view key, std::uint64_t size, Direction direction,
            MessageSink& sink) noexcept {
    if (!key.empty()) sink.OnField("memcached.key", "key", direction, AsBytes(key));
    if (sink.WantsEvent("memcached")) {
      std::string scratch;
      event.Clear();
      event.BeginObject("memcached").String("command", command);
      if (!key.empty()) event.String("key", framing::Printable(key, scratch), Privacy::kIdentifier);
      if (size > 0) event.Integer("bytes", static_cast<std::int64_t>(size));
      event.EndObject();
      sink.OnEvent("memcached", commands_, direction, event);
    }
    ++commands_;
  }

  // Head, extras and key are held until they are whole; the value passes through.
  bool Binary(Side& side, Bytes& in, Direction direction, MessageSink& sink) noexcept {
    const auto want = [&] {
      if (side.held.size() < kBinaryHead) return kBinaryHead;
      const auto* const p = reinterpret_cast<const std::uint8_t*>(side.held.data());
      return kBinaryHead + (static_cast<std::size_t>(p[2]) << 8 | p[3]) + p[4];
    };
    for (std::size_t n = want(); side.held.size() < n; n = want()) {
      if (in.empty()) return true;
      side.held += AsText(TakeFront(in, n - side.held.size()));
      if (side.held.size() == kBinaryHead) {
        ByteReader head(AsBytes(side.held));
        head.Skip(2);
        const std::uint32_t key = head.U16(), extras = head.U8();
        head.Skip(3);
        const std::uint32_t total = head.U32();
        if (key > memcached::kMaxKey || key + extras > total || total > memcached::kMaxValue) {
          sink.OnFate(ByteFate::kOpaqueBinary, in.size());
          side.held.clear();
          in = {};
          return false;
        }
      }
    }
    const std::string_view head = side.held;
    const auto* const p = reinterpret_cast<const std::uint8_t*>(head.data());
    const std::string_view key = head.substr(kBinaryHead + p[4]);
    const std::uint64_t total =
        std::uint64_t{p[8]} << 24 | std::uint64_t{p[9]} << 16 | std::uint64_t{p[10]} << 8 | p[11];
    const std::uint64_t size = total - (head.size() - kBinaryHead);
    if (p[0] == kRequest) {
      Tell(OpcodeName(p[1]), key, size, direction, sink);
    } else {
      ++commands_;
    }
    BeginValue(side, key, size, direction, sink);
    side.held.clear();
    return true;
  }

  std::array<Side, 2> sides_;
  std::uint32_t commands_ = 0;
};

Probe ProbeMemcached(const ProbeInput& input) noexcept {
  const bool here = input.server_port == kPort || input.client_port == kPort;
  const std::string_view text = AsText(input.bytes).substr(0, kProbeBytes);
  if (text.empty()) return Probe::kNo;
  const auto first = static_cast<std::uint8_t>(text[0]);
  if (first == kRequest || first == kResponse) {
    if (text.size() < kBinaryHead) return here ? Probe::kNeedMore : Probe::kNo;
    ByteReader in(input.bytes);
    in.Skip(1);
    const std::uint8_t opcode = in.U8();
    const std::uint32_t key = in.U16(), extras = in.U8(), data_type = in.U8();
    in.Skip(2);
    const std::uint32_t total = in.U32();
    const bool sound = opcode <= 0x40 && key <= memcached::kMaxKey && extras <= 20 && data_type == 0 &&
                       key + extras <= total && total <= memcached::kMaxValue;
    return sound && (here || (key > 0 && total < 4096)) ? Probe::kYes : Probe::kNo;
  }
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return here && text.size() < 64 ? Probe::kNeedMore : Probe::kNo;
  std::string_view line = text.substr(0, end);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  const std::string_view word = Word(line);
  std::uint64_t number = 0;
  if (IsOneOf(kStores, word) || word == "VALUE") {
    // "set key 0 3600 11", "VALUE key 0 11": numbers as nothing else has them.
    const std::string_view key = Word(line);
    const bool numbers =
        Number(Word(line), &number) && Number(Word(line), &number) && (word == "VALUE" || Number(Word(line), &number));
    return !key.empty() && numbers ? Probe::kYes : Probe::kNo;
  }
  return here && (IsOneOf(kCommands, word) || IsOneOf(kReplies, word)) ? Probe::kYes : Probe::kNo;
}

}  // namespace

const ProtocolInfo kMemcached = {"memcached",
                                 true,
                                 false,
                                 ProbeMemcached,
                                 []() -> std::unique_ptr<Parser> { return std::make_unique<MemcachedParser>(); },
                                 FirstOctets::AnyOf("sarpcgdistfvqmVESNTDOCR\x80\x81")};

}  // namespace gander::protocol
