// SPDX-License-Identifier: Apache-2.0
#include "protocol/tls/tls.h"

#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <vector>

#include "protocol/harness.h"
#include "protocol/tls_hello/fingerprint.h"

namespace gander::protocol {
namespace {

std::string U8(std::size_t v) { return std::string(1, static_cast<char>(v)); }
std::string U16(std::size_t v) { return U8(v >> 8) + U8(v); }
std::string U24(std::size_t v) { return U8(v >> 16) + U16(v); }
std::string Words(const std::vector<unsigned>& words) {
  std::string out;
  for (const unsigned w : words) out += U16(w);
  return out;
}
std::string Counted8(const std::string& s) { return U8(s.size()) + s; }
std::string Counted16(const std::string& s) { return U16(s.size()) + s; }
std::string Ext(unsigned type, const std::string& data) { return U16(type) + Counted16(data); }
std::string Message(unsigned type, const std::string& body) { return U8(type) + U24(body.size()) + body; }
std::string RecordOf(unsigned type, const std::string& content) {
  return U8(type) + "\x03\x03" + Counted16(content);
}
std::string Sni(const std::string& host) { return Ext(0, Counted16('\0' + Counted16(host))); }

// The ClientHello of a recent Chrome, as FoxIO's description of JA4 uses it.
std::string ChromeHello() {
  std::string extensions =
      Ext(0x1a1a, "") + Sni("www.example.com") + Ext(0x17, "") + Ext(0xff01, U8(0)) +
      Ext(0x0a, Counted16(Words({0x2a2a, 29, 23, 24}))) + Ext(0x0b, Counted8(U8(0))) + Ext(0x23, "") +
      Ext(0x10, Counted16(Counted8("h2") + Counted8("http/1.1"))) + Ext(0x05, "") +
      Ext(0x0d, Counted16(Words({0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601}))) +
      Ext(0x12, "") + Ext(0x33, "") + Ext(0x2d, "") + Ext(0x2b, Counted8(Words({0x3a3a, 0x0304, 0x0303}))) +
      Ext(0x1b, "") + Ext(0x4469, "") + Ext(0x15, "");
  const std::string ciphers = Words({0x4a4a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9,
                                     0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035});
  return "\x03\x03" + std::string(32, 'r') + Counted8(std::string(32, 's')) + Counted16(ciphers) +
         Counted8(U8(0)) + Counted16(extensions);
}
std::string ServerHelloBody(const std::string& session, unsigned cipher, const std::string& extensions) {
  return "\x03\x03" + std::string(32, 'R') + Counted8(session) + U16(cipher) + U8(0) + Counted16(extensions);
}

// A self-signed certificate with a fixed serial and fixed dates.
std::string MakeCertificate() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* x = X509_new();
  X509_set_version(x, 2);
  BIGNUM* serial = nullptr;
  BN_hex2bn(&serial, "97E6");
  BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(x));
  BN_free(serial);
  ASN1_TIME_set_string(X509_getm_notBefore(x), "20200102030405Z");
  ASN1_TIME_set_string(X509_getm_notAfter(x), "20300102030405Z");
  X509_set_pubkey(x, key);
  X509_NAME* name = X509_get_subject_name(x);
  for (const auto& [type, value] :
       {std::pair{"C", "DE"}, std::pair{"O", "Muster, GmbH"}, std::pair{"CN", "www.muster.example"},
        std::pair{"emailAddress", "a@b.example"}}) {
    X509_NAME_add_entry_by_txt(name, type, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value), -1,
                               -1, 0);
  }
  X509_set_issuer_name(x, name);
  X509_EXTENSION* san =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:a.example,IP:10.0.0.1");
  X509_add_ext(x, san, -1);
  X509_EXTENSION_free(san);
  X509_sign(x, key, EVP_sha256());
  unsigned char* der = nullptr;
  const int n = i2d_X509(x, &der);
  std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(n));
  OPENSSL_free(der);
  X509_free(x);
  EVP_PKEY_free(key);
  return out;
}

const std::string kCertificate = MakeCertificate();
const Talk kTls12 = {
    Client(RecordOf(22, Message(1, ChromeHello()))),
    Server(RecordOf(22, Message(2, ServerHelloBody("", 0xc02f, Ext(0x10, Counted16(Counted8("h2")))))) +
           RecordOf(22, Message(11, U24(2 * kCertificate.size() + 6) + U24(kCertificate.size()) + kCertificate +
                                   U24(kCertificate.size()) + kCertificate)) +
           RecordOf(22, Message(12, std::string(300, 'k')) + Message(14, ""))),
    Client(RecordOf(22, Message(16, std::string(60, 'e'))) + RecordOf(20, U8(1)) +
           RecordOf(22, std::string(40, 'f'))),
    Server(RecordOf(20, U8(1)) + RecordOf(22, std::string(40, 'f'))),
};

