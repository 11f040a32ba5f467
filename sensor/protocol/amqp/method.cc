// SPDX-License-Identifier: Apache-2.0
#include "protocol/amqp/method.h"

#include <string>

#include "base/byte_reader.h"
#include "protocol/amqp/amqp.h"
#include "protocol/framing/printable.h"

namespace gander::protocol::amqp {
namespace {

constexpr std::uint32_t Id(std::uint32_t of_class, std::uint32_t method) noexcept { return of_class << 16 | method; }

std::string_view ShortString(ByteReader& in) noexcept { return AsText(in.Take(in.U8())); }
std::string_view LongString(ByteReader& in) noexcept { return AsText(in.Take(in.U32())); }

// Arguments of a method as far as they are read, one letter each: s a short string, shown under the next key; h two
// octets, b one, q eight; t a table; a the mechanism and response of a login.
struct Form {
  std::uint32_t id;
  const char* name;
  const char* arguments;
  const char* keys[4];
  bool content, client, server;
};
constexpr Form kForms[] = {
    {Id(10, 10), "connection.start", "ht", {}, false, false, true},
    {Id(10, 11), "connection.start-ok", "ta", {}, false, true, false},
    {Id(10, 40), "connection.open", "s", {"virtual_host"}, false, true, false},
    {Id(10, 50), "connection.close", "hs", {"reply_text"}, false, false, false},
    {Id(20, 40), "channel.close", "hs", {"reply_text"}, false, false, false},
    {Id(40, 10), "exchange.declare", "hss", {"exchange", "type"}, false, true, false},
    {Id(50, 10), "queue.declare", "hs", {"queue"}, false, true, false},
    {Id(50, 11), "queue.declare-ok", "s", {"queue"}, false, false, true},
    {Id(50, 20), "queue.bind", "hsss", {"queue", "exchange", "routing_key"}, false, true, false},
    {Id(60, 20), "basic.consume", "hss", {"queue", "consumer_tag"}, false, true, false},
    {Id(60, 40), "basic.publish", "hss", {"exchange", "routing_key"}, true, true, false},
    {Id(60, 50), "basic.return", "hsss", {"reply_text", "exchange", "routing_key"}, true, false, true},
    {Id(60, 60), "basic.deliver", "sqbss", {"consumer_tag", "exchange", "routing_key"}, true, false, true},
    {Id(60, 70), "basic.get", "hs", {"queue"}, false, true, false},
    {Id(60, 71), "basic.get-ok", "qbss", {"exchange", "routing_key"}, true, false, true},
};

class TableReader {
 public:
  TableReader(Direction direction, MessageSink& sink) noexcept : direction_(direction), sink_(sink) {}

  bool Table(ByteReader& in, int depth) noexcept {
    ByteReader list(in.Take(in.U32()));
    if (in.failed() || depth > kMaxDepth) return false;
    while (list.remaining() > 0) {
      const std::string_view name = ShortString(list);
      if (list.failed() || ++fields_ > kMaxFields || !Value(list, name, depth)) return false;
    }
    return true;
  }

 private:
  bool Value(ByteReader& in, std::string_view name, int depth) noexcept {
    switch (in.U8()) {
      case 't':
      case 'b':
      case 'B': in.Skip(1); break;
      case 's':  // RabbitMQ and its clients: a short integer
      case 'U':
      case 'u': in.Skip(2); break;
      case 'I':
      case 'i':
      case 'f': in.Skip(4); break;
      case 'L':
      case 'l':
      case 'd':
      case 'T': in.Skip(8); break;
      case 'D': in.Skip(5); break;
      case 'V': break;
      case 'S': {
        const std::string_view text = LongString(in);
        if (!in.failed() && !text.empty()) sink_.OnField("amqp.table", name, direction_, AsBytes(text));
        break;
      }
      case 'x': LongString(in); break;
      case 'F': return Table(in, depth + 1);
      case 'A': {
        ByteReader list(in.Take(in.U32()));
        if (in.failed() || depth == kMaxDepth) return false;
        while (list.remaining() > 0) {
          if (++fields_ > kMaxFields || !Value(list, name, depth + 1)) return false;
        }
        break;
      }
      default: return false;
    }
    return !in.failed();
  }

