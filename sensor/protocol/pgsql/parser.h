// SPDX-License-Identifier: Apache-2.0
#ifndef GANDER_PROTOCOL_PGSQL_PARSER_H_
#define GANDER_PROTOCOL_PGSQL_PARSER_H_

#include <array>
#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "base/renew.h"
#include "protocol/framing/frame_reader.h"
#include "protocol/pgsql/exchange.h"
#include "protocol/pgsql/pgsql.h"
#include "protocol/pgsql/result.h"
#include "protocol/rowset/sql_text.h"

namespace gander::protocol::pgsql {

Probe ProbePgsql(const ProbeInput& input) noexcept;

// Codes that stand where a startup packet has its version.
inline constexpr std::uint32_t kCancelRequest = 80877102, kSslRequest = 80877103, kGssRequest = 80877104;

// Length of the startup packet or request that begins with `front`; FrameReader's values.
std::uint64_t MeasureStartup(Bytes front) noexcept;
// Of a message with a type; `server`: of those the server sends.
std::uint64_t MeasureTyped(Bytes front, bool server) noexcept;

// Whether typed messages of that side may begin with `bytes`: strict, for recognition and behind a gap.
bool LooksLikeMessages(Bytes bytes, bool server) noexcept;

class PgsqlParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override;
  void OnEnd(Direction direction, MessageSink& sink) noexcept override;
  void Reset() noexcept override;
  std::size_t consumed() const noexcept override { return consumed_; }

 private:
  // What goes on in the parts of a long message.
  enum class Long : std::uint8_t { kSkip, kRow, kBody };
  enum class Login : std::uint8_t { kUnknown, kPassword, kSaslFirst, kSaslNext };
  struct Side {
    framing::FrameReader frames{kMaxMessage};
    bool lost = false;
    bool copy_open = false;   // a body of COPY data
    bool query_open = false;  // a body of a long statement
    Long rest = Long::kSkip;

    void Reset() noexcept { Renew(*this, {}, &Side::frames); }
  };

  void LearnSides(const stream::StreamChunk& chunk) noexcept;
  std::uint64_t Measure(Bytes front, bool server) const noexcept;
  void OnGap(Side& side, const stream::StreamChunk& chunk, MessageSink& sink) noexcept;
  ParseStatus OnFrame(Side& side, bool server, MessageSink& sink) noexcept;
  void OnPart(Side& side, Direction direction, MessageSink& sink) noexcept;

  // frontend.cc
  void OnStartup(Bytes packet, MessageSink& sink) noexcept;
  void OnRequest(Side& side, char type, Bytes body, MessageSink& sink) noexcept;
  void OnLogin(Bytes body, MessageSink& sink) noexcept;
  void OnQuery(Side& side, const char* key, Bytes text, MessageSink& sink) noexcept;
  void OnParse(Side& side, Bytes body, MessageSink& sink) noexcept;
  void OnBind(Bytes body, MessageSink& sink) noexcept;
  void CloseCopyIn(const char* message, std::string_view reason, MessageSink& sink) noexcept;

  // backend.cc
  ParseStatus OnResponse(Side& side, char type, Bytes body, MessageSink& sink) noexcept;
  void OnAuthentication(Bytes body, MessageSink& sink) noexcept;
  void OnError(Bytes body, MessageSink& sink) noexcept;
  void OnNotification(Bytes body, MessageSink& sink) noexcept;
  void OnCopyResponse(const char* key, Bytes body) noexcept;
  void EndResult(BodyEnd end, MessageSink& sink) noexcept;

  void OnCopyData(Side& side, Direction direction, Bytes data, MessageSink& sink) noexcept;
  void EndBody(Side& side, Direction direction, BodyEnd end, MessageSink& sink) noexcept;

  Direction server_side() const noexcept { return Opposite(client_); }
  Side& SideOf(Direction direction) noexcept { return sides_[Index(direction)]; }

  std::array<Side, 2> sides_;
  Direction client_ = Direction::kToServer;
  bool sides_known_ = false;
  bool server_seen_ = false, client_seen_ = false;
  bool answer_awaited_ = false;  // SSLRequest or GSSENCRequest: one octet, without a head
  bool copy_in_ = false;         // COPY data of the client has its exchange
  bool copy_binary_ = false;
  Login login_ = Login::kUnknown;
  std::uint64_t messages_ = 0;
  std::size_t consumed_ = 0;
  Exchange exchange_;
  Result result_;
  struct Parsed {
    std::string statement;
    rowset::ParameterNames parameters;
  };
  std::vector<Parsed> parsed_;  // at most kMaxStatements, the oldest goes
  std::string copy_header_;     // the columns a COPY statement names
  std::string scratch_;
};

}  // namespace gander::protocol::pgsql

#endif  // GANDER_PROTOCOL_PGSQL_PARSER_H_
