// SPDX-License-Identifier: Apache-2.0
#include "fleet/message.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "fleet/batch.h"
#include "fleet/loader_counters.h"
#include "sketch/hll_storage.h"

namespace gander::fleet {
namespace {

using Json = nlohmann::json;

std::string Hex(const std::string& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const unsigned char c : bytes) out += {kDigits[c >> 4], kDigits[c & 15]};
  return out;
}

Json CountedOf(std::uint64_t people) {
  sketch::HyperLogLog registers;
  for (std::uint64_t i = 1; i <= people; ++i) registers.Insert(i * 0x9e3779b97f4a7c15);
  return {{"estimate", people}, {"low", people}, {"high", people}, {"hll", Hex(sketch::HllStorage::Write(registers))}};
}

Json Good() {
  return {
      {"timestamp", "2026-11-24T09:40:00.000000+0000"},
      {"event_type", "sketch"},
      {"host", "gander"},
      {"sketch",
       {{"version", 1},
        {"sensor", "site-1"},
        {"epoch", 2968},
        {"key_id", "0badcafe"},
        {"window", {{"begin", "2026-11-24T09:30:00.000000+0000"}, {"end", "2026-11-24T09:40:00Z"}, {"seconds", 600}}},
        {"revision", 0},
        {"sequence", 7},
        {"collector",
         {{"id", "c.example"}, {"kind", "domain"}, {"address", "2001:db8::1"}, {"country", "US"}, {"zone", "outside"}}},
        {"from", {{"zone", "wards"}, {"country", "NO"}}},
        {"data_class", "contact"},
        {"type", "global.email"},
        {"sensitivity", "personal"},
        {"subject_country", "ZZ"},
        {"verdict", "unregistered"},
        {"entry_id", ""},
        {"senders", CountedOf(3)},
        {"people", CountedOf(200)},
        {"findings", 400},
        {"bytes", 9000},
        {"flows", 3}}}};
}

Refusal ReasonOf(const Json& json) {
  const Message m = ReadMessage(json.dump());
  const auto* refused = std::get_if<Refused>(&m);
  return refused != nullptr ? refused->reason : Refusal::kNone;
}

Refusal ReasonWith(const std::string& pointer, const Json& value) {
  Json made = Good();
  made[Json::json_pointer("/sketch" + pointer)] = value;
  return ReasonOf(made);
}

TEST(Message, ReadsASketch) {
  const Message m = ReadMessage(Good().dump());
  const auto* s = std::get_if<SketchMessage>(&m);
  ASSERT_NE(s, nullptr);
  EXPECT_EQ(s->sensor, "site-1");
  EXPECT_EQ(s->begin.ns, 1'795'512'600 * kNanosPerSecond);
  EXPECT_EQ(s->collector, "c.example");
  EXPECT_EQ(s->address.ToString(), "2001:db8::1");
  EXPECT_EQ(s->people.low, 200);
  EXPECT_EQ(s->sequence, 7);
}

TEST(Message, KeyIsThatOfTheRowWhateverItCounts) {
  const auto key = [](const std::string& pointer, const Json& value) {
    Json made = Good();
    if (!pointer.empty()) made[Json::json_pointer("/sketch" + pointer)] = value;
    const Message m = ReadMessage(made.dump());
    return std::get<SketchMessage>(m).Key();
  };
  const std::string first = key("", {});
  EXPECT_EQ(first.size(), 36u);
  EXPECT_EQ(key("/revision", 4), first);
  EXPECT_EQ(key("/sequence", 4000), first);
  EXPECT_EQ(key("/people", CountedOf(20)), first);
  EXPECT_EQ(key("/bytes", 1), first);
  for (const auto& [pointer, value] :
       std::initializer_list<std::pair<std::string, Json>>{{"/sensor", "site-2"},
                                                           {"/epoch", 1},
                                                           {"/key_id", "00000000"},
                                                           {"/collector/id", "d.example"},
                                                           {"/collector/address", "2001:db8::2"},
                                                           {"/from/zone", "lab"},
                                                           {"/from/country", "SE"},
                                                           {"/data_class", "device"},
                                                           {"/type", "x"},
                                                           {"/subject_country", "NO"},
                                                           {"/verdict", "denied"},
                                                           {"/entry_id", "e"}}) {
    EXPECT_NE(key(pointer, value), first) << pointer;
  }
}

// Neighbours of a text that is too long, or of two that change places, must not be taken for each other.
TEST(Message, KeyKeepsFieldsApart) {
  Json a = Good(), b = Good();
  a["sketch"]["data_class"] = "ab";
  a["sketch"]["type"] = "c";
  b["sketch"]["data_class"] = "a";
  b["sketch"]["type"] = "bc";
  EXPECT_NE(std::get<SketchMessage>(ReadMessage(a.dump())).Key(), std::get<SketchMessage>(ReadMessage(b.dump())).Key());
}

TEST(Message, RefusesWithItsReason) {
  EXPECT_EQ(ReasonOf(Good()), Refusal::kNone);
  EXPECT_EQ(ReasonWith("/version", 2), Refusal::kUnknownVersion);
  EXPECT_EQ(ReasonWith("/version", nullptr), Refusal::kUnknownVersion);
  EXPECT_EQ(ReasonWith("/sensor", std::string(256, 'x')), Refusal::kBadField);
  EXPECT_EQ(ReasonWith("/sensor", "a\nb"), Refusal::kBadField);
  EXPECT_EQ(ReasonWith("/sequence", -1), Refusal::kBadField);
  EXPECT_EQ(ReasonWith("/sequence", 1.5), Refusal::kBadField);
  EXPECT_EQ(ReasonWith("/sequence", 18446744073709551615u), Refusal::kBadField);
  EXPECT_EQ(ReasonWith("/window/seconds", 599), Refusal::kBadField);
  EXPECT_EQ(ReasonWith("/window/begin", "2026-11-24T09:31:00Z"), Refusal::kBadField);
  EXPECT_EQ(ReasonWith("/collector/country", "us"), Refusal::kBadField);
  EXPECT_EQ(ReasonWith("/collector/address", "nowhere"), Refusal::kBadField);
  EXPECT_EQ(ReasonWith("/people", 7), Refusal::kBadField);
  EXPECT_EQ(ReasonWith("/people/hll", "118B40"), Refusal::kBadHll);
  EXPECT_EQ(ReasonWith("/people/hll", "128b7f"), Refusal::kBadHll);  // EXPLICIT: hashes
  EXPECT_EQ(ReasonWith("/people/hll", std::string(3000, '0')), Refusal::kBadHll);
  EXPECT_EQ(ReasonWith("/people/estimate", 100), Refusal::kContradiction);
  EXPECT_EQ(ReasonWith("/people/low", 201), Refusal::kContradiction);
  EXPECT_EQ(ReasonWith("/people/hll", "118b40"), Refusal::kContradiction);
  EXPECT_EQ(ReasonWith("/findings", 199), Refusal::kContradiction);
}

TEST(Message, RefusesWhatIsNoEvent) {
  const auto reason = [](std::string_view bytes) {
    const Message m = ReadMessage(bytes);
    const auto* refused = std::get_if<Refused>(&m);
    return refused != nullptr ? refused->reason : Refusal::kNone;
  };
  EXPECT_EQ(reason(""), Refusal::kBadJson);
  EXPECT_EQ(reason("{"), Refusal::kBadJson);
  EXPECT_EQ(reason("{\"event_type\":\"alert\",\"x\":\"\\u0000\"}"), Refusal::kBadJson);
  const std::string whole = R"({"event_type":"alert","timestamp":"2026-11-24T09:40:00.000000+0000"})";
  EXPECT_EQ(reason(whole + std::string(1, '\0')), Refusal::kBadJson);
  EXPECT_EQ(reason(whole + std::string(1, '\0') + "\xff"), Refusal::kBadJson);
  EXPECT_EQ(reason(std::string(60'000, '[')), Refusal::kBadJson);
  EXPECT_EQ(reason(std::string(33, '[') + std::string(33, ']')), Refusal::kBadJson);
  EXPECT_EQ(reason("\xff"), Refusal::kBadJson);
  EXPECT_EQ(reason(std::string(kMaxMessage + 1, ' ')), Refusal::kTooLong);
  EXPECT_EQ(reason("[]"), Refusal::kNoEvent);
  EXPECT_EQ(reason("{\"event_type\":\"alert\",\"timestamp\":\"now\"}"), Refusal::kBadField);
  EXPECT_EQ(reason("{\"event_type\":\"dns\"}"), Refusal::kNone);
}

// Cut anywhere, or one octet changed: an answer, and never a crash. What is cut is no JSON.
TEST(Message, SurvivesDamage) {
  const std::string good = Good().dump();
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_TRUE(std::holds_alternative<Refused>(ReadMessage(good.substr(0, size)))) << size;
  }
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x11);
    (void)ReadMessage(bad);
  }
}

TEST(Message, AlertKeepsItsOwnId) {
  const Message m = ReadMessage(R"({"event_type":"alert","host":"h","timestamp":"2026-11-24T09:40:00.000000+0000",)"
                                R"("alert":{"context":{"id":"01234567-89ab-8def-8123-456789abcdef"}}})");
  ASSERT_TRUE(std::holds_alternative<EventMessage>(m));
  EXPECT_EQ(std::get<EventMessage>(m).id, "01234567-89ab-8def-8123-456789abcdef");
  const std::string other = R"({"event_type":"stats","host":"h","timestamp":"2026-11-24T09:40:00.000000+0000"})";
  EXPECT_EQ(std::get<EventMessage>(ReadMessage(other)).id, std::get<EventMessage>(ReadMessage(other)).id);
}

TEST(Batch, WritesOneLineAMessageWhateverItHolds) {
  Batch batch;
  batch.push_back({"t", 1, 2, "a\tb\n\\\xff\x01", Refused{Refusal::kBadJson, "s\t", "d\n"}});
  batch.push_back({"t", 1, 3, Good().dump(), ReadMessage(Good().dump())});
  const CopyText text = ToCopyText(batch);
  EXPECT_EQ(text.refused, "t\t1\t2\tbad_json\ts\\\\x09\td\\\\x0a\ta\\\\x09b\\\\x0a\\\\\\\\xff\\\\x01\n");
  EXPECT_EQ(std::count(text.sketches.begin(), text.sketches.end(), '\n'), 1);
  const std::string columns = kSketchColumns;
  EXPECT_EQ(std::count(text.sketches.begin(), text.sketches.end(), '\t'),
            std::count(columns.begin(), columns.end(), ','));
  EXPECT_TRUE(text.events.empty());
}

TEST(LoaderCounters, NameEachReason) {
  LoaderCounters counters;
  counters.refused[static_cast<std::size_t>(Refusal::kBadHll)] = 3;
  const std::string text = RenderCounters(counters);
  EXPECT_NE(text.find("gander_fleet_loader_refused_total{reason=\"bad_hll\"} 3\n"), std::string::npos);
  EXPECT_NE(text.find("gander_fleet_loader_connected{to=\"database\"} 1\n"), std::string::npos);
}

}  // namespace
}  // namespace gander::fleet
