// SPDX-License-Identifier: Apache-2.0
#ifndef GANDER_PROTOCOL_SMTP_PARSER_H_
#define GANDER_PROTOCOL_SMTP_PARSER_H_

#include <array>
#include <string>

#include "protocol/framing/dot_reader.h"
#include "protocol/framing/line_reader.h"
#include "protocol/smtp/command.h"
#include "protocol/smtp/mail.h"
#include "protocol/smtp/smtp.h"

namespace gander::protocol::smtp {

Probe ProbeSmtp(const ProbeInput& input) noexcept;

// Follows the client; the server's replies are used where they are seen, so one direction alone can be read.
class SmtpParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override;
  void OnEnd(Direction direction, MessageSink& sink) noexcept override;
  void Reset() noexcept override;
  std::size_t consumed() const noexcept override { return consumed_; }
  void DescribeTransaction(std::uint32_t tx_id, Record& out) const override { mail_.Describe(tx_id, out); }

 private:
  enum class State : std::uint8_t { kCommands, kData, kChunk, kAuth };

  // Commands sent and not replied to. When more are outstanding, replies are no longer matched.
  class Outstanding {
   public:
    void Push(Verb verb) noexcept;
    Verb Pop() noexcept;  // kUnknown when there is none
    void Clear() noexcept { head_ = count_ = 0; }

   private:
    std::array<Verb, 128> ring_;
    std::size_t head_ = 0, count_ = 0;
  };

  void OnGap(const stream::StreamChunk& chunk, MessageSink& sink) noexcept;
  ParseStatus FromClient(Bytes& in, MessageSink& sink) noexcept;
  ParseStatus FromServer(Bytes& in, MessageSink& sink) noexcept;
  ParseStatus OnCommandLine(std::string_view line, MessageSink& sink) noexcept;
  void OnBdat(std::string_view argument, MessageSink& sink) noexcept;
  void OnAuth(std::string_view argument, MessageSink& sink) noexcept;
  void OnAuthLine(std::string_view line, MessageSink& sink) noexcept;
  void ReadData(Bytes& in, MessageSink& sink) noexcept;
  void ReadChunk(Bytes& in, MessageSink& sink) noexcept;
  bool OnReply(const Reply& reply, MessageSink& sink) noexcept;
  void EndOfMail(MessageSink& sink) noexcept;
  void TellDropped(framing::LineReader& lines, const char* anomaly, MessageSink& sink) noexcept;

  Direction client_ = Direction::kToServer;
  bool sides_known_ = false;
  bool greeted_ = false;    // the server's name was told
  bool tls_asked_ = false;  // STARTTLS was sent
  bool command_seen_ = false;
  bool told_long_line_ = false;
  bool lost_in_data_ = false;  // bytes of the data are missing, maybe its end with them
  State state_ = State::kCommands;
  std::uint32_t unknown_lines_ = 0;
  framing::LineReader client_lines_, server_lines_;
  Outstanding outstanding_;
  framing::DotReader dots_;
  std::uint64_t chunk_left_ = 0;  // of a BDAT chunk
  bool last_chunk_ = false;
  bool auth_login_ = false;  // user name and password come on two lines
  std::uint32_t auth_lines_ = 0;
  std::string decoded_;
  Mail mail_;
  std::size_t consumed_ = 0;
};

}  // namespace gander::protocol::smtp

#endif  // GANDER_PROTOCOL_SMTP_PARSER_H_
