// SPDX-License-Identifier: Apache-2.0
// The doorway of protocol/: stream chunks in; events, fields and bodies out.
#ifndef GANDER_PROTOCOL_PARSER_H_
#define GANDER_PROTOCOL_PARSER_H_

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/ledger.h"
#include "base/net.h"
#include "base/observation.h"
#include "base/record.h"
#include "base/time.h"
#include "protocol/cipher_follower.h"
#include "stream/stream_chunk.h"

namespace gander::protocol {

// Where a stretch of a larger body lies: first and last byte, and the size of the whole; -1 = not told.
struct BodyRange {
  std::int64_t start = -1, end = -1, size = -1;
};

// What is known of a body before its first byte. Views live for the call.
struct BodyMeta {
  const char* where = "";             // static: "http.response.body", "smtp.data", "ftp-data"
  Direction direction = Direction::kToServer;
  std::string_view content_type;      // as declared, parameters included; empty = unknown
  std::string_view content_encoding;  // as declared: "gzip", "br, gzip"; empty = identity
  std::string_view file_name;         // from Content-Disposition, URL or FTP argument; may be empty
  std::int64_t declared_length = -1;  // bytes, -1 = unknown
  std::uint32_t tx_id = 0;            // transaction within the flow, from 0
  bool range_part = false;            // a 206 part: not a whole file
  BodyRange range;                    // of this message's part, where a part is told from the whole by numbers
  bool continues = false;             // goes on with the body that ended as kPart: the same body, not another
  bool is_file = true;                // false for text a parser made (rows of a query): neither hashed nor reported
};

// How a body ended. kPart: the message is complete, but the body may go on in a later one. It is still open: the next
// of its direction `continues` it, or it is ended once more, as something else.
enum class BodyEnd : std::uint8_t { kComplete, kTruncated, kGap, kPart };

// A data connection announced by a control connection (FTP PORT, PASV, EPRT, EPSV; TFTP).
struct ExpectedFlow {
  IpAddress server;           // who listens; all zero = the control connection's own end on that side (EPSV)
  std::uint16_t server_port = 0;    // 0 = the port that the control connection has on that side (TFTP)
  bool listener_is_client = false;  // active mode: the control connection's client listens
  const char* protocol = "ftp-data";
  std::string_view file_name;  // argument of RETR/STOR when already known
  std::string_view command;    // "RETR", "STOR", "LIST" ...
};

// What a parser tells the worker. All views live for the call.
class MessageSink {
 public:
  virtual ~MessageSink() = default;
  // A finished event; `body` holds one object named after the event type, e.g. {"http": {...}}.
  // `direction` says which side sent what completed it (DNS answers swap source and destination).
  virtual void OnEvent(const char* event_type, std::uint32_t tx_id, Direction direction,
                       const Record& body) noexcept = 0;
  // Whether anybody reads events of this type: what only serves them need not be made otherwise.
  virtual bool WantsEvent(const char* /*event_type*/) const noexcept { return true; }
  // Text of a header, command or name, scanned as a whole: where = "http.request.url", name = a header's
  // or parameter's name, which serves as context ("password", "ssn"); may be empty.
  virtual void OnField(const char* where, std::string_view name, Direction direction, Bytes value) noexcept = 0;
  // Bodies of one direction follow each other, never interleave. OnBodyPart may be called with no bytes.
  virtual void OnBodyBegin(const BodyMeta& meta) noexcept = 0;
  virtual void OnBodyPart(Direction direction, Bytes part) noexcept = 0;
  // `bytes` of the open body were lost, and what follows of it is known to be behind them; the body ends as kGap.
  // Not of one with a content coding, which cannot be read behind a gap.
  virtual void OnBodyGap(Direction direction, std::uint64_t bytes) noexcept = 0;
  virtual void OnBodyEnd(Direction direction, BodyEnd end) noexcept = 0;
  // `bytes` of the chunk at hand have another fate than kInspected (which is what a chunk's bytes get when
  // the parser says nothing). Body bytes handed to OnBodyPart are accounted by the receiver, not here.
  virtual void OnFate(ByteFate fate, std::uint64_t bytes) noexcept = 0;
  virtual void OnExpectedFlow(const ExpectedFlow& flow) noexcept = 0;
  // The peer's name as the client asked for it (Host, SNI, EHLO of a relay): who the recipient is.
  virtual void OnServerName(std::string_view host) noexcept = 0;
  // The flow serves a protocol that has a name of its own ("doh2" over "http2"); static.
  virtual void OnProtocolName(const char* /*name*/) noexcept {}
  // A control protocol asks a process for something, or tells of it; counted. Static strings: the function's name, and
  // what it does ("read", "write", "control" ...).
  virtual void OnFunction(const char* /*name*/, const char* /*category*/) noexcept {}
  // For detectors (base/observation.h). Asked first where telling costs something; of passwords that are handed to
  // OnField under the name "password" nothing more need be said.
  virtual bool Observes(Observation /*what*/) const noexcept { return false; }
  virtual void OnRequest(const RequestSeen& /*request*/) noexcept {}
  virtual void OnDnsName(const DnsNameSeen& /*name*/) noexcept {}
  virtual void OnCredential(const CredentialSeen& /*credential*/) noexcept {}
  virtual void OnSoftware(const SoftwareSeen& /*software*/) noexcept {}
  // Something the protocol forbids: snake_case, as Suricata names it where it has a name.
  virtual void OnAnomaly(const char* name) noexcept = 0;
};

enum class ParseStatus : std::uint8_t {
  kContinue,
  kNotThis,    // not this protocol after all: the worker goes on with the plain-text fallback
  kEncrypted,  // nothing more to read: the worker accounts the rest as encrypted, and follows it (CipherFollower)
  kSwitch,     // the protocol changed (STARTTLS, CONNECT, Upgrade): what follows is probed afresh
};

// One per flow, pooled. Remembers little; every buffer has a named cap.
class Parser {
 public:
  virtual ~Parser() = default;
  // A chunk of either direction, in stream order within its direction. After kSwitch the unread rest of
  // the chunk is at `consumed()`.
  virtual ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept = 0;
  // The direction ended (FIN, RST or flow time-out): close open bodies and transactions.
  virtual void OnEnd(Direction direction, MessageSink& sink) noexcept = 0;
  // What the control connection said about this data connection, before its first chunk and again when more
  // became known. Views live for the call.
  virtual void SetExpectation(const ExpectedFlow& /*flow*/) noexcept {}
  // What the flow spoke before it changed to this protocol ("smtp" before STARTTLS); static.
  virtual void SetPrevious(const char* /*protocol*/) noexcept {}
  // Ready for another flow; keeps its memory.
  virtual void Reset() noexcept = 0;
  // With kEncrypted: where each direction's ciphertext goes on, so that its end is noticed.
  virtual CipherFollower Follower(Direction) const noexcept { return {}; }
  // With kSwitch: what follows, where the protocol says so; only `protocol` and `command` matter. Its `protocol` is
  // null when what follows is to be probed. Views live until Reset().
  virtual ExpectedFlow Successor() const noexcept { return {.protocol = nullptr}; }
  // Whether nothing is held from one datagram to the next but how many there were. Such a parser is given back between
  // datagrams; another goes on where it stopped.
  virtual bool at_rest() const noexcept { return false; }
  virtual void Resume(std::uint32_t /*datagrams*/) noexcept {}
  // Adds what is known of a transaction to the event of a file in it ({"http": {...}}). Asked while a body of it is
  // handed on or ended.
  virtual void DescribeTransaction(std::uint32_t /*tx_id*/, Record& /*out*/) const {}
  // With kSwitch or kNotThis: how many bytes of the last chunk this parser has used.
  virtual std::size_t consumed() const noexcept { return 0; }
};

enum class Probe : std::uint8_t { kNo, kNeedMore, kYes };

// What a probe looks at: the first bytes of a flow.
struct ProbeInput {
  Bytes bytes;                                 // first payload of `direction`
  Direction direction = Direction::kToServer;
  std::uint16_t server_port = 0;               // a hint, never proof
  std::uint8_t transport = 0;                  // ip_proto::kTcp or kUdp
  std::uint16_t client_port = 0;               // as server_port: answers may open a flow (multicast DNS)
};

}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_PARSER_H_
