// SPDX-License-Identifier: Apache-2.0
// Addresses that carry a user's name and password.
#include "identify/char_class.h"
#include "identify/span_finders.h"

namespace gander::identify {
namespace {

constexpr std::size_t kMaxUserinfo = 160;
constexpr std::size_t kMaxScheme = 16;
constexpr std::size_t kMaxHost = 255;

// What user and password may hold: unreserved, sub-delims, %, and the colon between them.
constexpr ByteSet kUserinfo(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=%:");

bool IsKnownScheme(std::string_view scheme) noexcept {
  for (std::string_view known :
       {"http", "https", "ftp", "ftps", "sftp", "ssh", "git", "mysql", "mariadb", "postgres", "postgresql", "redis",
        "rediss", "mongodb", "mongodb+srv", "amqp", "amqps", "smtp", "smtps", "imap", "imaps", "pop3", "ldap", "ldaps",
        "mqtt", "mqtts", "rtsp", "rtmp", "ws", "wss", "smb", "telnet", "vnc", "rdp", "socks5", "mssql", "sqlserver",
        "oracle", "clickhouse", "cassandra", "neo4j", "bolt", "nats", "kafka", "svn", "svn+ssh", "davs", "couchdb"}) {
    if (scheme == known) return true;
  }
  return false;
}

// A name and a password that is none: a variable, a mask, a word that stands for one.
bool IsPlaceholder(std::string_view password) noexcept {
  if (password.find("***") != std::string_view::npos || password.find('$') == 0) return true;
  for (std::string_view word : {"password", "passwd", "pass", "pwd", "secret", "xxx", "xxxx", "token", "..."}) {
    if (password == word) return true;
  }
  return false;
}

}  // namespace

Span FindUserinfo(std::string_view text, std::size_t at) noexcept {
  std::size_t begin = at, colon = at;
  while (begin > 0 && at - begin < kMaxUserinfo && kUserinfo[text[begin - 1]]) {
    --begin;
    if (text[begin] == ':') colon = begin;
  }
  if (colon == at || colon == begin || colon + 1 == at) return {};
  if (begin < 3 || text[begin - 1] != '/' || text[begin - 2] != '/' || text[begin - 3] != ':') return {};
  const std::size_t scheme_end = begin - 3;
  std::size_t scheme = scheme_end;
  while (scheme > 0 && scheme_end - scheme < kMaxScheme && (IsAlnum(text[scheme - 1]) || text[scheme - 1] == '+'))
    --scheme;
  if (!IsKnownScheme(text.substr(scheme, scheme_end - scheme))) return {};
  if (IsPlaceholder(text.substr(colon + 1, at - colon - 1))) return {};
  std::size_t end = at + 1;
  while (end < text.size() && end - at <= kMaxHost && (IsAlnum(text[end]) || text[end] == '.' || text[end] == '-'))
    ++end;
  while (end > at + 1 && !IsAlnum(text[end - 1])) --end;
  return end > at + 1 ? Span{scheme, end} : Span{};
}

}  // namespace gander::identify
