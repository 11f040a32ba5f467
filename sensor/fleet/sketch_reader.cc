// SPDX-License-Identifier: Apache-2.0
#include "fleet/sketch_reader.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "report/history/json_at.h"
#include "sketch/hll_storage.h"

namespace gander::fleet {
namespace {

using report::At;
using report::Json;
using sketch::HllStorage;
using sketch::HyperLogLog;

constexpr std::int64_t kVersion = 1;
constexpr std::int64_t kMaxCount = std::int64_t{1} << 53;  // what doubles hold, too
constexpr std::int64_t kMaxEpoch = 1'000'000, kMaxRevision = 1'000'000, kDay = 86'400;
// The sensor counts up to 256 exactly, the registers never: so many standard errors and people may lie between.
constexpr double kErrors = 6, kFew = 3;

// Reads fields and remembers the first that is wrong.
class Fields {
 public:
  bool good() const { return wrong_.empty(); }
  const std::string& wrong() const { return wrong_; }
  Refusal reason() const { return reason_; }

  void Wrong(Refusal reason, const std::string& what) {
    if (!good()) return;
    reason_ = reason;
    wrong_ = what;
  }

  std::string Text(const Json& object, const char* key, bool may_be_empty = true) {
    const Json& at = At(object, key);
    if (!at.is_string() || at.get_ref<const std::string&>().size() > kMaxText) return Bad(key);
    std::string text = at.get<std::string>();
    const bool control = std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (control || (text.empty() && !may_be_empty)) return Bad(key);
    return text;
  }

  // Of `letters` octets between `low` and `high`; two letters of a State, eight digits of a key.
  std::string Code(const Json& object, const char* key, std::size_t letters, const char* allowed) {
    std::string text = Text(object, key, false);
    if (!good()) return {};
    if (text.size() != letters || text.find_first_not_of(allowed) != std::string::npos) return Bad(key);
    return text;
  }

  std::int64_t Number(const Json& object, const char* key, std::int64_t low, std::int64_t high) {
    const Json& at = At(object, key);
    if (!at.is_number_integer()) return Bad(key), 0;
    if (at.is_number_unsigned() && at.get<std::uint64_t>() > static_cast<std::uint64_t>(kMaxCount)) return Bad(key), 0;
    const auto value = at.get<std::int64_t>();
    if (value < low || value > high) return Bad(key), 0;
    return value;
  }

  Timestamp Time(const Json& object, const char* key) {
    Timestamp out;
    const std::string text = report::TextAt(object, key);
    if (!report::ParseEveTime(text, out) && !ParseDate(text, out)) Bad(key);
    return out;
  }

 private:
  std::string Bad(const char* key) {
    Wrong(Refusal::kBadField, std::string("`") + key + "` is missing, of another type or out of its range");
    return {};
  }

  Refusal reason_ = Refusal::kNone;
  std::string wrong_;
};

bool FromHex(const std::string& hex, std::string& out) {
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  if (hex.size() % 2 != 0) return false;
  out.clear();
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]), low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return false;
    out += static_cast<char>(high << 4 | low);
  }
  return true;
}

// What registers say is what a liar cannot choose apart from them.
bool Agrees(const Counted& counted, const HyperLogLog& registers) {
  const double estimate = registers.Estimate();
  const double margin = kErrors * HyperLogLog::kRelativeError * estimate + kFew;
  return counted.low <= counted.estimate && counted.estimate <= counted.high &&
         std::abs(static_cast<double>(counted.estimate) - estimate) <= margin;
}

