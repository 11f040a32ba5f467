// SPDX-License-Identifier: Apache-2.0
// Messages: heads, sections, documents.
#include <algorithm>
#include <array>
#include <memory>

#include "protocol/framing/frame_reader.h"
#include "protocol/framing/printable.h"
#include "protocol/mongodb/bson_walker.h"
#include "protocol/mongodb/mongodb.h"
#include "protocol/rowset/row_text.h"

namespace gander::protocol {
namespace {

using framing::FrameReader;
using mongodb::BsonWalker;

constexpr std::size_t kHead = 16;  // length, request id, response to, opcode
constexpr std::uint16_t kPort = 27017;
constexpr std::uint32_t kReply = 1, kUpdate = 2001, kInsert = 2002, kQuery = 2004, kGetMore = 2005, kDelete = 2006,
                        kKillCursors = 2007, kCompressed = 2012, kMsg = 2013;
constexpr std::uint32_t kChecksumPresent = 1;  // flag of OP_MSG: four octets at its end

thread_local Record event;

std::uint32_t Le32(const std::uint8_t* p) noexcept {
  return std::uint32_t{p[0]} | std::uint32_t{p[1]} << 8 | std::uint32_t{p[2]} << 16 | std::uint32_t{p[3]} << 24;
}

const char* OpcodeName(std::uint32_t code) noexcept {
  switch (code) {
    case kReply: return "reply";
    case kUpdate: return "update";
    case kInsert: return "insert";
    case kQuery: return "query";
    case kGetMore: return "getmore";
    case kDelete: return "delete";
    case kKillCursors: return "killcursors";
    case kCompressed: return "compressed";
    case kMsg: return "msg";
    default: return nullptr;
  }
}

std::uint64_t Measure(Bytes front) noexcept {
  if (front.size() < kHead) return FrameReader::kUnknown;
  const std::uint8_t* const p = Octets(front);
  const std::uint32_t length = Le32(p);
  return length < kHead || length > mongodb::kMaxMessage || OpcodeName(Le32(p + 12)) == nullptr ? FrameReader::kBad
                                                                                                : length;
}

// One direction: the message at hand.
class Side final : private mongodb::BsonSink {
 public:
  FrameReader frames{kHead};
  bool lost = false;

  void Begin(Bytes head, Direction direction, std::uint32_t tx_id, MessageSink& sink) noexcept {
    const std::uint8_t* const p = Octets(head);
    request_id_ = Le32(p + 4);
    response_to_ = Le32(p + 8);
    opcode_ = Le32(p + 12);
    direction_ = direction;
    tx_id_ = tx_id;
    left_ = Le32(p) - kHead;
    command_.clear();
    database_.clear();
    collection_.clear();
    ok_ = -1;
    first_document_ = true;
    small_.clear();
    switch (opcode_) {
      case kMsg: at_ = At::kFlags; break;
      case kQuery:
      case kUpdate:
      case kInsert:
      case kDelete:
      case kReply: at_ = At::kFlags; break;
      default: at_ = At::kSkip;
    }
    text_.End(BodyEnd::kComplete, sink);
    text_.Begin("mongodb.documents", direction, tx_id);
  }

  // Reads on in the message. False when it is none.
  bool Feed(Bytes in, MessageSink& sink) noexcept {
    sink_ = &sink;
    // A checksum is no section.
    if (checksum_ && left_ <= 4) at_ = At::kSkip;
    bool good = true;
    while (!in.empty() && good) {
      Bytes part = in;
      if (checksum_ && left_ > 4 && part.size() > left_ - 4) part = part.first(static_cast<std::size_t>(left_ - 4));
      const std::size_t before = part.size();
      good = Step(part, sink);
      const std::size_t used = before - part.size();
      left_ -= used;
      in = in.subspan(used);
      if (checksum_ && left_ <= 4) at_ = At::kSkip;
      if (used == 0 && !good) break;
    }
    if (!good) {
      sink.OnFate(ByteFate::kOpaqueBinary, in.size());
      at_ = At::kSkip;
    }
    text_.Flush(sink);
    return good;
  }