TEST(TlsTest, ReadsAHandshakeOf12) {
  Player player(kTls);
  player.Feed(kTls12);
  EXPECT_EQ(player.status(), ParseStatus::kEncrypted);
  player.End();
  ASSERT_EQ(player.sink.events.size(), 1u);
  const std::string& event = player.sink.events[0];
  EXPECT_THAT(event, HasSubstr(R"(tls #0 > "tls":{"sni":"www.example.com")"));
  EXPECT_THAT(event, HasSubstr(R"("client_alpns":["h2","http/1.1"])"));
  EXPECT_THAT(event, HasSubstr(R"("version":"TLS 1.2")"));
  EXPECT_THAT(event, HasSubstr(R"("string":"771,49199,16"})"));
  EXPECT_THAT(event, HasSubstr(R"("server_alpns":["h2"])"));
  EXPECT_THAT(event,
              HasSubstr(R"("subject":"C=DE, O=Muster, GmbH, CN=www.muster.example, Email=a@b.example")"));
  EXPECT_THAT(event, HasSubstr(R"("serial":"00:97:E6")"));
  EXPECT_THAT(event, HasSubstr(R"("notbefore":"2020-01-02T03:04:05","notafter":"2030-01-02T03:04:05")"));
  EXPECT_THAT(event, HasSubstr(R"("subjectaltname":["a.example","10.0.0.1"],"certificate_chain":[{"subject":"C=DE, O=)"
                               R"(Muster, GmbH, CN=www.muster.example, Email=a@b.example","issuerdn":"C=DE,)"));
  EXPECT_THAT(event, Not(HasSubstr("session_resumed")));
  EXPECT_THAT(player.sink.names, ElementsAre("www.example.com"));
  EXPECT_THAT(player.sink.anomalies, IsEmpty());
  EXPECT_EQ(player.sink.fates[ByteFate::kEncrypted], 2u * (40u + 5u));
}

TEST(TlsTest, CutsDoNotMatter) { ExpectSameAtEverySplit(kTls, kTls12); }
TEST(TlsTest, SurvivesDamage) { ExpectSurvivesDamage(kTls, kTls12); }

TEST(TlsTest, MessageSpreadOverRecords) {
  const std::string hello = Message(1, ChromeHello());
  std::string records;
  for (std::size_t i = 0; i < hello.size(); i += 50) records += RecordOf(22, hello.substr(i, 50));
  const RecordingSink sink = Play(kTls, {Client(records)});
  EXPECT_THAT(sink.events, ElementsAre(HasSubstr(R"("ja4":"t13d1516h2_8daaf6152771_e5627efa2ab1")")));
}

TEST(TlsTest, FingerprintsMatchTheirPublishedExamples) {
  // FoxIO, technical description of JA4.
  tls::ClientHello hello;
  const std::string body = ChromeHello();
  ASSERT_TRUE(tls::ParseClientHello(AsBytes(body), false, hello));
  EXPECT_EQ(tls::Ja4(hello, 't'), "t13d1516h2_8daaf6152771_e5627efa2ab1");
  EXPECT_EQ(tls::Ja4(hello, 'q'), "q13d1516h2_8daaf6152771_e5627efa2ab1");
  // The example of JA3's announcement.
  const std::string old =
      "\x03\x01" + std::string(32, 'r') + Counted8("") +
      Counted16(Words({47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4})) + Counted8(U8(0)) +
      Counted16(Ext(0, "") + Ext(10, Counted16(Words({23, 24, 25}))) + Ext(11, Counted8(U8(0))));
  tls::ClientHello first;
  ASSERT_TRUE(tls::ParseClientHello(AsBytes(old), false, first));
  EXPECT_EQ(tls::Ja3Text(first), "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0");
  EXPECT_EQ(tls::Md5Hex(tls::Ja3Text(first)), "ada70206e40642a3e4461f35503241d5");
  const std::string bare = "\x03\x03" + std::string(32, 'r') + Counted8("") + Counted16("") + Counted8(U8(0));
  tls::ClientHello none;
  ASSERT_TRUE(tls::ParseClientHello(AsBytes(bare), false, none));
  EXPECT_EQ(tls::Ja4(none, 't'), "t12i000000_000000000000_000000000000");
}

TEST(TlsTest, Version13EndsAtTheServerHello) {
  Player player(kTls);
  const std::string server =
      Message(2, ServerHelloBody(std::string(32, 's'), 0x1301, Ext(43, U16(0x0304)) + Ext(51, "")));
  player.Feed(
      {Client(RecordOf(22, Message(1, ChromeHello()))), Server(RecordOf(22, server) + RecordOf(20, U8(1)))});
  EXPECT_THAT(player.sink.events, ElementsAre(HasSubstr(R"("version":"TLS 1.3")")));
  EXPECT_THAT(player.sink.events[0], Not(HasSubstr("session_resumed")));
  player.Feed({Server(RecordOf(23, "secret")), Client(RecordOf(23, "secret"))});
  EXPECT_EQ(player.status(), ParseStatus::kEncrypted);
  player.End();
  EXPECT_EQ(player.sink.events.size(), 1u);
  EXPECT_EQ(player.sink.fates[ByteFate::kEncrypted], 12u + 5u);
}

