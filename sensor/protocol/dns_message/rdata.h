// SPDX-License-Identifier: Apache-2.0
// The data of resource records as text and as event members.
#ifndef GANDER_PROTOCOL_DNS_MESSAGE_RDATA_H_
#define GANDER_PROTOCOL_DNS_MESSAGE_RDATA_H_

#include <array>
#include <string>
#include <string_view>

#include "base/record.h"
#include "protocol/dns_message/message.h"

namespace gander::protocol::dns {

inline constexpr std::uint16_t kA = 1, kNs = 2, kCname = 5, kSoa = 6, kNull = 10, kPtr = 12, kMx = 15,
                               kTxt = 16, kAaaa = 28, kSrv = 33, kNaptr = 35, kDname = 39, kOpt = 41,
                               kSshfp = 44, kSvcb = 64, kHttps = 65;
inline constexpr std::array<std::uint16_t, 9> kGroupedTypes = {kA,  kNs,  kCname, kNull, kPtr,
                                                               kMx, kTxt, kAaaa,  kSrv};

// The data as one text: an address, a name, the strings of a TXT joined. False for types that have no such
// form and for damaged data; `out` is then empty.
bool DataText(const MessageReader& reader, const ResourceRecord& record, std::string& out) noexcept;
// Adds the data under `key`, or as an object named after the type where it has parts (SOA, SRV, ...).
// `scratch` holds the text afterwards, empty where there is none.
void WriteData(const MessageReader& reader, const ResourceRecord& record, const char* key,
               std::string& scratch, Record& out);
// The first of the strings of a TXT (RFC 1035 §3.3.14), taken off `data`.
std::string_view TakeString(Bytes& data) noexcept;
// `s` if it is UTF-8, else ASCII bytes as they are and others as \xHH in `scratch`.
std::string_view Printable(std::string_view s, std::string& scratch);

}  // namespace gander::protocol::dns

#endif  // GANDER_PROTOCOL_DNS_MESSAGE_RDATA_H_
