// SPDX-License-Identifier: Apache-2.0
#include "protocol/tls/certificate.h"

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <ctime>
#include <memory>

#include "base/freed.h"
#include "base/net.h"
#include "protocol/tls/tls.h"

namespace gander::protocol::tls {
namespace {

using X509Pointer = std::unique_ptr<X509, Freed<X509_free>>;
using NamesPointer = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;

std::string Utf8(const ASN1_STRING* s) {
  unsigned char* text = nullptr;
  const int length = ASN1_STRING_to_UTF8(&text, s);
  if (length < 0) return {};
  std::string out(reinterpret_cast<char*>(text), static_cast<std::size_t>(length));
  OPENSSL_free(text);
  return out;
}

// EVE's short names; OpenSSL's differ in one.
std::string TypeName(const ASN1_OBJECT* type) {
  const int nid = OBJ_obj2nid(type);
  if (nid == NID_pkcs9_emailAddress) return "Email";
  if (nid != NID_undef) return OBJ_nid2sn(nid);
  char dotted[80];
  OBJ_obj2txt(dotted, sizeof dotted, type, 1);
  return dotted;
}

std::string Distinguished(const X509_NAME* name) {
  std::string out;
  int set = -1;
  for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
    const int this_set = X509_NAME_ENTRY_set(entry);
    if (i > 0) out += this_set == set ? " + " : ", ";
    set = this_set;
    out += TypeName(X509_NAME_ENTRY_get_object(entry)) + "=" + Utf8(X509_NAME_ENTRY_get_data(entry));
  }
  return out;
}

std::string Hex(const unsigned char* p, std::size_t n, const char* format) {
  std::string out;
  char digits[4];
  for (std::size_t i = 0; i < n; ++i) {
    std::snprintf(digits, sizeof digits, format, p[i]);
    if (i > 0) out += ':';
    out += digits;
  }
  return out;
}

// As in DER: a leading zero keeps the number positive.
std::string Serial(const ASN1_INTEGER* serial) {
  const unsigned char* p = ASN1_STRING_get0_data(serial);
  const int n = ASN1_STRING_length(serial);
  const std::string digits = Hex(p, n > 0 ? static_cast<std::size_t>(n) : 0, "%02X");
  return n > 0 && (p[0] & 0x80) != 0 && ASN1_STRING_type(serial) == V_ASN1_INTEGER ? "00:" + digits : digits;
}

std::string Time(const ASN1_TIME* time) {
  std::tm t{};
  char text[32];
  if (ASN1_TIME_to_tm(time, &t) != 1 || std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &t) == 0)
    return {};
  return text;
}

std::string AlternativeText(const GENERAL_NAME& name) {
  const auto ascii = [](const ASN1_IA5STRING* s) {
    return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(s)),
                       static_cast<std::size_t>(ASN1_STRING_length(s)));
  };
  switch (name.type) {
    case GEN_DNS:
      return ascii(name.d.dNSName);
    case GEN_EMAIL:
      return ascii(name.d.rfc822Name);
    case GEN_URI:
      return ascii(name.d.uniformResourceIdentifier);
    case GEN_IPADD: {
      const unsigned char* p = ASN1_STRING_get0_data(name.d.iPAddress);
      const int n = ASN1_STRING_length(name.d.iPAddress);
      return n == 4    ? IpAddress::FromV4Octets(p).ToString()
             : n == 16 ? IpAddress::FromV6Octets(p).ToString()
                       : "";
    }
    default:
      return {};
  }
}

void ReadAlternatives(const X509* x509, std::vector<std::string>& out) {
  const NamesPointer names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
  if (names == nullptr) return;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()) && i < kMaxNames; ++i) {
    std::string text = AlternativeText(*sk_GENERAL_NAME_value(names.get(), i));
    if (!text.empty()) out.push_back(std::move(text));
  }
}

}  // namespace

bool ParseCertificate(Bytes der, Certificate& out) {
  const unsigned char* p = Octets(der);
  const X509Pointer x509(d2i_X509(nullptr, &p, static_cast<long>(der.size())));
  if (x509 == nullptr) return false;
  X509_NAME* subject = X509_get_subject_name(x509.get());
  out.subject = Distinguished(subject);
  out.issuer = Distinguished(X509_get_issuer_name(x509.get()));
  out.serial = Serial(X509_get0_serialNumber(x509.get()));
  out.not_before = Time(X509_get0_notBefore(x509.get()));
  out.not_after = Time(X509_get0_notAfter(x509.get()));
  const int common = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (common >= 0) out.common_name = Utf8(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, common)));
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  if (EVP_Digest(der.data(), der.size(), digest, &length, EVP_sha1(), nullptr) == 1) {
    out.fingerprint = Hex(digest, length, "%02x");
  }
  ReadAlternatives(x509.get(), out.alternatives);
  return true;
}

}  // namespace gander::protocol::tls
