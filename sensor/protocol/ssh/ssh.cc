// SPDX-License-Identifier: Apache-2.0
#include "protocol/ssh/ssh.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/byte_reader.h"
#include "base/renew.h"
#include "protocol/tls_hello/fingerprint.h"

namespace gander::protocol {
namespace {

constexpr std::string_view kBegin = "SSH-";
constexpr std::uint8_t kKexInit = 20;
constexpr std::size_t kLengthBytes = 4, kCookie = 16;

// What one side says before the encryption.
struct Side {
  enum class State : std::uint8_t { kBanner, kOffer, kDone };
  State state = State::kBanner;
  std::string buffer;  // a line or a packet that spans chunks
  std::size_t lines = 0;
  std::string version, software, hassh;
};

// HASSH (Salesforce, 2018): the algorithms of a side's own direction, in their order: key exchange; encryption; MAC;
// compression. Empty when `payload` is no KEXINIT.
std::string HasshText(Bytes payload, Direction direction) {
  ByteReader r(payload);
  if (r.U8() != kKexInit) return {};
  r.Skip(kCookie);
  std::array<std::string_view, 8> lists;  // kex, host key, encryption, MAC and compression there and back
  for (std::string_view& list : lists) list = AsText(r.Take(r.U32()));
  if (r.failed()) return {};
  const std::size_t own = direction == Direction::kToServer ? 0 : 1;
  std::string text(lists[0]);
  for (std::size_t first : {2u, 4u, 6u}) text += ';' + std::string(lists[first + own]);
  return text;
}

class SshParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(chunk.direction)];
    if (chunk.gap_before > 0) side.state = Side::State::kDone;
    Bytes rest = chunk.bytes;
    while (!rest.empty() && side.state != Side::State::kDone) {
      const bool good =
          side.state == Side::State::kBanner ? ReadLine(side, rest) : ReadOffer(side, rest, chunk.direction);
      if (!good) return ParseStatus::kNotThis;
    }
    if (!rest.empty()) sink.OnFate(ByteFate::kEncrypted, rest.size());
    if (sides_[0].state != Side::State::kDone || sides_[1].state != Side::State::kDone) return ParseStatus::kContinue;
    Tell(sink);
    return ParseStatus::kEncrypted;
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    if (direction == Direction::kToClient) Tell(sink);
  }

  void Reset() noexcept override { Renew(*this); }

 private:
  // False when this is no SSH.
  static bool ReadLine(Side& side, Bytes& rest) noexcept {
    const std::string_view text = AsText(rest);
    const std::size_t end = text.find('\n');
    side.buffer += AsText(TakeFront(rest, end == text.npos ? text.size() : end + 1));
    if (end == text.npos) return side.buffer.size() <= ssh::kMaxLine;
    std::string_view line = side.buffer;
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    if (line.starts_with(kBegin)) {
      line.remove_prefix(kBegin.size());
      const std::size_t dash = std::min(line.find('-'), line.size());
      side.version = line.substr(0, dash);
      line.remove_prefix(std::min(dash + 1, line.size()));
      // Comments may follow behind a blank (RFC 4253 §4.2).
      const auto blank =
          std::find_if(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; });
      side.software.assign(line.begin(), blank);
      // Version 1 goes on in another way, which nobody should speak any more.
      side.state = side.version.starts_with("2") || side.version == "1.99" ? Side::State::kOffer : Side::State::kDone;
    } else if (++side.lines > ssh::kMaxLinesBefore || side.buffer.size() > ssh::kMaxLine) {
      return false;
    }
    side.buffer.clear();
    return true;
  }

  static bool ReadOffer(Side& side, Bytes& rest, Direction direction) noexcept {
    if (side.buffer.size() < kLengthBytes) {
      side.buffer += AsText(TakeFront(rest, kLengthBytes - side.buffer.size()));
      if (side.buffer.size() < kLengthBytes) return true;
    }
    const std::size_t length = ByteReader(AsBytes(side.buffer)).U32();
    if (length > ssh::kMaxOffer) {
      Finish(side);
      return true;
    }
    side.buffer += AsText(TakeFront(rest, kLengthBytes + length - side.buffer.size()));
    if (side.buffer.size() < kLengthBytes + length) return true;
    ByteReader r(AsBytes(side.buffer).subspan(kLengthBytes));
    r.U8();  // padding length
    side.hassh = HasshText(r.rest(), direction);
    Finish(side);
    return true;
  }

  static void Finish(Side& side) noexcept {
    std::string().swap(side.buffer);
    side.state = Side::State::kDone;
  }

  void Tell(MessageSink& sink) noexcept {
    if (told_ || (sides_[0].version.empty() && sides_[1].version.empty())) return;
    told_ = true;
    thread_local Record record;
    record.Clear();
    record.BeginObject("ssh");
    for (Direction d : {Direction::kToServer, Direction::kToClient}) {
      const Side& side = sides_[Index(d)];
      if (side.version.empty()) continue;
      sink.OnSoftware({"ssh.banner", d, side.software});
      record.BeginObject(d == Direction::kToServer ? "client" : "server");
      record.String("proto_version", side.version).String("software_version", side.software);
      if (!side.hassh.empty()) {
        record.BeginObject("hassh").String("hash", tls::Md5Hex(side.hassh)).String("string", side.hassh).EndObject();
      }
      record.EndObject();
    }
    record.EndObject();
    sink.OnEvent("ssh", 0, Direction::kToServer, record);
  }

  std::array<Side, 2> sides_;
  bool told_ = false;
};

Probe ProbeSsh(const ProbeInput& input) noexcept {
  const std::string_view text = AsText(input.bytes);
  if (text.size() < kBegin.size()) return kBegin.starts_with(text) ? Probe::kNeedMore : Probe::kNo;
  return text.starts_with(kBegin) ? Probe::kYes : Probe::kNo;
}

std::unique_ptr<Parser> Create() { return std::make_unique<SshParser>(); }

}  // namespace

const ProtocolInfo kSsh = {"ssh", true, false, ProbeSsh, Create, FirstOctets::AnyOf("S")};

}  // namespace gander::protocol
