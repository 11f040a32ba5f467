// SPDX-License-Identifier: Apache-2.0
// A data connection: each direction is one body.
#include <array>
#include <string>
#include <utility>

#include "base/record.h"
#include "base/renew.h"
#include "protocol/ftp/ftp.h"

namespace gander::protocol {
namespace {

constexpr std::size_t kMaxFileName = 1024;

class FtpDataParser final : public Parser {
 public:
  void SetExpectation(const ExpectedFlow& flow) noexcept override {
    file_name_ = flow.file_name.substr(0, kMaxFileName);
    command_ = flow.command;
  }

  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(chunk.direction)];
    if (chunk.gap_before > 0) {
      if (std::exchange(side.open, false)) sink.OnBodyEnd(chunk.direction, BodyEnd::kGap);
      side.damaged = true;
    }
    if (chunk.bytes.empty()) return ParseStatus::kContinue;
    if (!side.open) {
      BodyMeta meta;
      meta.where = "ftp-data";
      meta.direction = chunk.direction;
      if (!side.damaged) meta.file_name = file_name_;
      meta.range_part = side.damaged;
      sink.OnBodyBegin(meta);
      side.open = true;
      data_direction_ = chunk.direction;
    }
    sink.OnBodyPart(chunk.direction, chunk.bytes);
    return ParseStatus::kContinue;
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(direction)];
    if (std::exchange(side.open, false)) sink.OnBodyEnd(direction, BodyEnd::kComplete);
    side.ended = true;
    if (!sides_[0].ended || !sides_[1].ended || command_.empty()) return;
    Record record;
    record.BeginObject("ftp_data");
    if (!file_name_.empty()) record.String("filename", file_name_, Privacy::kIdentifier);
    record.String("command", std::exchange(command_, {})).EndObject();
    sink.OnEvent("ftp_data", 0, data_direction_, record);
  }

  void Reset() noexcept override { Renew(*this, {}, &FtpDataParser::file_name_, &FtpDataParser::command_); }

 private:
  struct Side {
    bool open = false;
    bool damaged = false;  // behind a gap: no longer a file
    bool ended = false;
  };
  std::array<Side, 2> sides_;
  std::string file_name_, command_;
  Direction data_direction_ = Direction::kToServer;
};

std::unique_ptr<Parser> Create() { return std::make_unique<FtpDataParser>(); }

// It is the announcement that tells. A server that connects from its data port (RFC 959 §3.2) has been asked to: where
// the mirror is late with that command, what comes first waits for it.
Probe ProbeFtpData(const ProbeInput& input) noexcept {
  constexpr std::uint16_t kDataPort = 20;
  return input.client_port == kDataPort ? Probe::kNeedMore : Probe::kNo;
}

}  // namespace

const ProtocolInfo kFtpData = {"ftp-data", true, false, ProbeFtpData, Create};

}  // namespace gander::protocol
