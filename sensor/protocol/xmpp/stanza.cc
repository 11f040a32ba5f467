// SPDX-License-Identifier: Apache-2.0
#include "protocol/xmpp/stanza.h"

#include "protocol/framing/printable.h"
#include "protocol/mime/plain_login.h"
#include "protocol/xmpp/xmpp.h"

namespace gander::protocol::xmpp {
namespace {

struct Member {
  const char* key;
  Privacy privacy;
};
constexpr Member kMembers[Stanza::kParts] = {
    {"stanza", Privacy::kIdentifier},    {"type", Privacy::kIdentifier},    {"id", Privacy::kIdentifier},
    {"from", Privacy::kPersonal},        {"to", Privacy::kPersonal},        {"mechanism", Privacy::kIdentifier},
    {"namespace", Privacy::kIdentifier}, {"username", Privacy::kPersonal},  {"password", Privacy::kSecret},
    {"subject", Privacy::kPersonal},     {"body", Privacy::kPersonal},
};

// What stands between `before` and the next of `ends`.
std::string_view Between(std::string_view text, std::string_view before, std::string_view ends) noexcept {
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + before.size());
  return text.substr(0, text.find_first_of(ends));
}

}  // namespace

void Stanza::Set(Part part, std::string_view value) {
  if (parts_[part].empty()) parts_[part].assign(value.substr(0, kMaxShown));
}

void Stanza::Write(Record& out) const {
  std::string scratch;
  for (std::size_t i = 0; i < kParts; ++i) {
    if (parts_[i].empty()) continue;
    out.String(kMembers[i].key, framing::Printable(parts_[i], scratch), kMembers[i].privacy);
  }
}

void Stanza::Clear() noexcept {
  constexpr std::size_t kKept = 64;
  for (std::string& s : parts_) {
    s.clear();
    if (s.capacity() > kKept) std::string().swap(s);
  }
}

bool ReadCredentials(std::string_view text, std::string& user, std::string& password) {
  std::string decoded;
  mime::DecodeCredentials(text, decoded);
  std::string_view name, secret;
  if (!mime::SplitPlain(decoded, &name, &secret)) {
    name = Between(decoded, "username=\"", "\"");
    const bool scram = decoded.starts_with("n,") || decoded.starts_with("y,") || decoded.starts_with("p=");
    if (name.empty() && scram) name = Between(decoded, ",n=", ",");
  }
  user = name;
  password = secret;
  return !name.empty();
}

}  // namespace gander::protocol::xmpp
