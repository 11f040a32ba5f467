// SPDX-License-Identifier: Apache-2.0
#include "detect/d14_secret_leak/login_meter.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace gander::detect {
namespace {

constexpr std::size_t kMaxWord = 16;  // of what a placeholder may be

// Folded; empty when longer than any placeholder.
std::string_view Folded(std::string_view text, std::array<char, kMaxWord>& room) noexcept {
  if (text.size() > room.size()) return {};
  std::transform(text.begin(), text.end(), room.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return {room.data(), text.size()};
}

template <std::size_t N>
bool IsOneOf(std::string_view text, const std::array<std::string_view, N>& words) noexcept {
  std::array<char, kMaxWord> room;
  const std::string_view folded = Folded(text, room);
  return !folded.empty() && std::find(words.begin(), words.end(), folded) != words.end();
}

// Nothing but one mark over and over: what a form shows instead of a secret.
bool IsMasked(std::string_view secret) noexcept {
  return !secret.empty() && std::string_view("*.x-").find(secret.front()) != std::string_view::npos &&
         secret.find_first_not_of(secret.front()) == std::string_view::npos;
}

bool Same(const LoginMeter::Login& a, const LoginMeter::Login& b) noexcept {
  return a.client == b.client && a.server == b.server && a.server_port == b.server_port && a.host == b.host &&
         a.well_known == b.well_known && std::string_view(a.kind) == b.kind &&
         std::string_view(a.app_proto) == b.app_proto;
}

}  // namespace

LengthClass LengthClassOf(std::size_t bytes) noexcept {
  if (bytes == 0) return LengthClass::kNone;
  if (bytes < 8) return LengthClass::kUpTo7;
  if (bytes < 16) return LengthClass::kUpTo15;
  return bytes < 32 ? LengthClass::kUpTo31 : LengthClass::kLonger;
}

const char* NameOf(LengthClass length) noexcept {
  switch (length) {
    case LengthClass::kUpTo7: return "up to 7 characters";
    case LengthClass::kUpTo15: return "8 to 15 characters";
    case LengthClass::kUpTo31: return "16 to 31 characters";
    case LengthClass::kLonger: return "32 characters or more";
    case LengthClass::kNone:
    case LengthClass::kCount: break;
  }
  return "not read";
}

bool IsPlaceholder(const CredentialSeen& seen) noexcept {
  static constexpr std::array<std::string_view, 3> kGuests{"anonymous", "ftp", "guest"};
  static constexpr std::array<std::string_view, 6> kNothing{"null", "undefined", "none", "nil", "(null)", "{token}"};
  std::string_view secret = AsText(seen.secret);
  if (secret.starts_with("Bearer ")) secret.remove_prefix(7);
  // The example of RFC 7617 section 2, in every manual since.
  if (seen.user == "Aladdin" && (secret == "open sesame" || secret == "opensesame")) return true;
  return IsOneOf(seen.user, kGuests) || IsOneOf(secret, kNothing) || IsMasked(secret);
}

std::uint64_t LoginMeter::HashOf(const Login& l) const noexcept {
  std::array<std::byte, 48> packed{};
  std::memcpy(packed.data(), l.client.octets.data(), 16);
  std::memcpy(packed.data() + 16, l.server.octets.data(), 16);
  const std::uint64_t kind = SipHash13(key_, AsBytes(l.kind)) + l.well_known;
  const std::uint64_t service = std::uint64_t{l.server_port} ^ l.host;
  std::memcpy(packed.data() + 32, &kind, 8);
  std::memcpy(packed.data() + 40, &service, 8);
  return SipHash13(key_, packed);
}

std::uint64_t LoginMeter::HashOf(const Secret& secret) const noexcept {
  return SipHash13(key_, secret.tag ^ std::uint64_t{secret.login} << 32);
}

std::uint32_t LoginMeter::Find(const Login& login) const noexcept {
  return logins_.Find(HashOf(login), [&](const Login& l) { return Same(l, login); });
}

void LoginMeter::Add(Login& to, const Login& from) noexcept {
  to.sightings += from.sightings;
  to.lengths |= from.lengths;
  to.first_seen = std::min(to.first_seen, from.first_seen);
  to.last_seen = std::max(to.last_seen, from.last_seen);
  to.sample.KeepEarlier(from.sample);
}

void LoginMeter::OnCredential(const FlowFacts& flow, const CredentialSeen& seen) noexcept {
  if (IsPlaceholder(seen)) return;
  static constexpr std::array<std::string_view, 2> kFactory{"public", "private"};
  Login login;
  login.client = flow.tuple.source;
  login.server = flow.tuple.destination;
  login.server_port = flow.tuple.destination_port;
  login.kind = seen.kind;
  login.app_proto = flow.app_proto;
  login.host = flow.server_name;
  login.well_known = std::string_view(seen.kind) == "snmp.community" && IsOneOf(AsText(seen.secret), kFactory);
  login.sightings = 1;
  login.lengths = static_cast<std::uint8_t>(1u << static_cast<unsigned>(LengthClassOf(seen.secret.size())));
  login.first_seen = login.last_seen = flow.time;
  login.sample = {flow.time, flow.tuple, flow.flow_id};
  std::uint32_t at = Find(login);
  if (at != EpochTable<Login>::kNone) {
    Add(logins_.entries()[at], login);
  } else if (logins_.full()) {
    ++overflow_;
    return;
  } else {
    at = logins_.Add(HashOf(login), login);
  }
  // Two that use one password are two secrets: either opens a door of its own.
  HashKey user = key_;
  user.k0 ^= SipHash13(key_, AsBytes(seen.user));
  const Secret secret{at, SipHash24(user, seen.secret)};
  const auto same = [&](const Secret& s) { return s.login == secret.login && s.tag == secret.tag; };
  if (secrets_.Find(HashOf(secret), same) != EpochTable<Secret>::kNone) return;
  if (secrets_.full()) {
    ++overflow_;
    return;
  }
  secrets_.Add(HashOf(secret), secret);
}

void LoginMeter::Merge(const Meter& other) {
  const auto& o = static_cast<const LoginMeter&>(other);
  std::vector<std::uint32_t> at;
  for (const Login& login : o.logins()) {
    std::uint32_t found = Find(login);
    if (found != EpochTable<Login>::kNone) {
      Add(logins_.entries()[found], login);
    } else {
      if (logins_.full()) logins_.Grow([this](const Login& l) { return HashOf(l); });
      found = logins_.Add(HashOf(login), login);
    }
    at.push_back(found);
  }
  for (const Secret& from : o.secrets()) {
    const Secret secret{at[from.login], from.tag};
    const auto same = [&](const Secret& s) { return s.login == secret.login && s.tag == secret.tag; };
    if (secrets_.Find(HashOf(secret), same) != EpochTable<Secret>::kNone) continue;
    if (secrets_.full()) secrets_.Grow([this](const Secret& s) { return HashOf(s); });
    secrets_.Add(HashOf(secret), secret);
  }
  overflow_ += o.overflow_;
}

void LoginMeter::Clear() noexcept {
  logins_.Clear();
  secrets_.Clear();
  overflow_ = 0;
}

}  // namespace gander::detect
