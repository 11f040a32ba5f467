// SPDX-License-Identifier: Apache-2.0
#include "protocol/imap/imap.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/renew.h"
#include "protocol/framing/line_reader.h"
#include "protocol/mime/header_value.h"

namespace gander::protocol {
namespace imap {
namespace {

using mime::EqualsIgnoreCase;

constexpr std::size_t kMaxTag = 32;

struct Side {
  framing::LineReader lines;
  std::uint64_t literal_left = 0;
  bool body_open = false;
  bool secret_next = false;  // the next client line answers an AUTHENTICATE challenge

  void Reset() noexcept { Renew(*this, {}, &Side::lines); }
};

// The next word of a line: an atom or a quoted string, without its quotes.
std::string_view NextWord(std::string_view& rest) noexcept {
  rest = mime::Trim(rest);
  const bool quoted = !rest.empty() && rest.front() == '"';
  if (quoted) rest.remove_prefix(1);
  const std::size_t end = std::min(rest.find(quoted ? '"' : ' '), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

// The size of the literal announced at the end of `line`: "{12}", "{12+}". False when there is none.
bool LiteralSize(std::string_view line, std::uint64_t* size) noexcept {
  if (line.empty() || line.back() != '}') return false;
  const std::size_t open = line.rfind('{');
  if (open == std::string_view::npos) return false;
  std::string_view digits = line.substr(open + 1, line.size() - open - 2);
  if (!digits.empty() && digits.back() == '+') digits.remove_suffix(1);
  if (digits.empty() || digits.size() > 10) return false;
  *size = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
    *size = *size * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return true;
}

// Whether the literal behind `line` is a message or its header, as opposed to one part's bare text.
bool HoldsMessage(std::string_view line) noexcept {
  constexpr std::string_view kItems[] = {"BODY[]", "BODY[HEADER", "RFC822", "APPEND"};
  for (std::string_view item : kItems) {
    const std::size_t at = line.rfind(item);
    if (at == std::string_view::npos) continue;
    // "RFC822.SIZE 5 BODY[TEXT] {9}": only the last item named is the literal's.
    const bool last = item == "APPEND" || line.find(" BODY[", at + 1) == std::string_view::npos;
    if (last) return !line.substr(at).starts_with("RFC822.TEXT");
  }
  return false;
}

class ImapParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override;
  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    Close(direction, BodyEnd::kTruncated, sink);
  }
  void Reset() noexcept override { Renew(*this, {}, &ImapParser::sides_, &ImapParser::tls_tag_); }
  std::size_t consumed() const noexcept override { return consumed_; }

 private:
  bool OnLine(Direction direction, std::string_view line, MessageSink& sink) noexcept;
  void OnCommand(std::string_view line, MessageSink& sink) noexcept;
  void Literal(Direction direction, Bytes& in, MessageSink& sink) noexcept;
  void Open(Direction direction, const char* type, MessageSink& sink) noexcept;
  void Close(Direction direction, BodyEnd end, MessageSink& sink) noexcept;

  std::array<Side, 2> sides_;
  Direction client_ = Direction::kToServer;
  bool sides_known_ = false;
  bool authenticating_ = false;
  std::string tls_tag_;  // of a STARTTLS without its answer
  std::size_t consumed_ = 0;
};

ParseStatus ImapParser::OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
  Side& side = sides_[Index(chunk.direction)];
  Bytes in = chunk.bytes;
  if (!sides_known_ && !in.empty()) {
    client_ =
        in[0] == std::byte{'*'} || in[0] == std::byte{'+'} ? Opposite(chunk.direction) : chunk.direction;
    sides_known_ = true;
  }
  if (chunk.gap_before > 0) {
    Close(chunk.direction, BodyEnd::kGap, sink);
    // A literal's length is known, so what remains of it behind the gap is too.
    if (chunk.gap_before >= side.literal_left) side.lines.Resync();
    side.literal_left -= std::min<std::uint64_t>(side.literal_left, chunk.gap_before);
  }
  ParseStatus status = ParseStatus::kContinue;
  while (!in.empty() && status == ParseStatus::kContinue) {
    if (side.literal_left > 0) {
      Literal(chunk.direction, in, sink);
      continue;
    }
    std::string_view line;
    const bool whole = side.lines.Next(in, &line);
    if (const std::uint64_t dropped = side.lines.TakeDropped(); dropped > 0) {
      sink.OnFate(ByteFate::kLostParserCap, dropped);
    }
    if (whole && OnLine(chunk.direction, line, sink)) status = ParseStatus::kSwitch;
  }
  consumed_ = chunk.bytes.size() - in.size();
  return status;
}

// True when TLS begins behind this line.
bool ImapParser::OnLine(Direction direction, std::string_view line, MessageSink& sink) noexcept {
  Side& side = sides_[Index(direction)];
  std::uint64_t size = 0;
  if (LiteralSize(line, &size) && size > 0) {
    side.literal_left = size;
    Open(direction, HoldsMessage(line) ? "message/rfc822" : "", sink);
  }
  if (direction == client_) {
    if (!std::exchange(side.secret_next, false)) OnCommand(line, sink);
    return false;
  }
  if (!line.empty()) sink.OnField("imap.response", "", direction, AsBytes(line));
  const bool challenge = line.starts_with("+");
  sides_[Index(client_)].secret_next = challenge && authenticating_;
  if (!challenge) authenticating_ = false;
  if (tls_tag_.empty() || !line.starts_with(tls_tag_) || line.size() <= tls_tag_.size()) return false;
  const bool ok = line.substr(tls_tag_.size()).starts_with(" OK");
  tls_tag_.clear();
  return ok;
}

void ImapParser::OnCommand(std::string_view line, MessageSink& sink) noexcept {
  std::string_view rest = line;
  const std::string_view tag = NextWord(rest);
  const std::string_view verb = NextWord(rest);
  if (EqualsIgnoreCase(verb, "STARTTLS")) tls_tag_.assign(tag.substr(0, kMaxTag));
  if (EqualsIgnoreCase(verb, "AUTHENTICATE")) authenticating_ = true;
  if (!EqualsIgnoreCase(verb, "LOGIN")) {
    if (!line.empty()) sink.OnField("imap.command", "", client_, AsBytes(line));
    return;
  }
  const std::string_view user = NextWord(rest), password = NextWord(rest);
  if (!user.empty()) sink.OnField("imap.command", "user", client_, AsBytes(user));
  if (!password.empty()) sink.OnField("imap.command", "password", client_, AsBytes(password));
}

void ImapParser::Literal(Direction direction, Bytes& in, MessageSink& sink) noexcept {
  Side& side = sides_[Index(direction)];
  if (!side.body_open) Open(direction, "", sink);  // behind a gap
  const Bytes part = TakeFront(in, side.literal_left);
  side.literal_left -= part.size();
  sink.OnBodyPart(direction, part);
  if (side.literal_left == 0) Close(direction, BodyEnd::kComplete, sink);
}

void ImapParser::Open(Direction direction, const char* type, MessageSink& sink) noexcept {
  sides_[Index(direction)].body_open = true;
  BodyMeta meta;
  meta.where = "imap.literal";
  meta.direction = direction;
  meta.content_type = type;
  sink.OnBodyBegin(meta);
}

void ImapParser::Close(Direction direction, BodyEnd end, MessageSink& sink) noexcept {
  Side& side = sides_[Index(direction)];
  if (std::exchange(side.body_open, false)) sink.OnBodyEnd(direction, end);
}

Probe ProbeImap(const ProbeInput& input) noexcept {
  constexpr std::string_view kGreetings[] = {"* OK", "* PREAUTH", "* BYE"};
  constexpr std::string_view kCommands[] = {"CAPABILITY", "LOGIN", "AUTHENTICATE",
                                            "STARTTLS",   "ID",    "SELECT"};
  const std::string_view text = AsText(input.bytes);
  for (std::string_view greeting : kGreetings) {
    if (text.starts_with(greeting)) return Probe::kYes;
    if (greeting.starts_with(text)) return Probe::kNeedMore;
  }
  std::string_view rest = text.substr(0, text.find_first_of("\r\n"));
  const std::string_view tag = NextWord(rest);
  const bool tag_like =
      !tag.empty() && tag.size() <= kMaxTag && std::all_of(tag.begin(), tag.end(), [](char c) {
        return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '.';
      });
  if (!tag_like) return Probe::kNo;
  const std::string_view verb = NextWord(rest);
  for (std::string_view command : kCommands) {
    if (EqualsIgnoreCase(verb, command)) return Probe::kYes;
  }
  return Probe::kNo;
}

}  // namespace
}  // namespace imap

const ProtocolInfo kImap = {"imap", true, false, imap::ProbeImap,
                            []() -> std::unique_ptr<Parser> { return std::make_unique<imap::ImapParser>(); },
                            FirstOctets::Text()};

}  // namespace gander::protocol
