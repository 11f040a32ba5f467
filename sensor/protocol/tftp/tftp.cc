// SPDX-License-Identifier: Apache-2.0
#include "protocol/tftp/tftp.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "base/byte_reader.h"
#include "base/renew.h"
#include "protocol/mime/header_value.h"

namespace gander::protocol {
namespace {

using mime::EqualsIgnoreCase;

enum class Opcode : std::uint16_t { kRead = 1, kWrite = 2, kData = 3, kAck = 4, kError = 5, kOptionAck = 6 };
constexpr std::size_t kHead = 4;  // opcode and block number

// The next string that a zero octet ends.
bool TakeString(ByteReader& r, std::string_view& out) noexcept {
  const std::string_view rest = AsText(r.rest());
  const std::size_t end = rest.find('\0');
  if (end == rest.npos) return false;
  out = rest.substr(0, end);
  r.Skip(end + 1);
  return true;
}

bool IsMode(std::string_view mode) noexcept {
  return EqualsIgnoreCase(mode, "octet") || EqualsIgnoreCase(mode, "netascii") || EqualsIgnoreCase(mode, "mail");
}

// The block size among the options, `otherwise` where none is named.
std::size_t BlockSize(ByteReader r, std::size_t otherwise) noexcept {
  std::string_view name, value;
  while (TakeString(r, name) && TakeString(r, value)) {
    std::size_t size = 0;
    if (!EqualsIgnoreCase(name, "blksize")) continue;
    std::from_chars(value.data(), value.data() + value.size(), size);
    if (size >= tftp::kMinBlock && size <= tftp::kMaxBlock) return size;
  }
  return otherwise;
}

struct Request {
  bool write = false;
  std::string_view file, mode;
};

bool ReadRequest(Bytes datagram, Request& out) noexcept {
  ByteReader r(datagram);
  const auto opcode = static_cast<Opcode>(r.U16());
  out.write = opcode == Opcode::kWrite;
  if (opcode != Opcode::kRead && opcode != Opcode::kWrite) return false;
  return TakeString(r, out.file) && !out.file.empty() && TakeString(r, out.mode) && IsMode(out.mode);
}

class TftpParser final : public Parser {
 public:
  void SetExpectation(const ExpectedFlow& flow) noexcept override { file_ = flow.file_name.substr(0, tftp::kMaxName); }

  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    ByteReader r(chunk.bytes);
    const auto opcode = static_cast<Opcode>(r.U16());
    const std::uint16_t number = r.U16();
    if (r.failed()) return Malformed(chunk, sink);
    switch (opcode) {
      case Opcode::kRead:
      case Opcode::kWrite: return OnRequest(chunk, sink);
      case Opcode::kData: OnData(number, r.rest(), chunk.direction, sink); break;
      case Opcode::kAck: break;
      case Opcode::kError:
        Close(BodyEnd::kTruncated, sink);
        break;
      case Opcode::kOptionAck: block_ = BlockSize(ByteReader(chunk.bytes.subspan(2)), tftp::kBlock); break;
      default: return Malformed(chunk, sink);
    }
    seen_ = true;
    return ParseStatus::kContinue;
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    if (open_ && direction == direction_) Close(BodyEnd::kTruncated, sink);
  }

  void Reset() noexcept override { Renew(*this, {}, &TftpParser::file_); }

 private:
  ParseStatus Malformed(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
    if (!seen_) return ParseStatus::kNotThis;
    sink.OnAnomaly("malformed_data");
    sink.OnFate(ByteFate::kOpaqueBinary, chunk.bytes.size());
    return ParseStatus::kContinue;
  }

  ParseStatus OnRequest(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
    Request request;
    if (!ReadRequest(chunk.bytes, request)) return Malformed(chunk, sink);
    seen_ = true;
    const std::string_view file = request.file.substr(0, tftp::kMaxName);
    sink.OnField("tftp.file", "file", chunk.direction, AsBytes(file));
    Record record;
    record.BeginObject("tftp").String("packet", request.write ? "write" : "read");
    record.String("file", file, Privacy::kIdentifier)
        .String("mode", request.mode.substr(0, tftp::kMaxMode))
        .EndObject();
    sink.OnEvent("tftp", tx_++, chunk.direction, record);
    // The server answers from a port of its own choice to the client's.
    ExpectedFlow transfer;
    transfer.listener_is_client = true;
    transfer.protocol = "tftp";
    transfer.file_name = file;
    transfer.command = request.write ? "write" : "read";
    sink.OnExpectedFlow(transfer);
    return ParseStatus::kContinue;
  }

  // Blocks come one by one; one that is repeated was not acknowledged in time.
  void OnData(std::uint16_t number, Bytes data, Direction direction, MessageSink& sink) noexcept {
    if (open_ && direction != direction_) return;
    if (number != next_) {
      const bool repeated = static_cast<std::uint16_t>(next_ - number) < 0x8000;
      if (repeated) return sink.OnFate(ByteFate::kDuplicate, data.size());
      if (open_) Close(BodyEnd::kGap, sink);
      next_ = number;
    }
    ++next_;
    if (!open_) {
      BodyMeta meta;
      meta.where = "tftp.data";
      meta.direction = direction;
      meta.file_name = file_;
      meta.tx_id = tx_;
      meta.range_part = number != 1;
      sink.OnBodyBegin(meta);
      open_ = true;
      direction_ = direction;
      // Without an option acknowledged in sight, a first block beyond the usual size tells what was agreed.
      if (number == 1) block_ = std::max(block_, data.size());
    }
    sink.OnBodyPart(direction, data);
    if (data.size() < block_) Close(BodyEnd::kComplete, sink);
  }

  void Close(BodyEnd end, MessageSink& sink) noexcept {
    if (!open_) return;
    open_ = false;
    ++tx_;
    sink.OnBodyEnd(direction_, end);
  }

  std::string file_;
  std::size_t block_ = tftp::kBlock;
  std::uint16_t next_ = 1;  // block
  std::uint32_t tx_ = 0;
  bool open_ = false, seen_ = false;
  Direction direction_ = Direction::kToServer;
};

// A request by its form; a transfer that was not announced by its first block, a whole one or text, or by its options.
Probe ProbeTftp(const ProbeInput& input) noexcept {
  Request request;
  if (ReadRequest(input.bytes, request)) return Probe::kYes;
  ByteReader r(input.bytes);
  const auto opcode = static_cast<Opcode>(r.U16());
  if (opcode == Opcode::kOptionAck) {
    std::string_view name, value;
    return TakeString(r, name) && TakeString(r, value) && EqualsIgnoreCase(name, "blksize") ? Probe::kYes : Probe::kNo;
  }
  const bool first_block = opcode == Opcode::kData && r.U16() == 1 && !r.failed();
  return first_block && input.bytes.size() == kHead + tftp::kBlock ? Probe::kYes : Probe::kNo;
}

std::unique_ptr<Parser> Create() { return std::make_unique<TftpParser>(); }

}  // namespace

const ProtocolInfo kTftp = {"tftp", false, true, ProbeTftp, Create, FirstOctets{}.Range(0, 0)};

}  // namespace gander::protocol