Counted ReadCounted(const Json& sketch, const char* key, Fields& fields) {
  const Json& at = At(sketch, key);
  Counted out;
  out.estimate = fields.Number(at, "estimate", 0, kMaxCount);
  out.low = fields.Number(at, "low", 0, kMaxCount);
  out.high = fields.Number(at, "high", 0, kMaxCount);
  const Json& hll = At(at, "hll");
  if (hll.is_string() && hll.get_ref<const std::string&>().size() <= 2 * HllStorage::kFullBytes)
    out.hll = hll.get<std::string>();
  std::string bytes;
  if (out.hll.empty() || !FromHex(out.hll, bytes)) {
    fields.Wrong(Refusal::kBadHll,
                 std::string("`") + key + ".hll` is not lower-case hexadecimal of at most 1,283 octets");
    return out;
  }
  HyperLogLog registers;
  const Bytes view = std::as_bytes(std::span(bytes));
  if (const auto fault = HllStorage::Read(view, registers); fault != HllStorage::Fault::kNone) {
    fields.Wrong(Refusal::kBadHll, std::string("`") + key + ".hll` " + NameOf(fault));
  } else if (!Agrees(out, registers)) {
    fields.Wrong(Refusal::kContradiction, std::string("`") + key + "` says other figures than its registers");
  }
  return out;
}

void ReadWindow(const Json& sketch, SketchMessage& out, Fields& fields) {
  const Json& window = At(sketch, "window");
  out.window_s = fields.Number(window, "seconds", 1, kDay);
  out.begin = fields.Time(window, "begin");
  const Timestamp end = fields.Time(window, "end");
  if (!fields.good()) return;
  const std::int64_t length = out.window_s * kNanosPerSecond;
  if (end.ns - out.begin.ns != length || out.begin.ns < 0 || out.begin.ns % length != 0) {
    fields.Wrong(Refusal::kBadField, "`window` does not begin at a multiple of its length, or does not end with it");
  }
}

void ReadEnds(const Json& event, const Json& sketch, SketchMessage& out, Fields& fields) {
  constexpr const char* kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const Json& collector = At(sketch, "collector");
  out.collector = fields.Text(collector, "id", false);
  out.collector_kind = fields.Text(collector, "kind");
  out.collector_country = fields.Code(collector, "country", 2, kLetters);
  out.collector_zone = fields.Text(collector, "zone");
  const std::string address = report::TextAt(collector, "address");
  out.has_address = !address.empty();
  if (out.has_address && !IpAddress::Parse(address, out.address))
    fields.Wrong(Refusal::kBadField, "`address` is no address");
  const Json& from = At(sketch, "from");
  out.from_zone = fields.Text(from, "zone");
  out.from_country = fields.Code(from, "country", 2, kLetters);
  out.host = fields.Text(event, "host");
  out.subject_country = fields.Code(sketch, "subject_country", 2, kLetters);
}

void ReadRest(const Json& sketch, SketchMessage& out, Fields& fields) {
  out.epoch = fields.Number(sketch, "epoch", 0, kMaxEpoch);
  out.key_id = fields.Code(sketch, "key_id", 8, "0123456789abcdef");
  out.revision = fields.Number(sketch, "revision", 0, kMaxRevision);
  out.sequence = fields.Number(sketch, "sequence", 0, kMaxCount);
  out.data_class = fields.Text(sketch, "data_class");
  out.type = fields.Text(sketch, "type", false);
  out.sensitivity = fields.Text(sketch, "sensitivity");
  out.verdict = fields.Text(sketch, "verdict", false);
  out.entry_id = fields.Text(sketch, "entry_id");
  out.findings = fields.Number(sketch, "findings", 0, kMaxCount);
  out.bytes = fields.Number(sketch, "bytes", 0, kMaxCount);
  out.flows = fields.Number(sketch, "flows", 0, kMaxCount);
}

}  // namespace

Message ReadSketch(const nlohmann::json& event) {
  const Json& sketch = At(event, "sketch");
  SketchMessage out;
  Fields fields;
  out.sensor = fields.Text(sketch, "sensor", false);
  const Json& version = At(sketch, "version");
  if (!version.is_number_integer() || version != kVersion) {
    fields.Wrong(Refusal::kUnknownVersion, "`version` is not " + std::to_string(kVersion));
  }
  ReadRest(sketch, out, fields);
  ReadWindow(sketch, out, fields);
  ReadEnds(event, sketch, out, fields);
  out.people = ReadCounted(sketch, "people", fields);
  out.senders = ReadCounted(sketch, "senders", fields);
  if (out.people.low > out.findings) fields.Wrong(Refusal::kContradiction, "more people than findings");
  if (!fields.good()) return Refused{fields.reason(), out.sensor, fields.wrong()};
  return out;
}

}  // namespace gander::fleet
