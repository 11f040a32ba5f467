// SPDX-License-Identifier: Apache-2.0
#include "protocol/tls/handshake.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/renew.h"
#include "protocol/tls/certificate.h"
#include "protocol/tls_hello/fingerprint.h"
#include "protocol/tls_hello/hello.h"

namespace gander::protocol::tls {
namespace {

constexpr std::uint16_t kTls13 = 0x0304, kDtls13 = 0xfefc;

bool HidesCertificates(std::uint16_t version) noexcept {
  return version == kTls13 || version == kDtls13 || VersionName(version) == VersionName(kTls13);
}

}  // namespace

void Handshake::Open() noexcept {
  if (!record_.empty()) return;
  record_.BeginObject("tls");
  if (previous_ != nullptr) record_.String("from_proto", previous_);
}

void Handshake::OnMessage(std::uint8_t type, Bytes body, Direction direction, bool datagram,
                          MessageSink& sink) {
  if (finished_) return;
  switch (static_cast<MessageType>(type)) {
    case MessageType::kClientHello:
      return OnClientHello(body, direction, datagram, sink);
    case MessageType::kServerHello:
      return OnServerHello(body, direction, sink);
    case MessageType::kCertificate:
      return OnCertificate(body, direction, sink);
  }
}

void Handshake::OnOldClientHello(Direction direction) noexcept {
  client_ = direction;
  client_hello_ = true;
  Open();
}

void Handshake::OnClientHello(Bytes body, Direction direction, bool datagram, MessageSink& sink) {
  if (client_hello_)
    return;  // the second one, behind a HelloRetryRequest or a DTLS cookie, repeats the first
  ClientHello hello;
  if (!ParseClientHello(body, datagram, hello)) return sink.OnAnomaly("invalid_handshake_message");
  client_ = direction;
  client_hello_ = true;
  offered_version_ = hello.version;
  Open();
  if (!hello.server_name.empty()) {
    named_ = true;
    record_.String("sni", hello.server_name);
    sink.OnServerName(hello.server_name);
    sink.OnField("tls.sni", {}, direction, AsBytes(hello.server_name));
  }
  if (sink.WantsEvent("tls")) {
    const std::string_view ja3 = Ja3Text(hello);
    record_.BeginObject("ja3").String("hash", Md5Hex(ja3)).String("string", ja3).EndObject();
    record_.String("ja4", Ja4(hello, datagram ? 'd' : 't'));
  }
  if (!hello.protocols.empty()) {
    record_.BeginArray("client_alpns");
    for (Bytes list = hello.protocols; !list.empty();) record_.String(nullptr, TakeProtocol(list));
    record_.EndArray();
  }
  offered_session_.assign(hello.session_id.begin(), hello.session_id.end());
}

void Handshake::OnServerHello(Bytes body, Direction direction, MessageSink& sink) {
  if (server_hello_) return;
  ServerHello hello;
  if (!ParseServerHello(body, hello)) return sink.OnAnomaly("invalid_handshake_message");
  if (!client_hello_) client_ = Opposite(direction);
  retry_ = hello.retry;
  if (retry_) return;
  server_hello_ = true;
  Open();
  const std::string_view version = VersionName(hello.version);
  if (!version.empty()) record_.String("version", version);
  if (sink.WantsEvent("tls")) {
    const std::string_view ja3s = Ja3sText(hello);
    record_.BeginObject("ja3s").String("hash", Md5Hex(ja3s)).String("string", ja3s).EndObject();
  }
  if (!hello.protocol.empty()) record_.BeginArray("server_alpns").String(nullptr, hello.protocol).EndArray();
  // Up to 1.2 an echoed session is a resumed one, unless a certificate follows after all; 1.3 echoes always.
  const bool echoed =
      !hello.session_id.empty() && std::equal(hello.session_id.begin(), hello.session_id.end(),
                                              offered_session_.begin(), offered_session_.end());
  const bool hidden = HidesCertificates(hello.version);
  resumed_ = hidden ? hello.pre_shared_key : echoed;
  if (hidden) Finish(sink);
}

void Handshake::OnCertificate(Bytes body, Direction direction, MessageSink& sink) {
  ByteReader r(body);
  r.Skip(3);  // length of the chain
  const Bytes leaf = r.Take(r.U24());
  if (r.failed() || leaf.empty()) return;
  Certificate certificate;
  if (!ParseCertificate(leaf, certificate)) return sink.OnAnomaly("certificate_invalid");
  if (client_hello_ && direction == client_) {
    // People's names stand in client certificates.
    return sink.OnField("tls.client.subject", {}, direction, AsBytes(certificate.subject));
  }
  if (certificate_) return;
  certificate_ = true;
  resumed_ = false;
  Open();
  record_.String("subject", certificate.subject, Privacy::kIdentifier);
  record_.String("issuerdn", certificate.issuer, Privacy::kIdentifier);
  record_.String("serial", certificate.serial);
  record_.String("fingerprint", certificate.fingerprint);
  record_.String("notbefore", certificate.not_before);
  record_.String("notafter", certificate.not_after);
  if (!certificate.alternatives.empty()) {
    record_.BeginArray("subjectaltname");
    for (const std::string& name : certificate.alternatives)
      record_.String(nullptr, name, Privacy::kIdentifier);
    record_.EndArray();
  }
  WriteChain(r, sink);
  const std::string& name = certificate.common_name;
  if (!named_ && name.find('.') != name.npos && name.find_first_of("* @") == name.npos)
    sink.OnServerName(name);
}

// Who vouches for the leaf: what follows it in the message, each certifying the one before (RFC 5246 §7.4.2).
void Handshake::WriteChain(ByteReader& rest, MessageSink& sink) {
  if (rest.remaining() == 0 || !sink.WantsEvent("tls")) return;
  record_.BeginArray("certificate_chain");
  for (std::size_t n = 0; rest.remaining() > 0 && n < kMaxChain; ++n) {
    const Bytes der = rest.Take(rest.U24());
    Certificate certificate;
    if (rest.failed() || !ParseCertificate(der, certificate)) {
      sink.OnAnomaly("certificate_invalid");
      break;
    }
    record_.BeginObject()
        .String("subject", certificate.subject, Privacy::kIdentifier)
        .String("issuerdn", certificate.issuer, Privacy::kIdentifier)
        .String("fingerprint", certificate.fingerprint)
        .EndObject();
  }
  record_.EndArray();
}

bool Handshake::OnCipherChange(Direction direction, MessageSink& sink) {
  if (retry_) return false;
  // The client changes behind the server's certificate, but the two directions may be delivered out of step.
  if (certificate_ || direction != client_) Finish(sink);
  return true;
}

void Handshake::Finish(MessageSink& sink) {
  if (finished_ || record_.empty()) return;
  finished_ = true;
  if (offered_version_ != 0 && !server_hello_)
    record_.String("version", VersionName(offered_version_));  // as was asked for
  if (resumed_) record_.Boolean("session_resumed", true);
  record_.EndObject();
  sink.OnEvent("tls", 0, client_, record_);
  record_.Clear();
  offered_session_.clear();
}

void Handshake::Reset() noexcept { Renew(*this, {}, &Handshake::record_, &Handshake::offered_session_); }

}  // namespace gander::protocol::tls
