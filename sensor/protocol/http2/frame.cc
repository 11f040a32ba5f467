// SPDX-License-Identifier: Apache-2.0
#include "protocol/http2/frame.h"

#include <iterator>

#include "base/byte_reader.h"

namespace gander::protocol::http2 {
namespace {

constexpr std::uint32_t kDefaultMaxFrame = 16 << 10;  // RFC 9113 §4.2; a larger one must be allowed by the peer first

struct Rule {
  std::uint8_t flags;       // that are defined
  bool on_stream, on_connection;
  std::uint32_t length;  // the only one allowed; 0 = any
};
constexpr Rule kRules[] = {
    {flag::kEndStream | flag::kPadded, true, false, 0},
    {flag::kEndStream | flag::kEndHeaders | flag::kPadded | flag::kPriority, true, false, 0},
    {0, true, false, 5},
    {0, true, false, 4},
    {flag::kAck, false, true, 0},
    {flag::kEndHeaders | flag::kPadded, true, false, 0},
    {flag::kAck, false, true, 8},
    {0, false, true, 0},
    {0, true, true, 4},
    {flag::kEndHeaders, true, false, 0},
};

}  // namespace

FrameHeader ReadFrameHeader(const std::uint8_t* octets) noexcept {
  ByteReader r(Bytes(reinterpret_cast<const std::byte*>(octets), kFrameHeader));
  FrameHeader out;
  out.length = r.U24();
  out.type = static_cast<FrameType>(r.U8());
  out.flags = r.U8();
  out.stream = r.U32() & 0x7fffffff;
  return out;
}

bool IsPlausible(const FrameHeader& header) noexcept {
  const auto type = static_cast<std::size_t>(header.type);
  if (type >= std::size(kRules) || header.length > kDefaultMaxFrame) return false;
  const Rule& rule = kRules[type];
  const bool place = header.stream != 0 ? rule.on_stream : rule.on_connection;
  return place && (header.flags & ~rule.flags) == 0 && (rule.length == 0 || rule.length == header.length) &&
         (header.type != FrameType::kSettings || header.length % kSetting == 0);
}

const char* SettingName(std::uint16_t id) noexcept {
  constexpr const char* kNames[] = {nullptr,
                                    "SETTINGSHEADERTABLESIZE",
                                    "SETTINGSENABLEPUSH",
                                    "SETTINGSMAXCONCURRENTSTREAMS",
                                    "SETTINGSINITIALWINDOWSIZE",
                                    "SETTINGSMAXFRAMESIZE",
                                    "SETTINGSMAXHEADERLISTSIZE"};
  return id < std::size(kNames) ? kNames[id] : nullptr;
}

const char* ErrorName(std::uint32_t code) noexcept {
  constexpr const char* kNames[] = {"NOERROR",           "PROTOCOLERROR",    "INTERNALERROR",   "FLOWCONTROLERROR",
                                    "SETTINGSTIMEOUT",   "STREAMCLOSED",     "FRAMESIZEERROR",  "REFUSEDSTREAM",
                                    "CANCEL",            "COMPRESSIONERROR", "CONNECTERROR",    "ENHANCEYOURCALM",
                                    "INADEQUATESECURITY", "HTTP11REQUIRED"};
  return code < std::size(kNames) ? kNames[code] : nullptr;
}

}  // namespace gander::protocol::http2
