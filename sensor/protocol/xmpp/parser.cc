// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/renew.h"
#include "protocol/xmpp/stanza.h"
#include "protocol/xmpp/xml_reader.h"
#include "protocol/xmpp/xmpp.h"

namespace gander::protocol {
namespace xmpp {
namespace {

constexpr std::uint16_t kPorts[] = {5222, 5269, 5298};
constexpr std::string_view kStanzas[] = {"message", "presence", "iq"};

// Working memory of a thread.
thread_local Record record;

bool IsStanza(std::string_view name) noexcept {
  return std::find(std::begin(kStanzas), std::end(kStanzas), name) != std::end(kStanzas);
}

class XmppParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override;
  void OnEnd(Direction direction, MessageSink& sink) noexcept override { Finish(direction, sink); }
  void Reset() noexcept override;
  std::size_t consumed() const noexcept override { return consumed_; }

 private:
  struct Side {
    XmlReader xml;
    unsigned depth = 0;    // elements that are open
    std::string element;   // the innermost of them, while its text may come
    std::string text;      // of it, at most kMaxText
    Stanza stanza;
    bool lost = false;     // a gap hid how deep this is
  };

  ParseStatus OnOpen(Direction direction, MessageSink& sink) noexcept;
  ParseStatus OnClose(Direction direction, MessageSink& sink) noexcept;
  void BeginStanza(Side& side, Direction direction, MessageSink& sink) noexcept;
  void OnInner(Side& side, Direction direction, MessageSink& sink) noexcept;
  void OnText(Direction direction, std::string_view text, MessageSink& sink) noexcept;
  void FlushText(Side& side, Direction direction, MessageSink& sink) noexcept;
  void Finish(Direction direction, MessageSink& sink) noexcept;

  std::array<Side, 2> sides_;
  bool compressed_ = false;
  std::uint32_t tags_ = 0, tx_id_ = 0;
  std::size_t consumed_ = 0;
};

ParseStatus XmppParser::OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
  const Direction direction = chunk.direction;
  Side& side = sides_[Index(direction)];
  if (chunk.gap_before > 0) {
    Finish(direction, sink);
    side.xml.Resync();
    side.lost = true;
  }
  Bytes in = chunk.bytes;
  ParseStatus status = ParseStatus::kContinue;
  while (status == ParseStatus::kContinue && !compressed_) {
    const XmlReader::Step step = side.xml.Next(in);
    if (const std::uint64_t dropped = side.xml.TakeDropped(); dropped > 0)
      sink.OnFate(ByteFate::kLostParserCap, dropped);
    if (step == XmlReader::Step::kNeedMore) break;
    switch (step) {
      case XmlReader::Step::kOpen: status = OnOpen(direction, sink); break;
      case XmlReader::Step::kClose: status = OnClose(direction, sink); break;
      case XmlReader::Step::kText: OnText(direction, side.xml.text(), sink); break;
      default:
        sink.OnAnomaly("malformed_xml");
        if (tags_ == 0) status = ParseStatus::kNotThis;
    }
  }
  consumed_ = chunk.bytes.size() - in.size();
  if (compressed_ && status == ParseStatus::kContinue) sink.OnFate(ByteFate::kOpaqueUndecodable, in.size());
  return status;
}

ParseStatus XmppParser::OnOpen(Direction direction, MessageSink& sink) noexcept {
  Side& side = sides_[Index(direction)];
  ++tags_;
  const std::string_view name = side.xml.name();
  const bool stream = name == "stream" && (side.depth <= 1 || !side.xml.attribute("xmlns:stream").empty());
  if (side.lost && !stream && !IsStanza(name)) return ParseStatus::kContinue;
  if (side.lost || (side.depth == 0 && !stream)) side.depth = 1;  // the head of the stream was not seen
  side.lost = false;
  FlushText(side, direction, sink);
  if (stream) {
    // A stream begins anew behind SASL, within the old one.
    Finish(direction, sink);
    side.depth = 0;
    if (const std::string_view to = side.xml.attribute("to"); !to.empty()) sink.OnServerName(to);
  }
  if (side.depth <= 1) {
    BeginStanza(side, direction, sink);
  } else {
    OnInner(side, direction, sink);
  }
  if (stream) Finish(direction, sink);
  side.element.assign(name.substr(0, kMaxShown));
  if (++side.depth == kMaxDepth + 1) sink.OnAnomaly("nesting_too_deep");
  return side.xml.closes() ? OnClose(direction, sink) : ParseStatus::kContinue;
}

void XmppParser::BeginStanza(Side& side, Direction direction, MessageSink& sink) noexcept {
  const XmlReader& xml = side.xml;
  Stanza& stanza = side.stanza;
  stanza.Set(Stanza::kName, xml.name());
  stanza.Set(Stanza::kType, xml.attribute("type"));
  stanza.Set(Stanza::kId, xml.attribute("id"));
  stanza.Set(Stanza::kMechanism, xml.attribute("mechanism"));
  const bool stream = xml.name() == "stream";
  if (!IsStanza(xml.name()) && !stream) stanza.Set(Stanza::kNamespace, xml.attribute("xmlns"));
  for (const auto& [part, key] : {std::pair{Stanza::kFrom, "from"}, std::pair{Stanza::kTo, "to"}}) {
    const std::string_view address = xml.attribute(key);
    stanza.Set(part, address);
    if (!stream && !address.empty()) sink.OnField("xmpp.attribute", key, direction, AsBytes(address));
  }
}

void XmppParser::OnInner(Side& side, Direction direction, MessageSink& sink) noexcept {
  if (side.depth == 2) side.stanza.Set(Stanza::kNamespace, side.xml.attribute("xmlns"));
  for (const char* const key : {"jid", "name", "nick", "from", "to", "mechanism"}) {
    const std::string_view value = side.xml.attribute(key);
    if (!value.empty()) sink.OnField("xmpp.attribute", key, direction, AsBytes(value));
  }
}

ParseStatus XmppParser::OnClose(Direction direction, MessageSink& sink) noexcept {
  Side& side = sides_[Index(direction)];
  FlushText(side, direction, sink);
  side.element.clear();
  if (side.lost || side.depth == 0) return ParseStatus::kContinue;
  if (--side.depth != 1) return ParseStatus::kContinue;
  const bool proceeds = side.stanza[Stanza::kName] == "proceed";
  compressed_ = side.stanza[Stanza::kName] == "compressed";
  Finish(direction, sink);
  return proceeds ? ParseStatus::kSwitch : ParseStatus::kContinue;
}

// Pictures and files within stanzas are base64 of something else.
void XmppParser::OnText(Direction direction, std::string_view text, MessageSink& sink) noexcept {
  Side& side = sides_[Index(direction)];
  if (side.lost || side.depth < 2) return;
  if (side.element == "BINVAL" || side.element == "data") return sink.OnFate(ByteFate::kOpaqueBinary, text.size());
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, kMaxText - side.text.size());
    side.text += piece;
    text.remove_prefix(piece.size());
    if (side.text.size() == kMaxText) FlushText(side, direction, sink);
  }
}

