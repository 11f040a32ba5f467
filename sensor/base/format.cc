// SPDX-License-Identifier: Apache-2.0
#include "base/format.h"

#include <arpa/inet.h>

#include <charconv>
#include <chrono>

namespace gander {
namespace {

constexpr std::int64_t kSecondsPerDay = 86400;
constexpr std::size_t kV4Offset = 12;  // where the four octets lie in the mapped form

static_assert(std::tuple_size_v<AddressText> == INET6_ADDRSTRLEN);

template <int kDigits>
char* PutDecimal(std::uint32_t value, char* out) noexcept {
  for (int i = kDigits - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
  return out + kDigits;
}

char* PutClock(std::uint32_t second_of_day, char* out) noexcept {
  out = PutDecimal<2>(second_of_day / 3600, out);
  *out++ = ':';
  out = PutDecimal<2>(second_of_day / 60 % 60, out);
  *out++ = ':';
  return PutDecimal<2>(second_of_day % 60, out);
}

}  // namespace

// Any Timestamp lies in the years 1677 to 2262: four digits.
std::string_view WriteEveTime(Timestamp t, TimeText& out) noexcept {
  using namespace std::chrono;
  const std::int64_t beyond = t.ns % kNanosPerSecond;
  const std::int64_t seconds = t.ns / kNanosPerSecond - (beyond < 0 ? 1 : 0);
  const auto rest = static_cast<std::uint32_t>(beyond < 0 ? beyond + kNanosPerSecond : beyond);
  const std::int64_t day = seconds / kSecondsPerDay - (seconds % kSecondsPerDay < 0 ? 1 : 0);
  const year_month_day date{sys_days{days{day}}};
  char* p = PutDecimal<4>(static_cast<std::uint32_t>(static_cast<int>(date.year())), out.data());
  *p++ = '-';
  p = PutDecimal<2>(static_cast<unsigned>(date.month()), p);
  *p++ = '-';
  p = PutDecimal<2>(static_cast<unsigned>(date.day()), p);
  *p++ = 'T';
  p = PutClock(static_cast<std::uint32_t>(seconds - day * kSecondsPerDay), p);
  *p++ = '.';
  p = PutDecimal<6>(rest / 1000, p);
  for (char c : std::string_view("+0000")) *p++ = c;
  return {out.data(), out.size()};
}

std::string_view WriteAddress(const IpAddress& address, AddressText& out) noexcept {
  if (!address.v4) {
    const char* text = inet_ntop(AF_INET6, address.octets.data(), out.data(), static_cast<socklen_t>(out.size()));
    return text == nullptr ? std::string_view{} : std::string_view(text);
  }
  char* p = out.data();
  for (std::size_t i = kV4Offset; i < address.octets.size(); ++i) {
    if (i > kV4Offset) *p++ = '.';
    p = std::to_chars(p, out.data() + out.size(), address.octets[i]).ptr;
  }
  return {out.data(), static_cast<std::size_t>(p - out.data())};
}

std::string_view WriteProtocol(std::uint8_t protocol, ProtocolText& out) noexcept {
  switch (protocol) {
    case ip_proto::kTcp: return "TCP";
    case ip_proto::kUdp: return "UDP";
    case ip_proto::kIcmp: return "ICMP";
    case ip_proto::kIcmp6: return "IPv6-ICMP";
    case ip_proto::kSctp: return "SCTP";
    case ip_proto::kGre: return "GRE";
    case 2: return "IGMP";
    case 50: return "ESP";
    case 51: return "AH";
    default: {
      const char* end = std::to_chars(out.data(), out.data() + out.size(), protocol).ptr;
      return {out.data(), static_cast<std::size_t>(end - out.data())};
    }
  }
}

std::string_view WriteHex(const std::uint8_t* bytes, std::size_t count, char* out) noexcept {
  static constexpr char kDigits[] = "0123456789abcdef";
  for (std::size_t i = 0; i < count; ++i) {
    out[2 * i] = kDigits[bytes[i] >> 4];
    out[2 * i + 1] = kDigits[bytes[i] & 15];
  }
  return {out, 2 * count};
}

}  // namespace gander