  void End(MessageSink& sink) noexcept {
    text_.End(BodyEnd::kComplete, sink);
    checksum_ = false;
    at_ = At::kSkip;
    if (!sink.WantsEvent("mongodb")) return;
    std::string scratch;
    event.Clear();
    event.BeginObject("mongodb")
        .String("opcode", OpcodeName(opcode_))
        .Integer("request_id", request_id_)
        .Integer("response_to", response_to_);
    if (!command_.empty()) event.String("command", framing::Printable(command_, scratch), Privacy::kIdentifier);
    if (!database_.empty()) event.String("database", framing::Printable(database_, scratch), Privacy::kIdentifier);
    if (!collection_.empty())
      event.String("collection", framing::Printable(collection_, scratch), Privacy::kIdentifier);
    if (ok_ >= 0) event.Boolean("ok", ok_ > 0);
    event.EndObject();
    sink.OnEvent("mongodb", tx_id_, direction_, event);
  }

  void Abandon(BodyEnd end, MessageSink& sink) noexcept {
    text_.End(end, sink);
    at_ = At::kSkip;
    checksum_ = false;
  }

  void Reset() noexcept {
    frames.Reset();
    lost = checksum_ = false;
    at_ = At::kSkip;
    text_.Reset();
  }

 private:
  // Within a message: its fixed fields, a collection's name, numbers behind it, a section's kind, a sequence's head,
  // documents.
  enum class At : std::uint8_t { kSkip, kFlags, kName, kNumbers, kKind, kSequence, kIdentifier, kDocument };

  bool Step(Bytes& in, MessageSink& sink) noexcept {
    switch (at_) {
      case At::kSkip:
        sink.OnFate(ByteFate::kOpaqueBinary, in.size());
        in = {};
        return true;
      case At::kFlags:
        if (!Gather(in, opcode_ == kReply ? 20 : 4)) return true;
        OnFlags();
        return true;
      case At::kName: return Name(in);
      case At::kNumbers:
        if (!Gather(in, opcode_ == kQuery ? 8 : 4)) return true;
        small_.clear();
        BeginDocument();
        return true;
      case At::kKind: {
        const std::uint8_t kind = Octets(TakeFront(in, 1))[0];
        if (kind > 1) return false;
        if (kind == 0) {
          BeginDocument();
        } else {
          at_ = At::kSequence;
        }
        return true;
      }
      case At::kSequence:
        if (!Gather(in, 4)) return true;
        sequence_left_ = Le32(reinterpret_cast<const std::uint8_t*>(small_.data()));
        small_.clear();
        if (sequence_left_ < 5) return false;
        sequence_left_ -= 4;
        at_ = At::kIdentifier;
        return true;
      case At::kIdentifier: {
        const std::string_view text = AsText(in);
        const std::size_t end = text.find('\0');
        const std::size_t used = end == std::string_view::npos ? text.size() : end + 1;
        if (used > sequence_left_) return false;
        sequence_left_ -= used;
        TakeFront(in, used);
        if (end == std::string_view::npos) return true;
        if (sequence_left_ == 0) {
          at_ = At::kKind;
        } else {
          BeginDocument();
        }
        return true;
      }
      case At::kDocument: return Document(in);
    }
    return false;
  }

  // True when `n` octets are in small_.
  bool Gather(Bytes& in, std::size_t n) noexcept {
    small_ += AsText(TakeFront(in, n - small_.size()));
    return small_.size() == n;
  }

  void OnFlags() noexcept {
    const std::uint32_t flags = Le32(reinterpret_cast<const std::uint8_t*>(small_.data()));
    small_.clear();
    switch (opcode_) {
      case kMsg:
        checksum_ = (flags & kChecksumPresent) != 0;
        at_ = At::kKind;
        return;
      case kReply: return BeginDocument();
      default: at_ = At::kName;
    }
  }

