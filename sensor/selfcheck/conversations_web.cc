// SPDX-License-Identifier: Apache-2.0
// HTTP, WebSocket and mail.
#include <openssl/evp.h>
#include <zlib.h>

#include <algorithm>
#include <cstdio>

#include "report/json_writer.h"
#include "selfcheck/conversations.h"

namespace gander::selfcheck {
namespace {

std::string Gzip(const std::string& plain) {
  z_stream z{};
  constexpr int kGzip = 15 + 16;
  if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&z, plain.size()) + 32, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  z.avail_in = static_cast<uInt>(plain.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string Post(const std::string& path, const std::string& type, const std::string& body, const std::string& more = {}) {
  return "POST " + path + " HTTP/1.1\r\nHost: app.example.net\r\nContent-Type: " + type + "\r\n" + more +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string Answer(const std::string& type, const std::string& body, const std::string& more = {}) {
  return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n" + more + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

std::string Json(const Planted& planted) {
  std::string out = "[";
  for (const MarkedValue& v : planted.values) {
    out += out.size() > 1 ? "," : "";
    out += "{\"note\":";
    report::AppendJsonString(v.text, out);
    out += ",\"value\":";
    report::AppendJsonString(v.value, out);
    out += "}";
  }
  return out + "]";
}

std::string Form(const Planted& planted) {
  std::string out;
  for (const MarkedValue& v : planted.values) {
    out += (out.empty() ? "" : "&") + Percent(v.rule.substr(v.rule.find('.') + 1)) + "=" + Percent(v.value) +
           "&note=" + Percent(v.text);
  }
  return out;
}

std::string Multipart(const Planted& planted) {
  const std::string name = OneLine(planted.values.front().value);
  return "--b0undary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name +
         ".txt\"\r\nContent-Type: text/plain\r\n\r\n" + planted.document + "\r\n--b0undary--\r\n";
}

std::string Lines(const std::string& text, std::size_t width) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += width) out += text.substr(i, width) + "\r\n";
  return out;
}

// CRLF at the end of lines, and no line that ends the message.
std::string Wire(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' && !out.ends_with('\r')) out += '\r';
    if (c == '.' && out.ends_with("\r\n")) out += '.';
    out += c;
  }
  return out;
}

std::string Mail(const Planted& planted) {
  const auto& values = planted.values;
  const std::string who = OneLine(values.back().value);
  return "From: \"" + OneLine(values.front().value) + "\" <ward." + Percent(who) + "@example.org>\r\nTo: <desk@example.net>\r\n"
         "Subject: about " + OneLine(values[values.size() / 2].text) + "\r\nMessage-ID: <" + Percent(who) +
         "@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"m1xed\"\r\n\r\n--m1xed\r\n"
         "Content-Type: text/plain; charset=utf-8\r\n\r\n" + Wire(planted.document) +
         "\r\n--m1xed\r\nContent-Type: text/csv; name=\"" + OneLine(values.front().value) +
         ".csv\"\r\nContent-Disposition: attachment; filename=\"" + OneLine(values.front().value) +
         ".csv\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + Lines(Base64Of(planted.document), 76) + "--m1xed--\r\n";
}

}  // namespace

std::string OneLine(const std::string& value) {
  std::string out = value;
  std::replace_if(out.begin(), out.end(), [](char c) { return c == '\r' || c == '\n' || c == '"' || c == '<' || c == '>'; }, ' ');
  return out;
}

std::string Percent(const std::string& value) {
  std::string out;
  char code[4];
  for (const char c : value) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
    std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned char>(c));
    out += plain ? std::string(1, c) : std::string(code);
  }
  return out;
}

std::string Base64Of(const std::string& bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int n = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(n));
  return out;
}

// Each value in a path, a query, a cookie, a user's name, a referrer and a program's name.
void SayHttpNames(const Planted& planted, Frames& frames) {
  constexpr std::size_t kRequests = 60;  // of one connection
  for (std::size_t i = 0; i < planted.values.size(); i += kRequests) {
    Frames::Connection c = frames.Connect(80);
    for (std::size_t k = i; k < std::min(i + kRequests, planted.values.size()); ++k) {
      const std::string coded = Percent(planted.values[k].value), line = OneLine(planted.values[k].value);
      c.Client("GET /patient/" + coded + "/file?id=" + coded + " HTTP/1.1\r\nHost: app.example.net\r\nCookie: sid=" + coded +
               "\r\nAuthorization: Basic " + Base64Of(planted.values[k].value + ":" + planted.values[k].value) +
               "\r\nReferer: http://app.example.net/find?q=" + coded + "\r\nUser-Agent: form " + line + "\r\n\r\n");
      c.Server("HTTP/1.1 302 Found\r\nLocation: /person/" + coded + "\r\nSet-Cookie: who=" + coded +
               "\r\nContent-Length: 0\r\n\r\n");
    }
    c.Close();
  }
}

