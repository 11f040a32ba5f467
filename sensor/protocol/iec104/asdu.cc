// SPDX-License-Identifier: Apache-2.0
#include "protocol/iec104/asdu.h"

#include <algorithm>
#include <bit>

#include "protocol/framing/little_reader.h"
#include "protocol/iec104/iec104.h"

namespace gander::protocol::iec104 {
namespace {

using framing::LittleReader;
using industrial::Category;

constexpr std::uint8_t kAnySize = 255;

// What stands first in an element, as far as an event shows it.
enum class Value : std::uint8_t {
  kNone,
  kSingle,      // bit 0
  kDouble,      // bits 0 and 1
  kCommand,     // as kDouble, with bit 7: select, not yet execute
  kNormalized,  // 16 bits of a fraction, and scaled values
  kFloat,
  kCounter,     // 32 bits
  kQualifier,   // an octet
};

struct Type {
  std::uint8_t id;
  const char* name;
  Category category;
  Value value;
  std::uint8_t size;  // of an element without its address
};
constexpr Category kMonitor = Category::kRead, kControl = Category::kControl, kSet = Category::kWrite;
constexpr Type kTypes[] = {
    {1, "M_SP_NA_1", kMonitor, Value::kSingle, 1},       {2, "M_SP_TA_1", kMonitor, Value::kSingle, 4},
    {3, "M_DP_NA_1", kMonitor, Value::kDouble, 1},       {4, "M_DP_TA_1", kMonitor, Value::kDouble, 4},
    {5, "M_ST_NA_1", kMonitor, Value::kNone, 2},         {6, "M_ST_TA_1", kMonitor, Value::kNone, 5},
    {7, "M_BO_NA_1", kMonitor, Value::kCounter, 5},      {8, "M_BO_TA_1", kMonitor, Value::kCounter, 8},
    {9, "M_ME_NA_1", kMonitor, Value::kNormalized, 3},   {10, "M_ME_TA_1", kMonitor, Value::kNormalized, 6},
    {11, "M_ME_NB_1", kMonitor, Value::kNormalized, 3},  {12, "M_ME_TB_1", kMonitor, Value::kNormalized, 6},
    {13, "M_ME_NC_1", kMonitor, Value::kFloat, 5},       {14, "M_ME_TC_1", kMonitor, Value::kFloat, 8},
    {15, "M_IT_NA_1", kMonitor, Value::kCounter, 5},     {16, "M_IT_TA_1", kMonitor, Value::kCounter, 8},
    {17, "M_EP_TA_1", kMonitor, Value::kNone, 6},        {18, "M_EP_TB_1", kMonitor, Value::kNone, 7},
    {19, "M_EP_TC_1", kMonitor, Value::kNone, 7},        {20, "M_PS_NA_1", kMonitor, Value::kNone, 5},
    {21, "M_ME_ND_1", kMonitor, Value::kNormalized, 2},  {30, "M_SP_TB_1", kMonitor, Value::kSingle, 8},
    {31, "M_DP_TB_1", kMonitor, Value::kDouble, 8},      {32, "M_ST_TB_1", kMonitor, Value::kNone, 9},
    {33, "M_BO_TB_1", kMonitor, Value::kCounter, 12},    {34, "M_ME_TD_1", kMonitor, Value::kNormalized, 10},
    {35, "M_ME_TE_1", kMonitor, Value::kNormalized, 10}, {36, "M_ME_TF_1", kMonitor, Value::kFloat, 12},
    {37, "M_IT_TB_1", kMonitor, Value::kCounter, 12},    {38, "M_EP_TD_1", kMonitor, Value::kNone, 10},
    {39, "M_EP_TE_1", kMonitor, Value::kNone, 11},       {40, "M_EP_TF_1", kMonitor, Value::kNone, 11},
    {45, "C_SC_NA_1", kControl, Value::kCommand, 1},     {46, "C_DC_NA_1", kControl, Value::kCommand, 1},
    {47, "C_RC_NA_1", kControl, Value::kCommand, 1},     {48, "C_SE_NA_1", kSet, Value::kNormalized, 3},
    {49, "C_SE_NB_1", kSet, Value::kNormalized, 3},      {50, "C_SE_NC_1", kSet, Value::kFloat, 5},
    {51, "C_BO_NA_1", kSet, Value::kCounter, 4},         {58, "C_SC_TA_1", kControl, Value::kCommand, 8},
    {59, "C_DC_TA_1", kControl, Value::kCommand, 8},     {60, "C_RC_TA_1", kControl, Value::kCommand, 8},
    {61, "C_SE_TA_1", kSet, Value::kNormalized, 10},     {62, "C_SE_TB_1", kSet, Value::kNormalized, 10},
    {63, "C_SE_TC_1", kSet, Value::kFloat, 12},          {64, "C_BO_TA_1", kSet, Value::kCounter, 11},
    {70, "M_EI_NA_1", Category::kDiagnostic, Value::kQualifier, 1},
    {100, "C_IC_NA_1", kMonitor, Value::kQualifier, 1},  {101, "C_CI_NA_1", kMonitor, Value::kQualifier, 1},
    {102, "C_RD_NA_1", kMonitor, Value::kNone, 0},       {103, "C_CS_NA_1", kSet, Value::kNone, 7},
    {104, "C_TS_NA_1", Category::kDiagnostic, Value::kNone, 2},
    {105, "C_RP_NA_1", kControl, Value::kQualifier, 1},
    {106, "C_CD_NA_1", Category::kDiagnostic, Value::kNone, 2},
    {107, "C_TS_TA_1", Category::kDiagnostic, Value::kNone, 9},
    {110, "P_ME_NA_1", kSet, Value::kNormalized, 3},     {111, "P_ME_NB_1", kSet, Value::kNormalized, 3},
    {112, "P_ME_NC_1", kSet, Value::kFloat, 5},          {113, "P_AC_NA_1", kControl, Value::kQualifier, 1},
    {120, "F_FR_NA_1", kMonitor, Value::kNone, 6},       {121, "F_SR_NA_1", kMonitor, Value::kNone, 7},
    {122, "F_SC_NA_1", kMonitor, Value::kNone, 4},       {123, "F_LS_NA_1", kMonitor, Value::kNone, 5},
    {124, "F_AF_NA_1", kMonitor, Value::kNone, 4},       {125, "F_SG_NA_1", kMonitor, Value::kNone, kAnySize},
    {126, "F_DR_TA_1", kMonitor, Value::kNone, 13},      {127, "F_SC_NB_1", kMonitor, Value::kNone, 16},
};

const Type* Find(std::uint8_t id) noexcept {
  const auto* const t = std::find_if(std::begin(kTypes), std::end(kTypes), [&](const Type& x) { return x.id == id; });
  return t == std::end(kTypes) ? nullptr : t;
}

constexpr const char* kCauses[] = {
    nullptr, "periodic", "background_scan", "spontaneous", "initialized", "request", "activation", "activation_confirmation",
    "deactivation", "deactivation_confirmation", "activation_termination", "return_remote", "return_local", "file_transfer"};
constexpr std::uint8_t kInterrogation = 20, kLastGroup = 36, kCounters = 37, kLastCounterGroup = 41;
constexpr std::uint8_t kFirstUnknown = 44, kLastUnknown = 47;
constexpr const char* kUnknown[] = {"unknown_type", "unknown_cause", "unknown_asdu_address", "unknown_object_address"};

const char* CauseName(std::uint8_t cause) noexcept {
  if (cause < std::size(kCauses)) return kCauses[cause];
  if (cause == kInterrogation) return "interrogation";
  if (cause > kInterrogation && cause <= kLastGroup) return "interrogation_of_group";
  if (cause >= kCounters && cause <= kLastCounterGroup) return "counter_interrogation";
  return cause >= kFirstUnknown && cause <= kLastUnknown ? kUnknown[cause - kFirstUnknown] : nullptr;
}

void WriteValue(Value kind, Bytes element, Record& out) {
  LittleReader in(element);
  switch (kind) {
    case Value::kNone: return;
    case Value::kSingle: out.Integer("value", static_cast<std::int64_t>(in.Integer(1) & 1)); return;
    case Value::kDouble: out.Integer("value", static_cast<std::int64_t>(in.Integer(1) & 3)); return;
    case Value::kCommand: {
      const std::uint64_t octet = in.Integer(1);
      out.Integer("value", static_cast<std::int64_t>(octet & 3)).Boolean("select", (octet & 0x80) != 0);
      return;
    }
    case Value::kNormalized:
      out.Integer("value", static_cast<std::int16_t>(static_cast<std::uint16_t>(in.Integer(2))));
      return;
    case Value::kFloat: out.Real("value", std::bit_cast<float>(static_cast<std::uint32_t>(in.Integer(4)))); return;
    case Value::kCounter: out.Integer("value", static_cast<std::int64_t>(in.Integer(4))); return;
    case Value::kQualifier: out.Integer("qualifier", static_cast<std::int64_t>(in.Integer(1))); return;
  }
}

}  // namespace

bool IsKnownType(std::uint8_t type) noexcept { return Find(type) != nullptr; }
bool IsKnownCause(std::uint8_t cause) noexcept { return CauseName(cause) != nullptr; }

industrial::Function FunctionOf(std::uint8_t type) noexcept {
  const Type* const t = Find(type);
  return t != nullptr ? industrial::Function{t->name, t->category} : industrial::Function{nullptr, Category::kOther};
}

bool ReadAsdu(Bytes bytes, Asdu& out) noexcept {
  LittleReader in(bytes);
  out.type = static_cast<std::uint8_t>(in.Integer(1));
  const auto number = static_cast<std::uint8_t>(in.Integer(1));
  out.sequence = (number & 0x80) != 0;
  out.count = number & 0x7f;
  const auto cause = static_cast<std::uint8_t>(in.Integer(1));
  out.cause = cause & 0x3f;
  out.negative = (cause & 0x40) != 0;
  out.test = (cause & 0x80) != 0;
  out.originator = static_cast<std::uint8_t>(in.Integer(1));
  out.address = static_cast<std::uint16_t>(in.Integer(2));
  out.objects = in.rest();
  if (in.failed()) return false;
  const Type* const type = Find(out.type);
  if (type == nullptr || type->size == kAnySize) return true;
  constexpr std::size_t kAddress = 3;
  const std::size_t want = out.sequence ? kAddress + std::size_t{type->size} * out.count
                                        : (kAddress + type->size) * std::size_t{out.count};
  return out.objects.size() == want;
}

Bytes SegmentOf(const Asdu& asdu) noexcept {
  constexpr std::size_t kHead = 6;  // object's address, names of file and section
  if (asdu.type != kSegment || asdu.objects.size() <= kHead) return {};
  Bytes rest = asdu.objects.subspan(kHead);
  const std::size_t length = Octets(TakeFront(rest, 1))[0];
  return rest.first(std::min(length, rest.size()));
}

void Write(const Asdu& asdu, Record& out) {
  const Type* const type = Find(asdu.type);
  if (const char* const cause = CauseName(asdu.cause); cause != nullptr) out.String("cause", cause);
  out.Integer("cause_code", asdu.cause).Boolean("negative", asdu.negative).Boolean("test", asdu.test);
  out.Integer("originator", asdu.originator).Integer("asdu_address", asdu.address).Integer("objects", asdu.count);
  if (type == nullptr || type->size == kAnySize) return;
  LittleReader in(asdu.objects);
  std::uint64_t address = asdu.sequence ? in.Integer(3) : 0;
  out.BeginArray("items");
  for (unsigned i = 0; i < std::min<unsigned>(asdu.count, kMaxListed); ++i) {
    if (!asdu.sequence) address = in.Integer(3);
    out.BeginObject().Integer("address", static_cast<std::int64_t>(address + (asdu.sequence ? i : 0)));
    WriteValue(type->value, in.Take(type->size), out);
    out.EndObject();
    if (in.failed()) break;
  }
  out.EndArray();
}

}  // namespace gander::protocol::iec104