  // "database.collection".
  bool Name(Bytes& in) noexcept {
    const std::string_view text = AsText(in);
    const std::size_t end = text.find('\0');
    const std::string_view part = text.substr(0, end);
    small_.append(part.substr(0, mongodb::kMaxShown - std::min(small_.size(), mongodb::kMaxShown)));
    TakeFront(in, end == std::string_view::npos ? text.size() : end + 1);
    if (end == std::string_view::npos) return true;
    const std::size_t dot = std::min(small_.find('.'), small_.size());
    database_ = small_.substr(0, dot);
    collection_ = dot < small_.size() ? small_.substr(dot + 1) : std::string();
    small_.clear();
    if (opcode_ == kInsert) {
      BeginDocument();
    } else {
      at_ = At::kNumbers;
    }
    return true;
  }

  void BeginDocument() noexcept {
    at_ = At::kDocument;
    walker_.Begin();
  }

  bool Document(Bytes& in) noexcept {
    Bytes part = in;
    if (sequence_left_ > 0 && part.size() > sequence_left_) part = part.first(static_cast<std::size_t>(sequence_left_));
    const std::size_t offered = part.size();
    if (!walker_.Feed(part, *this)) return false;
    const std::size_t used = offered - part.size();
    in = in.subspan(used);
    if (sequence_left_ > 0) sequence_left_ -= used;
    if (!walker_.done()) return sequence_left_ > 0 || opcode_ != kMsg || in.empty();
    first_document_ = false;
    text_.EndRow(*sink_);
    if (opcode_ == kMsg && sequence_left_ == 0) {
      at_ = At::kKind;
    } else {
      BeginDocument();
    }
    return true;
  }

  // BsonSink.
  void OnText(std::string_view key, std::size_t depth) noexcept override {
    shown_ = nullptr;
    if (depth == 1 && first_document_) {
      if (command_.empty() && (opcode_ == kMsg || opcode_ == kQuery)) {
        command_.assign(key);
        shown_ = &collection_;
      } else if (key == "$db") {
        shown_ = &database_;
      }
      if (shown_ != nullptr) shown_->clear();
    }
    secret_ = key == "payload" || key == "pwd";
    if (!secret_) text_.BeginPair(key, *sink_);
  }
  void OnTextPart(std::string_view part) noexcept override {
    if (shown_ != nullptr)
      shown_->append(part.substr(0, mongodb::kMaxShown - std::min(shown_->size(), mongodb::kMaxShown)));
    if (!secret_) text_.ValuePart(part, *sink_);
  }
  void OnTextEnd() noexcept override {
    if (!secret_) text_.EndValue(*sink_);
  }
  void OnNumber(std::string_view key, std::size_t depth, std::string_view text) noexcept override {
    if (depth == 1 && first_document_ && command_.empty() && response_to_ == 0) command_.assign(key);
    if (depth == 1 && key == "ok") ok_ = text == "1";
    text_.Pair(key, text, *sink_);
  }
  void OnOpen(std::string_view key, std::size_t depth) noexcept override {
    if (depth == 1 && first_document_ && command_.empty() && response_to_ == 0) command_.assign(key);
  }
  // Documents within a reply's "firstBatch" are rows of their own.
  void OnClose(std::size_t depth) noexcept override {
    if (depth > 1) text_.EndRow(*sink_);
  }
  void OnOpaque(std::uint64_t bytes) noexcept override { sink_->OnFate(ByteFate::kOpaqueBinary, bytes); }