TEST(TlsTest, HelloRetryIsNotTheEnd) {
  std::string retry = ServerHelloBody("", 0x1301, Ext(43, U16(0x0304)));
  const char random[] =
      "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91"
      "\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c";
  retry.replace(2, 32, random, 32);
  Player player(kTls);
  player.Feed({Client(RecordOf(22, Message(1, ChromeHello()))),
               Server(RecordOf(22, Message(2, retry)) + RecordOf(20, U8(1))),
               Client(RecordOf(20, U8(1)) + RecordOf(22, Message(1, ChromeHello())))});
  EXPECT_THAT(player.sink.events, IsEmpty());
  player.Feed(
      {Server(RecordOf(22, Message(2, ServerHelloBody("", 0x1302, Ext(43, U16(0x0304)) + Ext(41, "")))))});
  player.End();
  EXPECT_THAT(player.sink.events, ElementsAre(HasSubstr(R"("string":"771,4866,43-41"})")));
  EXPECT_THAT(player.sink.events[0], HasSubstr(R"("session_resumed":true)"));
}

TEST(TlsTest, ResumedSessionOf12) {
  const RecordingSink sink =
      Play(kTls, {Client(RecordOf(22, Message(1, ChromeHello()))),
                  Server(RecordOf(22, Message(2, ServerHelloBody(std::string(32, 's'), 0xc02f, ""))) +
                         RecordOf(20, U8(1)))});
  EXPECT_THAT(sink.events, ElementsAre(HasSubstr(R"("session_resumed":true)")));
}

TEST(TlsTest, OversizedMessageIsGivenUpAndCounted) {
  Player player(kTls);
  player.Feed({Client(RecordOf(22, U8(1) + U24(0xffffff) + std::string(1000, 'x')))}, 100);
  player.End();
  EXPECT_EQ(player.sink.fates[ByteFate::kLostParserCap], 1000u);
}

TEST(TlsTest, OldClientHelloThenTls) {
  const std::string body =
      "\x01\x03\x01" + U16(3) + U16(0) + U16(16) + std::string("\x00\x00\x35", 3) + std::string(16, 'c');
  const RecordingSink sink = Play(kTls, {Client(U16(0x8000 | body.size()) + body),
                                         Server(RecordOf(22, Message(2, ServerHelloBody("", 0x35, ""))))});
  EXPECT_THAT(sink.events, ElementsAre(HasSubstr(R"("version":"TLS 1.2")")));
}

TEST(TlsTest, GapsLeaveCiphertext) {
  Player player(kTls);
  player.Feed({Client(RecordOf(23, std::string(100, 'x'))), Client(std::string(50, 'y'), 2000)});
  EXPECT_EQ(player.sink.fates[ByteFate::kEncrypted], 150u);
  player.End();
}

TEST(TlsTest, DatagramHello) {
  // DTLS's ClientHello has a cookie behind the session.
  std::string hello = ChromeHello();
  hello.insert(2 + 32 + 33, U8(0));
  const std::string message = U8(1) + U24(hello.size()) + U16(0) + U24(0) + U24(hello.size()) + hello;
  const std::string record = "\x16\xfe\xfd" + std::string(8, '\0') + Counted16(message);
  EXPECT_EQ(Ask(kDtls, record, 443, Direction::kToServer, ip_proto::kUdp), Probe::kYes);
  const RecordingSink sink = Play(kDtls, {Client(record)});
  EXPECT_THAT(sink.events, ElementsAre(HasSubstr(R"("sni":"www.example.com")")));
  EXPECT_THAT(sink.events[0], HasSubstr(R"("ja4":"d)"));
}

TEST(TlsTest, Probes) {
  EXPECT_EQ(Ask(kTls, RecordOf(22, Message(1, ChromeHello()))), Probe::kYes);
  EXPECT_EQ(Ask(kTls, "\x16\x03\x01"), Probe::kNeedMore);
  EXPECT_EQ(Ask(kTls, RecordOf(23, "x")), Probe::kYes);
  EXPECT_EQ(Ask(kTls, "GET / HTTP/1.1\r\n"), Probe::kNo);
  EXPECT_EQ(Ask(kTls, std::string("\x16\x05\x01\x00\x10\x01", 6)), Probe::kNo);
  EXPECT_EQ(Ask(kTls, std::string("\x80\x1c\x01\x03\x01", 5)), Probe::kYes);
}

}  // namespace
}  // namespace gander::protocol