  Direction direction_;
  MessageSink& sink_;
  int fields_ = 0;
};

// A login's response: PLAIN (RFC 4616) is zero, user, zero, password; AMQPLAIN a table without its length.
void ReadLogin(std::string_view mechanism, std::string_view response, Direction direction, Record& out,
               MessageSink& sink) {
  out.String("mechanism", mechanism, Privacy::kIdentifier);
  if (mechanism != "PLAIN") return;
  const std::size_t first = response.find('\0');
  const std::size_t second = first == std::string_view::npos ? first : response.find('\0', first + 1);
  if (second == std::string_view::npos) return;
  const std::string_view user = response.substr(first + 1, second - first - 1), password = response.substr(second + 1);
  std::string scratch;
  out.String("user", framing::Printable(user, scratch), Privacy::kPersonal);
  if (!user.empty()) sink.OnField("amqp.login", "user", direction, AsBytes(user));
  if (!password.empty()) sink.OnField("amqp.login", "password", direction, AsBytes(password));
}

}  // namespace

bool ReadMethod(Bytes payload, Direction direction, Method& method, Record& out, MessageSink& sink) noexcept {
  ByteReader in(payload);
  method = Method();
  method.id = in.U32();
  if (in.failed()) return false;
  const Form* form = nullptr;
  for (const Form& f : kForms) {
    if (f.id == method.id) form = &f;
  }
  if (form == nullptr) return true;
  method = {form->id, form->name, form->content, form->client, form->server};
  out.String("method", form->name);
  std::string scratch;
  int key = 0;
  for (const char* a = form->arguments; *a != '\0' && !in.failed(); ++a) {
    switch (*a) {
      case 'b': in.Skip(1); break;
      case 'h': in.Skip(2); break;
      case 'q': in.Skip(8); break;
      case 't':
        if (!TableReader(direction, sink).Table(in, 0)) return false;
        break;
      case 'a': {
        const std::string_view mechanism = ShortString(in), response = LongString(in);
        if (!in.failed()) ReadLogin(mechanism, response, direction, out, sink);
        break;
      }
      default: {
        const char* const name = form->keys[key++];
        const std::string_view text = ShortString(in);
        if (in.failed()) break;
        out.String(name, framing::Printable(text, scratch), Privacy::kIdentifier);
        if (!text.empty()) sink.OnField("amqp.method", name, direction, AsBytes(text));
      }
    }
  }
  return !in.failed();
}

bool ReadHeader(Bytes payload, Direction direction, Content& content, MessageSink& sink) noexcept {
  ByteReader in(payload);
  in.Skip(2 + 2);  // class, weight
  content.size = in.U64();
  const std::uint16_t flags = in.U16();
  // From the highest bit down; a letter for each: s a short string, t a table, o an octet, q eight octets.
  struct Property {
    char form;
    const char* name;
  };
  static constexpr Property kProperties[] = {
      {'s', "content_type"}, {'s', "content_encoding"}, {'t', "headers"},  {'o', "delivery_mode"},
      {'o', "priority"},     {'s', "correlation_id"},   {'s', "reply_to"}, {'s', "expiration"},
      {'s', "message_id"},   {'q', "timestamp"},        {'s', "type"},     {'s', "user_id"},
      {'s', "app_id"},       {'s', "cluster_id"}};
  int bit = 15;
  for (const Property& p : kProperties) {
    if ((flags >> bit-- & 1) == 0) continue;
    if (p.form == 't') {
      if (!TableReader(direction, sink).Table(in, 0)) return false;
    } else if (p.form == 's') {
      const std::string_view text = ShortString(in);
      if (in.failed()) return false;
      if (bit == 14) content.content_type = text;
      if (bit == 13) content.content_encoding = text;
      if (bit < 13 && !text.empty()) sink.OnField("amqp.property", p.name, direction, AsBytes(text));
    } else {
      in.Skip(p.form == 'o' ? 1 : 8);
    }
  }
  return !in.failed();
}

}  // namespace gander::protocol::amqp
