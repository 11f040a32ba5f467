// SPDX-License-Identifier: Apache-2.0
// Names of record types and response codes (IANA "Domain Name System (DNS) Parameters").
#include <array>

#include "protocol/dns_message/message.h"

namespace gander::protocol::dns {
namespace {

struct TypeRow {
  std::uint16_t type;
  const char* name;
  const char* lower;
};

constexpr TypeRow kTypes[] = {
    {1, "A", "a"},
    {2, "NS", "ns"},
    {3, "MD", "md"},
    {4, "MF", "mf"},
    {5, "CNAME", "cname"},
    {6, "SOA", "soa"},
    {7, "MB", "mb"},
    {8, "MG", "mg"},
    {9, "MR", "mr"},
    {10, "NULL", "null"},
    {11, "WKS", "wks"},
    {12, "PTR", "ptr"},
    {13, "HINFO", "hinfo"},
    {14, "MINFO", "minfo"},
    {15, "MX", "mx"},
    {16, "TXT", "txt"},
    {17, "RP", "rp"},
    {18, "AFSDB", "afsdb"},
    {19, "X25", "x25"},
    {20, "ISDN", "isdn"},
    {21, "RT", "rt"},
    {22, "NSAP", "nsap"},
    {24, "SIG", "sig"},
    {25, "KEY", "key"},
    {26, "PX", "px"},
    {27, "GPOS", "gpos"},
    {28, "AAAA", "aaaa"},
    {29, "LOC", "loc"},
    {30, "NXT", "nxt"},
    {33, "SRV", "srv"},
    {35, "NAPTR", "naptr"},
    {36, "KX", "kx"},
    {37, "CERT", "cert"},
    {38, "A6", "a6"},
    {39, "DNAME", "dname"},
    {41, "OPT", "opt"},
    {42, "APL", "apl"},
    {43, "DS", "ds"},
    {44, "SSHFP", "sshfp"},
    {45, "IPSECKEY", "ipseckey"},
    {46, "RRSIG", "rrsig"},
    {47, "NSEC", "nsec"},
    {48, "DNSKEY", "dnskey"},
    {49, "DHCID", "dhcid"},
    {50, "NSEC3", "nsec3"},
    {51, "NSEC3PARAM", "nsec3param"},
    {52, "TLSA", "tlsa"},
    {53, "SMIMEA", "smimea"},
    {55, "HIP", "hip"},
    {59, "CDS", "cds"},
    {60, "CDNSKEY", "cdnskey"},
    {61, "OPENPGPKEY", "openpgpkey"},
    {62, "CSYNC", "csync"},
    {63, "ZONEMD", "zonemd"},
    {64, "SVCB", "svcb"},
    {65, "HTTPS", "https"},
    {99, "SPF", "spf"},
    {108, "EUI48", "eui48"},
    {109, "EUI64", "eui64"},
    {249, "TKEY", "tkey"},
    {250, "TSIG", "tsig"},
    {251, "IXFR", "ixfr"},
    {252, "AXFR", "axfr"},
    {253, "MAILB", "mailb"},
    {254, "MAILA", "maila"},
    {255, "ANY", "any"},
    {256, "URI", "uri"},
    {257, "CAA", "caa"},
};

constexpr std::array<const char*, 12> kRcodes = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",
                                                 "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
                                                 "NXRRSET", "NOTAUTH", "NOTZONE",  "DSOTYPENI"};

}  // namespace

const char* TypeName(std::uint16_t type, bool lower, std::string& scratch) noexcept {
  for (const TypeRow& row : kTypes) {
    if (row.type == type) return lower ? row.lower : row.name;
  }
  scratch = std::to_string(type);
  return scratch.c_str();
}

const char* RcodeName(int rcode, std::string& scratch) noexcept {
  if (static_cast<std::size_t>(rcode) < kRcodes.size()) return kRcodes[static_cast<std::size_t>(rcode)];
  scratch = std::to_string(rcode);
  return scratch.c_str();
}

}  // namespace gander::protocol::dns
