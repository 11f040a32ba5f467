// SPDX-License-Identifier: Apache-2.0
#include "protocol/mongodb/message.h"

#include <algorithm>

#include "base/renew.h"
#include "protocol/framing/printable.h"

namespace gander::protocol::mongodb {
namespace {

constexpr std::uint32_t kChecksumPresent = 1;  // flag of OP_MSG: four octets at its end

thread_local Record event;

}  // namespace

std::uint32_t ReadLe32(const std::uint8_t* p) noexcept {
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

void Message::Begin(Bytes head, Direction direction, std::uint32_t tx_id, MessageSink& sink) noexcept {
  const std::uint8_t* const p = Octets(head);
  request_id_ = ReadLe32(p + 4);
  response_to_ = ReadLe32(p + 8);
  opcode_ = ReadLe32(p + 12);
  direction_ = direction;
  tx_id_ = tx_id;
  left_ = ReadLe32(p) - kHead;
  command_.clear();
  database_.clear();
  collection_.clear();
  ok_ = -1;
  first_document_ = true;
  sequence_left_ = 0;
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

bool Message::Feed(Bytes in, MessageSink& sink) noexcept {
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

void Message::End(MessageSink& sink) noexcept {
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
  if (!collection_.empty()) event.String("collection", framing::Printable(collection_, scratch), Privacy::kIdentifier);
  if (ok_ >= 0) event.Boolean("ok", ok_ > 0);
  event.EndObject();
  sink.OnEvent("mongodb", tx_id_, direction_, event);
}

void Message::Abandon(BodyEnd end, MessageSink& sink) noexcept {
  text_.End(end, sink);
  at_ = At::kSkip;
  checksum_ = false;
}

void Message::Reset() noexcept {
  Renew(*this, {}, &Message::small_, &Message::command_, &Message::database_, &Message::collection_,
        &Message::text_);
}

bool Message::Step(Bytes& in, MessageSink& sink) noexcept {
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
      sequence_left_ = ReadLe32(reinterpret_cast<const std::uint8_t*>(small_.data()));
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

bool Message::Gather(Bytes& in, std::size_t n) noexcept {
  small_ += AsText(TakeFront(in, n - small_.size()));
  return small_.size() == n;
}

void Message::OnFlags() noexcept {
  const std::uint32_t flags = ReadLe32(reinterpret_cast<const std::uint8_t*>(small_.data()));
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

bool Message::Name(Bytes& in) noexcept {
  const std::string_view text = AsText(in);
  const std::size_t end = text.find('\0');
  const std::string_view part = text.substr(0, end);
  small_.append(part.substr(0, kMaxShown - std::min(small_.size(), kMaxShown)));
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

void Message::BeginDocument() noexcept {
  at_ = At::kDocument;
  walker_.Begin();
}

bool Message::Document(Bytes& in) noexcept {
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

void Message::OnText(std::string_view key, std::size_t depth) noexcept {
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
  secret_ = (key == "payload" && command_.starts_with("sasl")) ||
            (key == "pwd" && (command_ == "createUser" || command_ == "updateUser"));
  if (!secret_) text_.BeginPair(key, *sink_);
}

void Message::OnTextPart(std::string_view part) noexcept {
  if (shown_ != nullptr) shown_->append(part.substr(0, kMaxShown - std::min(shown_->size(), kMaxShown)));
  if (!secret_) text_.ValuePart(part, *sink_);
}

void Message::OnTextEnd() noexcept {
  if (!secret_) text_.EndValue(*sink_);
}

void Message::OnNumber(std::string_view key, std::size_t depth, std::string_view text) noexcept {
  if (depth == 1 && first_document_ && command_.empty() && response_to_ == 0) command_.assign(key);
  if (depth == 1 && key == "ok") ok_ = text == "1";
  text_.Pair(key, text, *sink_);
}

void Message::OnOpen(std::string_view key, std::size_t depth) noexcept {
  if (depth == 1 && first_document_ && command_.empty() && response_to_ == 0) command_.assign(key);
}

void Message::OnClose(std::size_t depth) noexcept {
  if (depth > 1) text_.EndRow(*sink_);
}

}  // namespace gander::protocol::mongodb