void SayHttpBodies(const Planted& planted, Frames& frames) {
  Frames::Connection c = frames.Connect(80);
  c.Client(Post("/import", "text/plain; charset=utf-8", planted.document));
  c.Server(Answer("application/json", Json(planted)));
  c.Client(Post("/form", "application/x-www-form-urlencoded", Form(planted)));
  c.Server(Answer("text/plain", Gzip(planted.document), "Content-Encoding: gzip\r\n"));
  c.Client(Post("/upload", "multipart/form-data; boundary=b0undary", Multipart(planted)));
  c.Server(Answer("text/html", "<html><body><pre>" + planted.document + "</pre></body></html>"));
  c.Close();
}

void SayWebSocket(const Planted& planted, Frames& frames) {
  Frames::Connection c = frames.Connect(80);
  c.Client("GET /chat HTTP/1.1\r\nHost: chat.example.net\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  c.Server("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
  for (const MarkedValue& v : planted.values) {
    if (v.text.size() > 0xffff) continue;
    const auto n = static_cast<unsigned>(v.text.size());
    std::string frame = "\x81";
    if (n < 126) {
      frame += static_cast<char>(n);
    } else {
      frame += {'\x7e', static_cast<char>(n >> 8), static_cast<char>(n & 0xff)};
    }
    c.Server(frame + v.text);
  }
  c.Close();
}

void SaySmtp(const Planted& planted, Frames& frames) {
  Frames::Connection c = frames.Connect(25);
  c.Server("220 mail.example.net ESMTP\r\n");
  c.Client("EHLO " + Percent(planted.values.front().value) + "\r\n");
  c.Server("250-mail.example.net\r\n250 AUTH PLAIN LOGIN\r\n");
  c.Client("AUTH PLAIN " + Base64Of(std::string("\0", 1) + planted.values.back().value + std::string("\0", 1) +
                                    planted.values.front().value) + "\r\n");
  c.Server("235 ok\r\n");
  for (const MarkedValue& v : planted.values) {
    const std::string mailbox = v.value.find('@') != std::string::npos ? OneLine(v.value) : Percent(v.value) + "@example.org";
    c.Client("MAIL FROM:<" + mailbox + ">\r\n");
    c.Server("250 ok\r\n");
    c.Client("RSET\r\n");
    c.Server("250 ok\r\n");
  }
  c.Client("MAIL FROM:<ward@example.org>\r\n");
  c.Server("250 ok\r\n");
  c.Client("RCPT TO:<desk@example.net>\r\n");
  c.Server("250 ok\r\n");
  c.Client("DATA\r\n");
  c.Server("354 go on\r\n");
  c.Client(Mail(planted) + ".\r\n");
  c.Server("250 queued\r\n");
  c.Client("QUIT\r\n");
  c.Server("221 bye\r\n");
  c.Close();
}

void SayPop3(const Planted& planted, Frames& frames) {
  Frames::Connection c = frames.Connect(110);
  c.Server("+OK ready\r\n");
  c.Client("USER " + OneLine(planted.values.front().value) + "\r\n");
  c.Server("+OK\r\n");
  c.Client("PASS " + OneLine(planted.values.back().value) + "\r\n");
  c.Server("+OK\r\n");
  c.Client("RETR 1\r\n");
  c.Server("+OK message follows\r\n" + Mail(planted) + ".\r\n");
  c.Close();
}

void SayImap(const Planted& planted, Frames& frames) {
  Frames::Connection c = frames.Connect(143);
  c.Server("* OK IMAP4rev1 ready\r\n");
  c.Client("a1 LOGIN \"" + OneLine(planted.values.front().value) + "\" \"" + OneLine(planted.values.back().value) + "\"\r\n");
  c.Server("a1 OK done\r\n");
  c.Client("a2 SELECT INBOX\r\n");
  c.Server("* 1 EXISTS\r\na2 OK done\r\n");
  c.Client("a3 FETCH 1 BODY[]\r\n");
  const std::string mail = Mail(planted);
  c.Server("* 1 FETCH (BODY[] {" + std::to_string(mail.size()) + "}\r\n" + mail + ")\r\na3 OK done\r\n");
  c.Close();
}

void SayNntp(const Planted& planted, Frames& frames) {
  Frames::Connection c = frames.Connect(119);
  c.Server("200 news.example.net ready\r\n");
  c.Client("ARTICLE 1\r\n");
  c.Server("220 1 <1@example.org> article\r\n" + Mail(planted) + ".\r\n");
  c.Client("QUIT\r\n");
  c.Server("205 bye\r\n");
  c.Close();
}

}  // namespace gander::selfcheck