  MessageSink* sink_ = nullptr;
  At at_ = At::kSkip;
  bool checksum_ = false, first_document_ = true, secret_ = false;
  int ok_ = -1;
  Direction direction_ = Direction::kToServer;
  std::uint32_t tx_id_ = 0, request_id_ = 0, response_to_ = 0, opcode_ = 0;
  std::uint64_t left_ = 0, sequence_left_ = 0;
  std::string small_, command_, database_, collection_;
  std::string* shown_ = nullptr;
  BsonWalker walker_;
  rowset::RowText text_;
};

class MongodbParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(chunk.direction)];
    Bytes in = chunk.bytes;
    if (chunk.gap_before > 0) {
      side.Abandon(BodyEnd::kGap, sink);
      side.lost = !side.frames.Gap(chunk.gap_before);
      if (!side.lost) open_[Index(chunk.direction)] = false;
    }
    if (side.lost && !in.empty()) {
      const std::uint64_t length = Measure(in);
      if (length == FrameReader::kBad || length == FrameReader::kUnknown) {
        sink.OnFate(ByteFate::kOpaqueBinary, in.size());
        return ParseStatus::kContinue;
      }
      side.lost = false;
    }
    bool& open = open_[Index(chunk.direction)];
    for (;;) {
      switch (side.frames.Next(in, Measure)) {
        case FrameReader::Step::kNeedMore: return ParseStatus::kContinue;
        case FrameReader::Step::kFrame:
          ++messages_;
          side.Begin(side.frames.frame(), chunk.direction, messages_ - 1, sink);
          open = true;
          if (side.frames.frame_is_whole()) Finish(side, open, sink);
          break;
        case FrameReader::Step::kPart:
          if (!open) {
            sink.OnFate(ByteFate::kOpaqueBinary, side.frames.part().size());
            break;
          }
          if (!side.Feed(side.frames.part(), sink)) sink.OnAnomaly("malformed_data");
          if (side.frames.part_ends()) Finish(side, open, sink);
          break;
        case FrameReader::Step::kBad:
          sink.OnAnomaly("malformed_data");
          if (messages_ == 0) return ParseStatus::kNotThis;
          sink.OnFate(ByteFate::kOpaqueBinary, in.size());
          side.frames.Reset();
          side.lost = true;
          return ParseStatus::kContinue;
      }
    }
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    sides_[Index(direction)].Abandon(BodyEnd::kTruncated, sink);
    sides_[Index(direction)].frames.Reset();
    open_[Index(direction)] = false;
  }

  void Reset() noexcept override {
    for (Side& side : sides_) side.Reset();
    open_ = {};
    messages_ = 0;
  }

 private:
  void Finish(Side& side, bool& open, MessageSink& sink) noexcept {
    side.End(sink);
    open = false;
  }

  std::array<Side, 2> sides_;
  std::array<bool, 2> open_{};
  std::uint32_t messages_ = 0;
};

Probe ProbeMongodb(const ProbeInput& input) noexcept {
  const Bytes bytes = input.bytes;
  const bool here = input.server_port == kPort || input.client_port == kPort;
  if (bytes.size() < kHead) return here && !bytes.empty() ? Probe::kNeedMore : Probe::kNo;
  if (Measure(bytes) == FrameReader::kBad) return Probe::kNo;
  const std::uint8_t* const p = Octets(bytes);
  const std::uint32_t length = Le32(p), opcode = Le32(p + 12), response_to = Le32(p + 8);
  if (opcode == kReply && response_to == 0 && !here) return Probe::kNo;
  // What follows the head has to fit: flags that are few, a section's kind.
  if (opcode == kMsg && bytes.size() > kHead + 4)
    return Le32(p + kHead) < 0x20000 && p[kHead + 4] <= 1 && length > kHead + 10 ? Probe::kYes : Probe::kNo;
  if (opcode == kQuery && bytes.size() > kHead + 5) {
    const std::uint8_t first = p[kHead + 4];
    return Le32(p + kHead) < 0x100 && first > ' ' && first < 0x7f ? Probe::kYes : Probe::kNo;
  }
  return here ? Probe::kYes : Probe::kNo;
}

}  // namespace

const ProtocolInfo kMongodb = {"mongodb", true, false, ProbeMongodb,
                               []() -> std::unique_ptr<Parser> { return std::make_unique<MongodbParser>(); }};

}  // namespace gander::protocol
