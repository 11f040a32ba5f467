// SPDX-License-Identifier: Apache-2.0
#include "protocol/quic/event.h"

#include <array>
#include <string>

#include "base/record.h"
#include "protocol/quic/version.h"
#include "protocol/tls_hello/fingerprint.h"

namespace gander::protocol::quic {
namespace {

// Working memory of a thread.
thread_local Record record;

struct ExtensionName {
  std::uint16_t type;
  const char* name;
};
// IANA, "TLS ExtensionType Values".
constexpr ExtensionName kExtensionNames[] = {
    {0, "server_name"},
    {1, "max_fragment_length"},
    {5, "status_request"},
    {10, "supported_groups"},
    {11, "ec_point_formats"},
    {13, "signature_algorithms"},
    {14, "use_srtp"},
    {15, "heartbeat"},
    {16, "alpn"},
    {18, "signed_certificate_timestamp"},
    {19, "client_certificate_type"},
    {20, "server_certificate_type"},
    {21, "padding"},
    {22, "encrypt_then_mac"},
    {23, "extended_master_secret"},
    {24, "token_binding"},
    {27, "compress_certificate"},
    {28, "record_size_limit"},
    {34, "delegated_credentials"},
    {35, "session_ticket"},
    {41, "pre_shared_key"},
    {42, "early_data"},
    {43, "supported_versions"},
    {44, "cookie"},
    {45, "psk_key_exchange_modes"},
    {47, "certificate_authorities"},
    {48, "oid_filters"},
    {49, "post_handshake_auth"},
    {50, "signature_algorithms_cert"},
    {51, "key_share"},
    {57, "quic_transport_parameters"},
    {65037, "encrypted_client_hello"},
    {65281, "renegotiation_info"},
};

const char* NameOfExtension(std::uint16_t type) noexcept {
  for (const ExtensionName& known : kExtensionNames) {
    if (known.type == type) return known.name;
  }
  return nullptr;
}

void Open(std::uint32_t version) {
  std::array<char, 8> scratch;
  record.Clear();
  record.BeginObject("quic").String("version", NameOf(version, scratch));
}

void AddFingerprint(const char* key, std::string_view text) {
  record.BeginObject(key).String("hash", tls::Md5Hex(text)).String("string", text).EndObject();
}

// `hello` is set for a client's: its names are the values that are told.
void AddExtensions(Bytes block, const tls::ClientHello* hello) {
  if (block.empty()) return;
  record.BeginArray("extensions");
  tls::ForEachExtension(block, [&](std::uint16_t type, Bytes) {
    record.BeginObject().Integer("type", type);
    if (const char* name = NameOfExtension(type)) record.String("name", name);
    if (hello != nullptr && type == tls::extension::kServerName && !hello->server_name.empty()) {
      record.BeginArray("values").String(nullptr, hello->server_name).EndArray();
    } else if (hello != nullptr && type == tls::extension::kAlpn && !hello->protocols.empty()) {
      record.BeginArray("values");
      for (Bytes list = hello->protocols; !list.empty();) record.String(nullptr, tls::TakeProtocol(list));
      record.EndArray();
    }
    record.EndObject();
  });
  record.EndArray();
}

void TellServerName(std::string_view name, Direction direction, MessageSink& sink) {
  if (name.empty()) return;
  sink.OnServerName(name);
  sink.OnField("quic.sni", {}, direction, AsBytes(name));
}

void Emit(std::uint32_t tx_id, Direction direction, MessageSink& sink) {
  record.EndObject();
  sink.OnEvent("quic", tx_id, direction, record);
}

}  // namespace

void TellClientHello(std::uint32_t version, const tls::ClientHello& hello, std::uint32_t tx_id, Direction direction,
                     MessageSink& sink) {
  TellServerName(hello.server_name, direction, sink);
  if (!sink.WantsEvent("quic")) return;
  Open(version);
  if (!hello.server_name.empty()) record.String("sni", hello.server_name);
  AddFingerprint("ja3", tls::Ja3Text(hello));
  record.String("ja4", tls::Ja4(hello, 'q'));
  AddExtensions(hello.extensions, &hello);
  Emit(tx_id, direction, sink);
}

void TellServerHello(std::uint32_t version, const tls::ServerHello& hello, std::uint32_t tx_id, Direction direction,
                     MessageSink& sink) {
  if (!sink.WantsEvent("quic")) return;
  Open(version);
  AddFingerprint("ja3s", tls::Ja3sText(hello));
  AddExtensions(hello.extensions, nullptr);
  Emit(tx_id, direction, sink);
}

void TellGoogleHello(std::uint32_t version, const GoogleHello& hello, std::uint32_t tx_id, Direction direction,
                     MessageSink& sink) {
  TellServerName(hello.server_name, direction, sink);
  if (!hello.user_agent.empty()) sink.OnField("quic.ua", {}, direction, AsBytes(hello.user_agent));
  if (!sink.WantsEvent("quic")) return;
  Open(version);
  if (!hello.server_name.empty()) record.String("sni", hello.server_name);
  if (!hello.user_agent.empty()) record.String("ua", hello.user_agent);
  const std::string cyu = CyuText(version, hello);
  record.BeginArray("cyu").BeginObject().String("hash", tls::Md5Hex(cyu)).String("string", cyu).EndObject().EndArray();
  Emit(tx_id, direction, sink);
}

}  // namespace gander::protocol::quic
