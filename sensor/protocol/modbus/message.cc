// SPDX-License-Identifier: Apache-2.0
#include "protocol/modbus/message.h"

#include <algorithm>
#include <string>

#include "base/byte_reader.h"
#include "protocol/framing/printable.h"

namespace gander::protocol::modbus {
namespace {

using industrial::Category;
using industrial::Function;

struct Known {
  std::uint8_t code;
  Function function;
  const char* access;
};
constexpr Known kKnown[] = {
    {1, {"RdCoils", Category::kRead}, "READ | COILS"},
    {2, {"RdDiscreteInputs", Category::kRead}, "READ | DISCRETES"},
    {3, {"RdHoldRegs", Category::kRead}, "READ | HOLDING"},
    {4, {"RdInputRegs", Category::kRead}, "READ | INPUT"},
    {5, {"WrSingleCoil", Category::kWrite}, "WRITE | COILS | SINGLE | WRITE_SINGLE"},
    {6, {"WrSingleReg", Category::kWrite}, "WRITE | HOLDING | SINGLE | WRITE_SINGLE"},
    {7, {"RdExcStatus", Category::kDiagnostic}, "NONE"},
    {8, {"Diagnostic", Category::kDiagnostic}, "NONE"},
    {9, {"Program484", Category::kControl}, "NONE"},
    {10, {"Poll484", Category::kControl}, "NONE"},
    {11, {"GetCommEventCtr", Category::kDiagnostic}, "NONE"},
    {12, {"GetCommEventLog", Category::kDiagnostic}, "NONE"},
    {13, {"ProgramController", Category::kControl}, "NONE"},
    {14, {"PollController", Category::kControl}, "NONE"},
    {15, {"WrMultCoils", Category::kWrite}, "WRITE | COILS | MULTIPLE | WRITE_MULTIPLE"},
    {16, {"WrMultRegs", Category::kWrite}, "WRITE | HOLDING | MULTIPLE | WRITE_MULTIPLE"},
    {17, {"ReportServerID", Category::kDiagnostic}, "NONE"},
    {18, {"Program884", Category::kControl}, "NONE"},
    {19, {"ResetCommLink", Category::kControl}, "NONE"},
    {20, {"RdFileRec", Category::kRead}, "NONE"},
    {21, {"WrFileRec", Category::kWrite}, "NONE"},
    {22, {"MaskWrReg", Category::kWrite}, "WRITE | HOLDING"},
    {23, {"RdWrMultRegs", Category::kWrite}, "READ | WRITE | HOLDING | MULTIPLE | WRITE_MULTIPLE"},
    {24, {"RdFIFOQueue", Category::kRead}, "NONE"},
    {43, {"MEI", Category::kDiagnostic}, "NONE"},
};

const Known* Find(std::uint8_t code) noexcept {
  const auto* const k =
      std::find_if(std::begin(kKnown), std::end(kKnown), [&](const Known& x) { return x.code == code; });
  return k == std::end(kKnown) ? nullptr : k;
}

// Sub-functions of Diagnostic by number from 0, and from 10.
constexpr const char* kDiagnostics[] = {"RetQueryData", "RestartCommOpt", "RetDiagReg", "ChangeInputDelimiter",
                                        "ForceListenOnlyMode"};
constexpr const char* kCounters[] = {"ClearCtrDiagReg",    "RetBusMsgCount",          "RetBusCommErrCount",
                                     "RetBusExcErrCount",  "RetServerMsgCount",       "RetServerNoRespCount",
                                     "RetServerNAKCount",  "RetServerBusyCount",      "RetBusCharOverrunCount",
                                     "RetOverrunErrCount", "ClearOverrunCounterFlag", "GetClearPlusStats"};
constexpr std::uint16_t kRestart = 1, kListenOnly = 4, kFirstCounter = 10;

const char* DiagnosticName(std::uint16_t sub) noexcept {
  if (sub < std::size(kDiagnostics)) return kDiagnostics[sub];
  if (sub >= kFirstCounter && sub < kFirstCounter + std::size(kCounters)) return kCounters[sub - kFirstCounter];
  return "Reserved";
}

const char* ExceptionName(std::uint8_t code) noexcept {
  constexpr const char* kNames[] = {"IllegalFunction",  "IllegalDataAddr",  "IllegalDataValue", "ServerDeviceFail",
                                    "Ack",              "ServerDeviceBusy", "NegAck",           "MemParityErr"};
  if (code >= 1 && code <= std::size(kNames)) return kNames[code - 1];
  return code == 10 ? "GatewayPathUnavailable" : code == 11 ? "GatewayTargetFailToResp" : "Unknown";
}

std::uint16_t Word(Bytes data, std::size_t at) noexcept {
  return data.size() < at + 2 ? 0 : static_cast<std::uint16_t>(Octets(data)[at] << 8 | Octets(data)[at + 1]);
}

const char* CategoryName(const Message& m) noexcept {
  if (m.code() == kDiagnostic && !m.exception()) {
    return DiagnosticName(Word(m.data, 0)) == std::string_view("Reserved") ? "RESERVED" : "PUBLIC_ASSIGNED";
  }
  if (Find(m.code()) != nullptr) return "PUBLIC_ASSIGNED";
  const int c = m.raw;
  if (c == 0 || c > 127) return "NONE";
  if ((c >= 65 && c < 73) || (c >= 100 && c < 111)) return "USER_DEFINED";
  const bool reserved = (c >= 9 && c < 15) || (c >= 41 && c < 43) || (c >= 90 && c < 92) || c >= 125;
  return reserved ? "RESERVED" : "PUBLIC_UNASSIGNED";
}

bool ReadsBits(std::uint8_t code) noexcept { return code == kReadCoils || code == kReadDiscreteInputs; }
bool Reads(std::uint8_t code) noexcept { return code >= kReadCoils && code <= kReadInputRegisters; }
bool WritesOne(std::uint8_t code) noexcept { return code == kWriteSingleCoil || code == kWriteSingleRegister; }
bool WritesMany(std::uint8_t code) noexcept { return code == kWriteMultipleCoils || code == kWriteMultipleRegisters; }

// Of an access that names how many: 1 to what fits into a message.
bool QuantityFits(const Message& m) noexcept {
  constexpr unsigned kMaxBits = 2000, kMaxRegisters = 125;
  const unsigned quantity = Word(m.data, 2);
  const bool bits = ReadsBits(m.code()) || m.code() == kWriteMultipleCoils;
  return quantity > 0 && quantity <= (bits ? kMaxBits : kMaxRegisters);
}

// A count of octets at `at`, and as many behind it.
bool CountFits(const Message& m, std::size_t at) noexcept {
  return m.data.size() > at && Octets(m.data)[at] == m.data.size() - at - 1;
}

const char* ErrorFlags(const Message& m, bool response) noexcept {
  const char* const problem = Problem(m, response);
  if (problem == nullptr) return "NONE";
  const std::string_view name = problem;
  return name == "invalid_value" ? "DATA_VALUE" : name == "invalid_length" ? "DATA_LENGTH" : "EXC_CODE";
}

}  // namespace

Message ReadMessage(Bytes frame) noexcept {
  ByteReader in(frame);
  Message m;
  m.transaction = in.U16();
  m.protocol = in.U16();
  in.Skip(2);
  m.unit = in.U8();
  m.raw = in.U8();
  m.data = in.rest();
  return m;
}

Function FunctionOf(const Message& m) noexcept {
  const Known* const known = Find(m.code());
  if (known == nullptr) return {"Unknown", Category::kOther};
  Function f = known->function;
  const std::uint16_t sub = Word(m.data, 0);
  if (m.code() == kDiagnostic && !m.exception() && (sub == kRestart || sub == kListenOnly))
    f.category = Category::kControl;
  return f;
}

bool LooksLikeRequest(const Message& m) noexcept {
  if (m.exception()) return false;
  if (Reads(m.code())) return m.data.size() == 4 && QuantityFits(m);
  if (m.code() == kWriteSingleCoil) return m.data.size() == 4 && (Word(m.data, 2) == 0xff00 || Word(m.data, 2) == 0);
  if (m.code() == kWriteSingleRegister) return m.data.size() == 4;
  if (WritesMany(m.code())) return CountFits(m, 4) && QuantityFits(m);
  if (m.code() == kMaskWriteRegister) return m.data.size() == 6;
  if (m.code() == kReadWriteMultipleRegisters) return CountFits(m, 8);
  if (m.code() == kEncapsulated) return m.data.size() == 3 && Octets(m.data)[0] == kReadDeviceId;
  return false;
}

bool LooksLikeResponse(const Message& m) noexcept {
  if (m.exception()) return m.data.size() == 1 && Octets(m.data)[0] >= 1 && Octets(m.data)[0] <= 11;
  if (Reads(m.code()) || m.code() == kReadWriteMultipleRegisters) return CountFits(m, 0) && m.data.size() > 1;
  if (WritesOne(m.code())) return m.data.size() == 4;
  if (WritesMany(m.code())) return m.data.size() == 4 && QuantityFits(m);
  if (m.code() == kMaskWriteRegister) return m.data.size() == 6;
  if (m.code() == kEncapsulated) return m.data.size() > 6 && Octets(m.data)[0] == kReadDeviceId;
  return false;
}

Bytes Payload(const Message& m, bool response) noexcept {
  const bool whole = response ? LooksLikeResponse(m) : LooksLikeRequest(m);
  if (!whole || m.exception()) return {};
  const std::uint8_t c = m.code();
  if (response) return Reads(c) || c == kReadWriteMultipleRegisters ? m.data.subspan(1) : Bytes{};
  if (WritesMany(c)) return m.data.subspan(5);
  return c == kReadWriteMultipleRegisters ? m.data.subspan(9) : Bytes{};
}

const char* Problem(const Message& m, bool response) noexcept {
  const std::uint8_t c = m.code();
  if (m.protocol != 0) return "invalid_protocol_id";
  if (m.exception()) {
    if (m.data.size() != 1) return "invalid_length";
    return LooksLikeResponse(m) && response ? nullptr : "invalid_exception_code";
  }
  if (c == 0) return "invalid_function_code";
  const bool formed =
      Reads(c) || WritesOne(c) || WritesMany(c) || c == kMaskWriteRegister || c == kReadWriteMultipleRegisters;
  if (!formed || (response ? LooksLikeResponse(m) : LooksLikeRequest(m))) return nullptr;
  const bool counted = !response && (WritesMany(c) ? CountFits(m, 4) : m.data.size() == 4);
  return counted ? "invalid_value" : "invalid_length";
}

void Write(const char* key, const Message& m, bool response, Record& out) {
  const Known* const known = Find(m.code());
  std::string scratch;
  const auto octets = [&](Bytes data) { return framing::Printable(AsText(data), scratch); };
  out.BeginObject(key)
      .Integer("transaction_id", m.transaction)
      .Integer("protocol_id", m.protocol)
      .Integer("unit_id", m.unit)
      .Integer("function_raw", m.raw)
      .String("function_code", known != nullptr ? known->function.name : "Unknown")
      .String("access_type", known != nullptr ? known->access : "NONE")
      .String("category", CategoryName(m))
      .String("error_flags", ErrorFlags(m, response));
  const Bytes d = m.data;
  const std::uint8_t c = m.code();
  if (m.exception()) {
    if (!d.empty()) {
      out.BeginObject("exception").Integer("raw", Octets(d)[0]).String("code", ExceptionName(Octets(d)[0])).EndObject();
    }
  } else if (c == kDiagnostic && d.size() >= 2) {
    out.BeginObject("diagnostic").Integer("raw", Word(d, 0)).String("code", DiagnosticName(Word(d, 0)));
    out.String("data", octets(d.subspan(2)), Privacy::kIdentifier).EndObject();
  } else if (c == kEncapsulated && !d.empty()) {
    const std::uint8_t type = Octets(d)[0];
    out.BeginObject("mei").Integer("raw", type);
    out.String("code", type == kReadDeviceId ? "RdDevId" : type == 13 ? "CANOpenGenRefReqResp" : "Unknown");
    out.String("data", octets(d.subspan(1)), Privacy::kIdentifier).EndObject();
  } else if (response && (Reads(c) || c == kReadWriteMultipleRegisters) && !d.empty()) {
    out.BeginObject("read").String("data", octets(d.subspan(1)), Privacy::kIdentifier).EndObject();
  } else if (!response && (Reads(c) || c == kReadWriteMultipleRegisters) && d.size() >= 4) {
    out.BeginObject("read").Integer("address", Word(d, 0)).Integer("quantity", Word(d, 2)).EndObject();
    if (c == kReadWriteMultipleRegisters && d.size() >= 9) {
      out.BeginObject("write").Integer("address", Word(d, 4)).Integer("quantity", Word(d, 6));
      out.String("data", octets(d.subspan(9)), Privacy::kIdentifier).EndObject();
    }
  } else if (c == kMaskWriteRegister && d.size() >= 6) {
    out.BeginObject("write")
        .Integer("address", Word(d, 0))
        .Integer("and_mask", Word(d, 2))
        .Integer("or_mask", Word(d, 4));
    out.EndObject();
  } else if (!response && WritesMany(c) && d.size() >= 5) {
    out.BeginObject("write").Integer("address", Word(d, 0)).Integer("quantity", Word(d, 2));
    out.String("data", octets(d.subspan(5)), Privacy::kIdentifier).EndObject();
  } else if ((WritesOne(c) || WritesMany(c)) && d.size() >= 4) {
    out.BeginObject("write").Integer("address", Word(d, 0)).Integer("data", Word(d, 2)).EndObject();
  } else if (!d.empty()) {
    out.String("data", octets(d), Privacy::kIdentifier);
  }
  out.EndObject();
}

}  // namespace gander::protocol::modbus
