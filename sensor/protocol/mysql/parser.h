// SPDX-License-Identifier: Apache-2.0
#ifndef GANDER_PROTOCOL_MYSQL_PARSER_H_
#define GANDER_PROTOCOL_MYSQL_PARSER_H_

#include <array>
#include <string>
#include <vector>

#include "base/renew.h"
#include "protocol/framing/frame_reader.h"
#include "protocol/mysql/command.h"
#include "protocol/mysql/mysql.h"
#include "protocol/mysql/result.h"
#include "protocol/rowset/sql_text.h"

namespace gander::protocol::mysql {

Probe ProbeMysql(const ProbeInput& input) noexcept;

// Capabilities (MySQL Internals, "Capability Flags").
inline constexpr std::uint32_t kConnectWithDb = 0x8, kCompress = 0x20, kProtocol41 = 0x200, kSsl = 0x800,
                               kSecureConnection = 0x8000, kPluginAuth = 0x80000, kConnectAttributes = 0x100000,
                               kLengthEncodedAuth = 0x200000, kZstd = 0x4000000, kQueryAttributes = 0x8000000;
inline constexpr std::size_t kHead = 4;         // length and sequence number before a packet's payload
inline constexpr std::size_t kSslRequest = 32;  // payload of an SSLRequest: the fixed part of a login

// Whether a server's greeting, or a client's login or SSLRequest, begins with `packet` (its head included).
bool IsGreeting(Bytes packet) noexcept;
bool IsLogin(Bytes packet) noexcept;

class MysqlParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override;
  void OnEnd(Direction direction, MessageSink& sink) noexcept override;
  void Reset() noexcept override;
  std::size_t consumed() const noexcept override { return consumed_; }

 private:
  enum class State : std::uint8_t {
    kLogin,
    kIdle,
    kResponse,
    kColumns,
    kRows,
    kDefinitions,
    kFieldList,
    kInfile,
    kOpaque
  };
  enum class Long : std::uint8_t { kSkip, kRow, kBody };
  struct Side {
    framing::FrameReader frames{kHead + kMaxPacket};
    bool lost = false;
    Long rest = Long::kSkip;

    void Reset() noexcept { Renew(*this, {}, &Side::frames); }
  };
  struct Statement {
    std::uint32_t id;
    std::uint16_t parameters;
    rowset::ParameterNames names;
  };

  void LearnSides(Bytes packet, Direction direction) noexcept;
  void OnGap(Side& side, const stream::StreamChunk& chunk, MessageSink& sink) noexcept;
  ParseStatus OnFrame(Side& side, Direction direction, MessageSink& sink) noexcept;
  void OnPart(Side& side, Direction direction, MessageSink& sink) noexcept;
  void BeginBody(const char* where, const char* type, Direction direction, MessageSink& sink) noexcept;

  // client.cc
  ParseStatus OnLogin(Bytes payload, MessageSink& sink) noexcept;
  void OnCommand(Side& side, Bytes payload, MessageSink& sink) noexcept;
  void OnStatement(Side& side, std::uint8_t command, Bytes argument, MessageSink& sink) noexcept;
  void OnExecute(Bytes payload, MessageSink& sink) noexcept;
  void ReadParameters(std::size_t count, const rowset::ParameterNames* names, WireReader& in,
                      MessageSink& sink) noexcept;
  void OpenExchange(std::uint8_t command, std::string_view argument, MessageSink& sink) noexcept;
  void CloseExchange(MessageSink& sink) noexcept;

  // server.cc
  void OnServerPacket(Side& side, std::uint8_t sequence, Bytes payload, MessageSink& sink) noexcept;
  void OnLoginAnswer(Bytes payload, MessageSink& sink) noexcept;
  void OnResponse(Bytes payload, MessageSink& sink) noexcept;
  void OnOk(Bytes payload, MessageSink& sink) noexcept;
  void OnError(Bytes payload, MessageSink& sink) noexcept;
  void OnRow(Side& side, Bytes payload, MessageSink& sink) noexcept;
  void EndOfRows(Bytes payload, MessageSink& sink) noexcept;
  void EndResult(BodyEnd end, MessageSink& sink) noexcept;

  std::array<Side, 2> sides_;
  Direction client_ = Direction::kToServer;
  bool compress_asked_ = false;
  bool query_attributes_ = false;  // statements have parameters of their own before them
  State state_ = State::kIdle;
  std::uint64_t packets_ = 0;
  std::uint64_t definitions_left_ = 0;
  bool definitions_ended_ = false;  // the EOF behind them came, or a row without one
  std::size_t consumed_ = 0;

  // The command at hand.
  bool open_ = false;
  std::uint8_t command_ = kNone;
  std::uint32_t tx_id_ = 0;
  int success_ = -1;  // unknown
  std::uint64_t rows_ = 0;
  std::string argument_, response_;
  std::string user_, database_, version_;

  Result result_;
  std::vector<Statement> statements_;
  std::string scratch_;
};

}  // namespace gander::protocol::mysql

#endif  // GANDER_PROTOCOL_MYSQL_PARSER_H_