void XmppParser::FlushText(Side& side, Direction direction, MessageSink& sink) noexcept {
  constexpr std::size_t kKept = 64;
  const std::string text = std::exchange(side.text, {});
  if (text.capacity() <= kKept) side.text.reserve(text.capacity());
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) return;
  const std::string_view element = side.element;
  const auto field = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) sink.OnField("xmpp.text", name, direction, AsBytes(value));
  };
  if (element == "auth" || element == "response" || element == "initial-response") {
    std::string user, password;
    if (!ReadCredentials(text, user, password)) return;
    side.stanza.Set(Stanza::kUsername, user);
    side.stanza.Set(Stanza::kPassword, password);
    field("user", user);
    field("password", password);
  } else if (element == "challenge" || element == "success" || element == "digest" || element == "hash") {
    return;  // proofs: no text
  } else if (element == "password") {
    side.stanza.Set(Stanza::kPassword, text);
    field("password", text);
  } else if (element == "username") {
    side.stanza.Set(Stanza::kUsername, text);
    field("user", text);
  } else {
    if (element == "body") side.stanza.Set(Stanza::kBody, text);
    if (element == "subject") side.stanza.Set(Stanza::kSubject, text);
    field(element, text);
  }
}

void XmppParser::Finish(Direction direction, MessageSink& sink) noexcept {
  Side& side = sides_[Index(direction)];
  FlushText(side, direction, sink);
  side.element.clear();
  if (!side.stanza.begun()) return;
  if (sink.WantsEvent("xmpp")) {
    record.Clear();
    record.BeginObject("xmpp");
    side.stanza.Write(record);
    record.EndObject();
    sink.OnEvent("xmpp", tx_id_, direction, record);
  }
  ++tx_id_;
  side.stanza.Clear();
}

void XmppParser::Reset() noexcept { Renew(*this); }

// The head of a stream; on the port a stanza too.
Probe ProbeXmpp(const ProbeInput& input) noexcept {
  std::string_view text = AsText(input.bytes).substr(0, kProbeBytes);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  constexpr std::string_view kStream = "<stream:stream", kXml = "<?xml";
  if (text.size() < kXml.size())
    return kXml.starts_with(text) || kStream.starts_with(text) ? Probe::kNeedMore : Probe::kNo;
  for (const std::string_view sign : {"<stream:stream", "'jabber:", "\"jabber:", "etherx.jabber.org"}) {
    if (text.find(sign) != std::string_view::npos) return Probe::kYes;
  }
  const bool on_port = std::any_of(std::begin(kPorts), std::end(kPorts), [&](std::uint16_t p) {
    return p == input.server_port || p == input.client_port;
  });
  for (const std::string_view stanza : kStanzas) {
    const bool begins = on_port && text[0] == '<' && text.substr(1).starts_with(stanza);
    if (begins && text.substr(1 + stanza.size()).find_first_of(" />") == 0) return Probe::kYes;
  }
  const bool may_be = text.starts_with(kXml) || kStream.starts_with(text);
  return may_be && AsText(input.bytes).size() < kProbeBytes ? Probe::kNeedMore : Probe::kNo;
}

}  // namespace
}  // namespace xmpp

const ProtocolInfo kXmpp = {"xmpp", true, false, xmpp::ProbeXmpp,
                            []() -> std::unique_ptr<Parser> { return std::make_unique<xmpp::XmppParser>(); },
                            FirstOctets::AnyOf("< \t\r\n")};

}  // namespace gander::protocol
