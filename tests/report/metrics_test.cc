// SPDX-License-Identifier: Apache-2.0
#include "report/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <set>
#include <sstream>

#include "report/metrics/listen_address.h"
#include "report/metrics/process_state.h"
#include "report/samples.h"

namespace gander::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using test::SampleState;
using test::SampleTransfer;

std::string Rendered(const RunState& state, std::uint32_t max_series = 20000) {
  return RenderMetrics(state, {"", max_series});
}

std::size_t SeriesOf(const std::string& text) {
  std::istringstream in(text);
  std::size_t n = 0;
  for (std::string line; std::getline(in, line);) n += !line.empty() && line[0] != '#' ? 1 : 0;
  return n;
}

TEST(Metrics, StateBecomesFamilies) {
  const std::string text = Rendered(SampleState());
  for (const char* line :
       {"# TYPE gander_capture_packets_total counter\ngander_capture_packets_total 12345\n",
        "gander_build_info{version=\"0.1.0\"} 1\n",
        "gander_ledger_bytes_total{category=\"encrypted\",reason=\"encrypted\"} 900000\n",
        "gander_ledger_bytes_total{category=\"lost\",reason=\"ring\"} 0\n", "gander_ledger_open_bytes 0\n",
        "gander_dropped_packets_total{stage=\"kernel\",reason=\"buffer_full\"} 0\n",
        "gander_findings_total{rule=\"no.fnr\",result=\"counted\"} 421\n",
        "gander_alerts_total{detector=\"D02\",severity=\"high\"} 1\n", "gander_app_flows_total{proto=\"tls\"} 12\n",
        "gander_industrial_functions_total{proto=\"modbus\",function=\"WrSingleCoil\",category=\"write\"} 3\n",
        "gander_transfer_bytes_total{class=\"national_id\",from_country=\"NO\",to_country=\"DE\",verdict="
        "\"unregistered\"} 12400000\n",
        "gander_transfer_subjects{class=\"national_id\",to_country=\"DE\",verdict=\"unregistered\"} 412\n",
        "gander_sink_info{sink=\"siem\",type=\"syslog\",layout=\"ocsf\"} 1\n",
        "gander_sink_lost_events_total{sink=\"siem\",reason=\"not_connected\",priority=\"low\"} 9\n",
        "gander_tcp_sessions_total 88\n", "gander_metric_series_dropped_total 0\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_EQ(text, Rendered(SampleState()));
}

TEST(Metrics, EveryPlaceOfLossHasAReason) {
  const std::string text = Rendered(test::LiveState());
  for (const char* line :
       {"gander_dropped_packets_total{stage=\"nic\",reason=\"missed\"} 7\n",
        "gander_dropped_packets_total{stage=\"nic\",reason=\"error\"} 17\n",
        "gander_dropped_packets_total{stage=\"driver\",reason=\"no_buffer\"} 11\n",
        "gander_dropped_packets_total{stage=\"kernel\",reason=\"buffer_full\"} 13\n",
        "gander_dropped_packets_total{stage=\"ring\",reason=\"full\"} 19\n",
        "gander_queue_packets_total{port=\"eth0\",queue=\"1\",worker=\"1\"} 6345\n",
        "gander_queue_dropped_packets_total{port=\"eth0\",queue=\"0\",reason=\"ring_full\"} 19\n",
        "gander_worker_handed_over_packets_total{worker=\"0\"} 40\n", "gander_worker_stalled{worker=\"1\"} 1\n",
        "gander_shed_level{worker=\"1\"} 2\n", "gander_shed_seconds_total 24\n", "gander_port_up{port=\"eth0\"} 1\n",
        "gander_port_up{port=\"eth1\"} 0\n", "gander_port_outages_total{port=\"eth1\",queue=\"0\"} 2\n",
        "gander_ledger_bytes_total{category=\"lost\",reason=\"shed\"} 0\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(Metrics, FewPeopleAreNeitherCountedNorLocated) {
  RunState s = SampleState();
  s.sinks.clear();  // has lost 9, too
  s.transfers = {SampleTransfer(policy::Verdict::kUnregistered, 9), SampleTransfer(policy::Verdict::kUnregistered, 9)};
  const std::string text = Rendered(s);
  EXPECT_THAT(text, HasSubstr("to_country=\"other\",verdict=\"unregistered\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("gander_transfer_subjects_suppressed 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("\"DE\"")));
  EXPECT_THAT(text, Not(HasSubstr("} 9\n")));
  s.transfers.push_back(SampleTransfer(policy::Verdict::kUnregistered, 10));
  EXPECT_THAT(Rendered(s), HasSubstr("to_country=\"DE\",verdict=\"unregistered\"} 28\n"));
}

TEST(Metrics, MovementsByZoneKindSensitivityAndEntry) {
  RunState s = SampleState();
  s.transfers[1].judged.sensitivity = identify::Sensitivity::kSensitive;
  s.transfers[1].encrypted = true;
  const std::string text = Rendered(s);
  for (const char* line :
       {"gander_zone_transfer_subjects{from_zone=\"wards\",to_zone=\"outside\",verdict=\"unregistered\"} 412\n",
        "gander_zone_transfer_bytes{from_zone=\"wards\",to_zone=\"outside\",verdict=\"registered\"} 88000\n",
        "gander_type_subjects{rule=\"no.fnr\"} 436\n", "gander_type_subjects{rule=\"email\"} 218\n",
        "gander_sensitivity_subjects{sensitivity=\"personal\",transport=\"clear\",verdict=\"unregistered\"} 412\n",
        "gander_sensitivity_subjects{sensitivity=\"sensitive\",transport=\"encrypted\",verdict=\"registered\"} 24\n",
        "gander_register_entry_subjects{entry=\"lab-billing\",verdict=\"registered\"} 24\n",
        "gander_register_entry_bytes{entry=\"lab-billing\",verdict=\"registered\"} 88000\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(Metrics, FewPeopleOfAZoneAreNeitherCountedNorLocated) {
  RunState s = SampleState();
  s.sinks.clear();  // has lost 9, too
  s.transfers = {SampleTransfer(policy::Verdict::kUnregistered, 9)};
  const std::string text = Rendered(s);
  EXPECT_THAT(text, HasSubstr("gander_zone_transfer_subjects{from_zone=\"other\",to_zone=\"other\","));
  EXPECT_THAT(text, Not(HasSubstr("wards")));
  EXPECT_THAT(text, HasSubstr("gander_type_subjects{rule=\"no.fnr\"} 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("} 9\n")));
}

TEST(Metrics, UpkeepIsOfALiveRunAndWhatNeverWasHasNoMoment) {
  EXPECT_THAT(Rendered(SampleState()), Not(HasSubstr("gander_epoch")));
  RunState s = test::LiveState();
  const std::string text = Rendered(s);
  for (const char* line :
       {"gander_rules_loaded_timestamp_seconds 1795512600\n", "gander_register_entries{state=\"permitting\"} 3\n",
        "gander_register_next_end_timestamp_seconds 1803513600\n",
        "gander_snapshot_writes_total{result=\"failure\"} 1\n",
        "gander_epoch_end_timestamp_seconds 1795512672\n", "gander_epochs_total 15\n",
        "gander_epoch_judging_seconds_total 0.75\n", "gander_evidence_records_total{result=\"written\"} 40\n",
        "gander_evidence_records_total{result=\"lost\"} 2\n", "gander_evidence_write_failures_total 3\n",
        "gander_evidence_checkpoints_total 5\n", "gander_evidence_bytes 500000\n",
        "gander_evidence_last_checkpoint_timestamp_seconds 1795512670\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  s.upkeep = {};
  s.supervision.last_death = {};
  EXPECT_THAT(Rendered(s), Not(HasSubstr("timestamp_seconds 0")));
}

TEST(Metrics, DeathsAreCountedByCauseWhereSomebodyWatches) {
  RunState s = test::LiveState();
  const std::string text = Rendered(s);
  for (const char* line : {"gander_restarts_total{cause=\"crash\"} 2\n", "gander_restarts_total{cause=\"killed\"} 0\n",
                           "gander_last_death_timestamp_seconds 1795512630\n", "gander_poison_flows 1\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  s.supervision = {};
  EXPECT_THAT(Rendered(s), Not(HasSubstr("gander_restarts_total")));
}

TEST(Metrics, TheProcessTellsOfItselfWhatItKnows) {
  const std::string without = RenderMetrics(SampleState(), {});
  EXPECT_THAT(without, Not(HasSubstr("process_")));
  const ProcessState here = ProcessFile().Read();
  ASSERT_TRUE(here.known);
  EXPECT_GT(here.resident_bytes, 1e6);
  EXPECT_LT(here.resident_bytes, here.virtual_bytes);
  const double now = static_cast<double>(std::time(nullptr));
  EXPECT_LE(here.start_s, now + 1);
  EXPECT_GT(here.start_s, now - 86'400);
  ProcessState unknown;
  EXPECT_EQ(RenderMetrics(SampleState(), {}, &unknown), without);
  unknown.certificate_ends_s = 1'803'513'600;
  EXPECT_THAT(RenderMetrics(SampleState(), {}, &unknown),
              HasSubstr("gander_endpoint_certificate_end_timestamp_seconds 1803513600\n"));
}

TEST(Metrics, NoAddressDomainOrSourceIsALabel) {
  const std::string text = Rendered(SampleState());
  for (const char* secret : {"10.20.4.8", "203.0.113.9", "collector.example", "demo.pcap", "DPA-2291"}) {
    EXPECT_THAT(text, Not(HasSubstr(secret)));
  }
}

TEST(Metrics, AFloodOfLabelsIsFoldedAndCounted) {
  RunState s = SampleState();
  double all = 0;
  for (int i = 0; i < 40'000; ++i) {
    s.findings[{"rule" + std::to_string(i), "counted"}] = 1 + i % 7;
    all += 1 + i % 7;
  }
  all += 421 + 300 + 3;
  const std::string text = Rendered(s, 300);
  EXPECT_LE(SeriesOf(text), 301u);
  EXPECT_THAT(text, HasSubstr("gander_findings_total{rule=\"other\",result=\"other\"}"));
  EXPECT_THAT(text, Not(HasSubstr("gander_metric_series_dropped_total 0\n")));
  EXPECT_THAT(text, HasSubstr("gander_workers 2\n")) << "small families keep their place";
  double sum = 0;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("gander_findings_total{")) sum += std::stod(line.substr(line.rfind(' ')));
  }
  EXPECT_EQ(sum, all);
  EXPECT_LE(SeriesOf(Rendered(s)), 5'200u) << "one family alone stays under its own cap";
}

TEST(Metrics, AFloodOfEveryFamilyStaysUnderTheStatedMaximum) {
  RunState s = test::LiveState();
  for (int i = 0; i < 8'000; ++i) {
    const std::string n = std::to_string(i);
    s.findings[{"rule" + n, "counted"}] = 1;
    s.app_flows["protocol" + n] = 1;
    s.functions[{"protocol", "function" + n, "write"}] = 1;
    s.alerts[{"detector" + n, "high"}] = 1;
    detect::TransferSummary t = SampleTransfer();
    t.data_class = "class" + n;
    t.entry_id = "entry" + n;
    t.types[0].id = "type" + n;
    t.from.zone = static_cast<policy::ZoneId>(i);
    s.zone_names.push_back("zone" + n);
    s.transfers.push_back(std::move(t));
  }
  const std::string text = Rendered(s);
  EXPECT_LE(SeriesOf(text), 20'001u) << "and the count of what was folded";
  for (const char* family : {"gander_findings_total", "gander_alerts_total", "gander_zone_transfer_subjects"}) {
    EXPECT_THAT(text, HasSubstr(std::string("# TYPE ") + family));
  }
}

TEST(Metrics, RoomCountersNeverHideAFamily) {
  RunState s = SampleState();
  s.counters = {{"capture", "packets", "Packets in the room's own words", 7}};
  const std::string text = Rendered(s);
  EXPECT_THAT(text, HasSubstr("gander_capture_packets_total 12345\n"));
  EXPECT_THAT(text, HasSubstr("gander_room_capture_packets_total 7\n"));
}

TEST(ListenAddress, ReadsWhatPeopleWrite) {
  EXPECT_EQ(ParseListenAddress("127.0.0.1:9944")->ToString(), "127.0.0.1:9944");
  EXPECT_EQ(ParseListenAddress("[::1]:1")->ToString(), "[::1]:1");
  EXPECT_EQ(ParseListenAddress("localhost:80")->ToString(), "127.0.0.1:80");
  EXPECT_EQ(ParseListenAddress(":9944")->ToString(), "127.0.0.1:9944") << "loopback unless said otherwise";
  EXPECT_EQ(ParseListenAddress("9944")->ToString(), "127.0.0.1:9944");
  for (const char* bad : {"", "x", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "1.2.3.4:-1", "::1:80",
                          "host.example:80", "127.0.0.1:80 ", "[::1:80", "127.0.0.1:0x50"}) {
    const auto address = ParseListenAddress(bad);
    ASSERT_FALSE(address) << bad;
    EXPECT_FALSE(address.error().remedy.empty());
  }
}

}  // namespace
}  // namespace gander::report
