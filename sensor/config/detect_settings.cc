// SPDX-License-Identifier: Apache-2.0
#include "config/detect_settings.h"

namespace gander::config {
namespace {

constexpr std::uint64_t kDay = 86400;

}  // namespace

void AddJudgement(std::vector<Setting>& t) {
  t.push_back(Text("policy.file", "zones and transfer register", GANDER_AT(policy_file), true));
  t.push_back(Integer("detect.exposure.internal_subjects", "D01: people an hour inside one zone", 1, 1000000,
                      GANDER_AT(detect.exposure_internal_subjects)));
  t.push_back(Integer("detect.bulk.subjects", "D02: people in one session", 1, 100000000,
                      GANDER_AT(detect.bulk_subjects)));
  t.push_back(Integer("detect.bulk.subjects_dense", "D02: people in one session of dense records", 1, 100000000,
                      GANDER_AT(detect.bulk_subjects_dense)));
  t.push_back(Integer("detect.bulk.records_per_mb", "D02: what dense means", 1, 1000000,
                      GANDER_AT(detect.bulk_records_per_mb)));
  t.push_back(Integer("detect.bulk.high", "D02: people from which it is high", 1, 100000000,
                      GANDER_AT(detect.bulk_high)));
  t.push_back(Integer("detect.bulk.critical", "D02: people from which it is critical", 1, 1000000000,
                      GANDER_AT(detect.bulk_critical)));
  t.push_back(Integer("detect.bulk.session_s", "D02: idle seconds that end a session", 1, kDay,
                      GANDER_AT(detect.bulk_session_s)));
  t.push_back(Integer("detect.collection.subjects_1h", "D03: people an hour at one collector", 1, 100000000,
                      GANDER_AT(detect.collection_subjects_1h)));
  t.push_back(Integer("detect.collection.sources_1h", "D03: senders an hour", 1, 1000000,
                      GANDER_AT(detect.collection_sources_1h)));
  t.push_back(Integer("detect.collection.subjects_24h", "D03: people a day at one collector", 1, 100000000,
                      GANDER_AT(detect.collection_subjects_24h)));
  t.push_back(Integer("detect.collection.sources_24h", "D03: senders a day", 1, 1000000,
                      GANDER_AT(detect.collection_sources_24h)));
  t.push_back(Integer("detect.collection.subjects_30d", "D03: people in 30 days at one collector", 1, 100000000,
                      GANDER_AT(detect.collection_subjects_30d)));
  t.push_back(Integer("detect.collection.sources_30d", "D03: senders in 30 days", 1, 1000000,
                      GANDER_AT(detect.collection_sources_30d)));
  t.push_back(Integer("detect.collection.subjects_year", "D03: people in a year at one domain or system", 1, 1000000000,
                      GANDER_AT(detect.collection_subjects_year)));
  t.push_back(Integer("detect.collection.foreign_subjects", "D03: people of one other State", 1, 100000000,
                      GANDER_AT(detect.collection_foreign_subjects)));
  t.push_back(Integer("detect.collection.foreign_sources", "D03: senders of them", 1, 1000000,
                      GANDER_AT(detect.collection_foreign_sources)));
  t.push_back(Ratio("detect.blind.drop_ratio", "D19: lost packets", GANDER_AT(detect.drop_ratio)));
  t.push_back(Ratio("detect.blind.drop_ratio_high", "D19: lost packets, high", GANDER_AT(detect.drop_ratio_high)));
  t.push_back(Ratio("detect.blind.gap_ratio", "D19: bytes missing in streams", GANDER_AT(detect.gap_ratio)));
  t.push_back(Ratio("detect.blind.one_way_ratio", "D19: flows seen from one side", GANDER_AT(detect.one_way_ratio)));
  t.push_back(Integer("detect.dedup_s", "at most one notice of the same thing", 0, kDay, GANDER_AT(detect.dedup_s)));
  t.push_back(Integer("detect.reraise_s", "an active alert is raised again", 60, 30 * kDay,
                      GANDER_AT(detect.reraise_s)));
  t.push_back(Integer("detect.min_packets", "D19: a smaller sample proves nothing about loss", 1, 1000000000,
                      GANDER_AT(detect.min_packets)));
  t.push_back(Integer("detect.min_flows", "D19: as above, for flows seen from one side", 1, 1000000000,
                      GANDER_AT(detect.min_flows)));
  t.push_back(Ratio("detect.blind.truncated_ratio", "D19: bytes cut by the snap length",
                    GANDER_AT(detect.truncated_ratio)));
  t.push_back(Integer("detect.epoch_paths", "sender and recipient pairs a worker meters in one epoch", 1000, 16000000,
                      GANDER_AT(detect.epoch_paths)));
  t.push_back(Integer("detect.epoch_strands", "kinds of identifiers on those paths", 1000, 16000000,
                      GANDER_AT(detect.epoch_strands)));
  t.push_back(Integer("detect.epoch_tags", "people counted exactly in one epoch", 1000, 64000000,
                      GANDER_AT(detect.epoch_tags)));
  t.push_back(Integer("detect.epoch_traffic", "clients, servers and services a worker meters in one epoch", 1000,
                      16000000, GANDER_AT(detect.epoch_traffic)));
  t.push_back(Integer("detect.epoch_requests", "D06: clients, services and shapes of requests in one epoch",
                      100, 16000000, GANDER_AT(detect.epoch_requests)));
  t.push_back(Integer("detect.epoch_ids", "D06: records they ask for in one epoch", 1000, 64000000,
                      GANDER_AT(detect.epoch_ids)));
  t.push_back(Integer("detect.epoch_registers", "paths with more than 256 people in one epoch, 2 KiB each", 16, 1000000,
                      GANDER_AT(detect.epoch_registers)));
  // Thresholds of D04 and what follows stand in the order of the detectors.
  t.push_back(Integer("detect.fan_out.people", "D04: people an hour from one sender", 1, 100000000,
                      GANDER_AT(detect.fan_out.people)));
  t.push_back(Integer("detect.fan_out.recipients", "D04: recipients an hour of one sender", 2, 1000000,
                      GANDER_AT(detect.fan_out.recipients)));
  t.push_back(Integer("detect.fan_out.relay_recipients", "D04: recipient domains an hour of who relays mail",
                      2, 1000000, GANDER_AT(detect.fan_out.relay_recipients)));
  t.push_back(Integer("detect.fan_out.people_a_recipient", "D04: people a recipient; fewer are each one's own",
                      1, 1000000, GANDER_AT(detect.fan_out.people_a_recipient)));
  t.push_back(Ratio("detect.fan_out.largest_share", "D04: of one recipient, from which on nothing is scattered",
                    GANDER_AT(detect.fan_out.largest_share)));
  // D05
  t.push_back(Integer("detect.slow.subjects", "D05: people in 30 days from one sender to one collector", 1, 100000000,
                      GANDER_AT(detect.slow.subjects)));
  t.push_back(Integer("detect.slow.sensitive_subjects", "D05: the same of a sensitive class", 1, 100000000,
                      GANDER_AT(detect.slow.sensitive_subjects)));
  t.push_back(Integer("detect.slow.active_days", "D05: days on which some of them moved", 1, 30,
                      GANDER_AT(detect.slow.active_days)));
  t.push_back(Integer("detect.scraping.ids_1h", "D06: records an hour of a walk", 10, 100000000,
                      GANDER_AT(detect.scraping.ids_1h)));
  t.push_back(Integer("detect.scraping.locality", "D06: of each block of 64 ids in a walk", 1, 64,
                      GANDER_AT(detect.scraping.locality)));
  t.push_back(Integer("detect.scraping.ids_dense_1h", "D06: records an hour of a thin walk", 10, 100000000,
                      GANDER_AT(detect.scraping.ids_dense_1h)));
  t.push_back(Integer("detect.scraping.locality_dense", "D06: of each block of 64 ids in a thin walk", 1, 64,
                      GANDER_AT(detect.scraping.locality_dense)));
  t.push_back(Integer("detect.scraping.ids_volume_1h", "D06: records an hour in whatever order", 10, 100000000,
                      GANDER_AT(detect.scraping.ids_volume_1h)));
  t.push_back(Integer("detect.scraping.volume_ratio", "D06: as above, times the median of other clients", 1, 1000000,
                      GANDER_AT(detect.scraping.volume_ratio)));
  t.push_back(Integer("detect.scraping.failed_ids", "D06: records an hour where many answers fail", 10, 100000000,
                      GANDER_AT(detect.scraping.failed_ids)));
  t.push_back(Ratio("detect.scraping.failed_share", "D06: what many failing answers means",
                    GANDER_AT(detect.scraping.failed_share)));
  t.push_back(Integer("detect.scraping.ids_30d", "D06: records of one client in 30 days", 10, 1000000000,
                      GANDER_AT(detect.scraping.ids_30d)));
  t.push_back(Integer("detect.scraping.shared_ids_1h", "D06: records an hour of a walk that many share",
                      10, 100000000, GANDER_AT(detect.scraping.shared_ids_1h)));
  t.push_back(Integer("detect.cross_border.sensitive_people", "D07: people of a sensitive class a day", 1, 100000000,
                      GANDER_AT(detect.cross_border.sensitive_people)));
  t.push_back(Integer("detect.cross_border.personal_people", "D07: people of a personal class a day", 1, 100000000,
                      GANDER_AT(detect.cross_border.personal_people)));
  t.push_back(Integer("detect.cross_border.contact_people", "D07: people of contact and device classes a day",
                      1, 100000000, GANDER_AT(detect.cross_border.contact_people)));
  t.push_back(Size("detect.cross_border.opaque_bytes", "D07: unreadable bytes an hour", 1, 1ULL << 50,
                   GANDER_AT(detect.cross_border.opaque_bytes)));
  t.push_back(Integer("detect.cross_border.recipients_named", "D07: recipients of a zone named singly in an hour",
                      1, 1000, GANDER_AT(detect.cross_border.recipients_named)));
  t.push_back(Integer("detect.foreign_pull.people", "D08: people a day fetched from another State", 1, 100000000,
                      GANDER_AT(detect.foreign_pull.people)));
  t.push_back(Integer("detect.foreign_pull.store_people", "D08: as above, from a record store", 1, 100000000,
                      GANDER_AT(detect.foreign_pull.store_people)));
  t.push_back(Integer("detect.foreign_pull.own_records", "D08: people a client at most reads of himself", 1, 1000,
                      GANDER_AT(detect.foreign_pull.own_records)));
  t.push_back(Integer("detect.foreign_pull.shared_client", "D08: people at one address that may be customers",
                      1, 100000, GANDER_AT(detect.foreign_pull.shared_client)));
  t.push_back(Size("detect.foreign_pull.admin_bytes", "D08: bytes a day out of a store by administration",
                   1, 1ULL << 50, GANDER_AT(detect.foreign_pull.admin_bytes)));
  t.push_back(Integer("detect.dns_tunnel.information_10min", "D09: bytes that new names of one domain could carry", 64,
                      1000000000, GANDER_AT(detect.dns_tunnel.information_10min)));
  t.push_back(Integer("detect.dns_tunnel.information_1h", "D09: the same in an hour", 64, 1000000000,
                      GANDER_AT(detect.dns_tunnel.information_1h)));
  t.push_back(Integer("detect.dns_tunnel.information_24h", "D09: the same in a day", 64, 1000000000,
                      GANDER_AT(detect.dns_tunnel.information_24h)));
  t.push_back(Integer("detect.dns_tunnel.information_30d", "D09: the same in 30 days", 64, 1000000000,
                      GANDER_AT(detect.dns_tunnel.information_30d)));
  t.push_back(Integer("detect.dns_tunnel.unknown_names", "D09: names in 10 minutes whose last label nobody registered",
                      2, 1000000, GANDER_AT(detect.dns_tunnel.unknown_names)));
  t.push_back(Integer("detect.dns_tunnel.names", "D09: names among which those must be", 2, 1000000,
                      GANDER_AT(detect.dns_tunnel.names)));
  t.push_back(Integer("detect.dns_tunnel.resolver_domains", "D09: domains a day of who asks for others", 10, 1000000,
                      GANDER_AT(detect.dns_tunnel.resolver_domains)));
  t.push_back(Integer("detect.dns_tunnel.learning_days", "D09: days before a domain can be new", 0, 365,
                      GANDER_AT(detect.dns_tunnel.learning_days)));
  t.push_back(Integer("detect.dns_tunnel.epoch_names", "D09: names a worker meters in one epoch", 256, 4000000,
                      GANDER_AT(detect.dns_tunnel.epoch_names)));
  t.push_back(Integer("detect.icmp_tunnel.window_s", "D10: seconds over which a pair of hosts is judged", 30, kDay,
                      GANDER_AT(detect.icmp_tunnel.window_s)));
  t.push_back(Integer("detect.icmp_tunnel.mismatches", "D10: answers that differ from their question", 1, 1000000,
                      GANDER_AT(detect.icmp_tunnel.mismatches)));
  t.push_back(Integer("detect.icmp_tunnel.distinct_payloads", "D10: different payloads", 6, 1000000,
                      GANDER_AT(detect.icmp_tunnel.distinct_payloads)));
  t.push_back(Integer("detect.icmp_tunnel.sizes", "D10: sizes that those must have", 1, 64,
                      GANDER_AT(detect.icmp_tunnel.sizes)));
  t.push_back(Integer("detect.icmp_tunnel.payload_bytes", "D10: bytes in payloads that do not repeat", 64, 1000000000,
                      GANDER_AT(detect.icmp_tunnel.payload_bytes)));
  t.push_back(Integer("detect.icmp_tunnel.unsolicited", "D10: answers beyond the questions", 1, 1000000,
                      GANDER_AT(detect.icmp_tunnel.unsolicited)));
  t.push_back(Integer("detect.icmp_tunnel.epoch_pairs", "D10: pairs of hosts a worker meters in one epoch", 64, 1000000,
                      GANDER_AT(detect.icmp_tunnel.epoch_pairs)));
  t.push_back(Integer("detect.beacon.intervals", "D11: intervals from which a rhythm is judged", 8, 512,
                      GANDER_AT(detect.beacon.intervals)));
  t.push_back(Integer("detect.beacon.span_s", "D11: seconds over which they must be spread", 60, 30 * kDay,
                      GANDER_AT(detect.beacon.span_s)));
  t.push_back(
      Ratio("detect.beacon.score_a", "D11: regularity by the spread of intervals", GANDER_AT(detect.beacon.score_a)));
  t.push_back(Ratio("detect.beacon.score_d", "D11: share of beats that fit", GANDER_AT(detect.beacon.score_d)));
  t.push_back(Integer("detect.beacon.rare_clients", "D11: clients up to which a recipient is rare", 1, 1000000,
                      GANDER_AT(detect.beacon.rare_clients)));
  t.push_back(
      Ratio("detect.beacon.rare_share", "D11: the same as a share of all", GANDER_AT(detect.beacon.rare_share)));
  t.push_back(Integer("detect.beacon.new_days", "D11: days for which a recipient is new", 1, 365,
                      GANDER_AT(detect.beacon.new_days)));
  t.push_back(Integer("detect.beacon.upload_bytes_24h", "D11: bytes a day out that make rarity needless", 1000,
                      4000000000, GANDER_AT(detect.beacon.upload_bytes_24h)));
  t.push_back(Integer("detect.upload.bytes_1h", "D12: bytes an hour to one recipient that nobody could read", 1000,
                      1000000000000, GANDER_AT(detect.upload.bytes_1h)));
  t.push_back(Integer("detect.upload.bytes_crossing_1h", "D12: the same across a border and not registered", 1000,
                      1000000000000, GANDER_AT(detect.upload.bytes_crossing_1h)));
  t.push_back(Integer("detect.upload.unknown_factor", "D12: times as much of a host without a past", 1, 1000,
                      GANDER_AT(detect.upload.unknown_factor)));
  t.push_back(Ratio("detect.upload.ratio", "D12: producer-consumer ratio", GANDER_AT(detect.upload.ratio)));
  t.push_back(Integer("detect.upload.own_factor", "D12: times what the host ever sends in an hour", 1, 1000000,
                      GANDER_AT(detect.upload.own_factor)));
  t.push_back(Integer("detect.upload.own_factor_alone", "D12: the same whatever the ratio", 1, 1000000,
                      GANDER_AT(detect.upload.own_factor_alone)));
  t.push_back(Integer("detect.upload.day_factor", "D12: times the bytes of an hour, in a day", 1, 1000000,
                      GANDER_AT(detect.upload.day_factor)));
  t.push_back(Integer("detect.upload.month_factor", "D12: times the bytes of an hour, in 30 days", 1, 1000000,
                      GANDER_AT(detect.upload.month_factor)));
  t.push_back(Integer("detect.upload.history_hours", "D12: hours from which a host has a past to compare with", 1, 336,
                      GANDER_AT(detect.upload.history_hours)));
  t.push_back(Integer("detect.covert.unknown_bytes_1h", "D13: bytes an hour in protocols nobody knows", 1000,
                      1000000000000, GANDER_AT(detect.covert.unknown_bytes_1h)));
  t.push_back(Integer("detect.covert.small_bytes_1h", "D13: bytes an hour in protocols of few octets", 1000,
                      1000000000000, GANDER_AT(detect.covert.small_bytes_1h)));
  t.push_back(Integer("detect.covert.wrong_port_bytes", "D13: bytes of a protocol where another belongs", 1,
                      1000000000000, GANDER_AT(detect.covert.wrong_port_bytes)));
  t.push_back(Integer("detect.covert.odd_protocol_bytes", "D13: bytes an hour in unusual IP protocols", 1,
                      1000000000000, GANDER_AT(detect.covert.odd_protocol_bytes)));
  t.push_back(Integer("detect.covert.field_bytes", "D13: a longer field of a request is stuffed", 256, 1048576,
                      GANDER_AT(detect.covert.field_bytes)));
  t.push_back(Integer("detect.covert.epoch_openings", "D13: beginnings of flows a worker meters in one epoch", 256,
                      4000000, GANDER_AT(detect.covert.epoch_openings)));
  t.push_back(Integer("detect.secrets.critical", "D14: distinct secrets of a kind a day from which it is critical", 1,
                      256, GANDER_AT(detect.secrets.critical)));
  t.push_back(Integer("detect.secrets.epoch_logins",
                      "D14: clients, services and kinds of login a worker meters in one epoch", 64, 1000000,
                      GANDER_AT(detect.secrets.epoch_logins)));
  t.push_back(Integer("detect.devices.devices_24h", "D15: devices a day at one receiver", 1, 100000000,
                      GANDER_AT(detect.devices.devices_24h)));
  t.push_back(Integer("detect.devices.profiles", "D15: devices with three kinds of identifiers", 1, 100000000,
                      GANDER_AT(detect.devices.profiles)));
  t.push_back(Integer("detect.devices.located", "D15: devices with their positions", 1, 100000000,
                      GANDER_AT(detect.devices.located)));
  t.push_back(Integer("detect.plant.bytes_24h", "D16: bytes a day out of an ot zone to one outside party", 1,
                      1'000'000'000'000, GANDER_AT(detect.plant.bytes_24h)));
  t.push_back(Integer("detect.plant.learning_s", "D16: seconds for which outside peers of ot zones are learned", 0,
                      90 * kDay, GANDER_AT(detect.plant.learning_s)));
  t.push_back(Integer("detect.plant.epoch_functions",
                      "D16: clients, servers and functions a worker meters in one epoch", 64, 1000000,
                      GANDER_AT(detect.plant.epoch_functions)));
  t.push_back(Integer("detect.rows.rows_1h", "D18: rows of a registered table an hour", 1, 100000000,
                      GANDER_AT(detect.rows.rows_1h)));
  t.push_back(Integer("detect.repatriation.people", "D20: people from a site to one State in 30 days", 1, 1000000000,
                      GANDER_AT(detect.repatriation.people)));
  t.push_back(Size("detect.repatriation.bytes", "D20: bytes instead of people", 1, 1ULL << 60,
                   GANDER_AT(detect.repatriation.bytes)));
  t.push_back(Integer("detect.repatriation.people_with_bytes", "D20: people seen among so many bytes", 1, 1000000000,
                      GANDER_AT(detect.repatriation.people_with_bytes)));
  t.push_back(Ratio("detect.repatriation.share", "D20: of what leaves the site",
                    GANDER_AT(detect.repatriation.share)));
  t.push_back(Integer("detect.repatriation.days", "D20: days on which it moved", 1, 30,
                      GANDER_AT(detect.repatriation.days)));
  t.push_back(Integer("detect.compliance.uncertain_people", "D21: people a day where chance could explain each",
                      1, 1000000, GANDER_AT(detect.compliance.uncertain_people)));
  t.push_back(Integer("detect.compliance.third_state_people", "D21: people a day of States an entry does not name",
                      1, 1000000, GANDER_AT(detect.compliance.third_state_people)));
  t.push_back(Integer("detect.compliance.third_state_high", "D21: as above, from which on it is high", 1, 100000000,
                      GANDER_AT(detect.compliance.third_state_high)));
  t.push_back(Integer("detect.compliance.remind_days", "D21: days before its end in which it is told; 0 = never",
                      0, 400, GANDER_AT(detect.compliance.remind_days)));
  t.push_back(Ratio("detect.compliance.meter_share", "D21: of a tier of law, from which it is told that it is near",
                    GANDER_AT(detect.compliance.meter_share)));
  t.push_back(Integer("detect.feed.own_of_20", "D22: of 20 packets in a tunnel those that hold one of the own network",
                      1, 20, GANDER_AT(detect.feed.own_of_20)));
  t.push_back(Integer("detect.feed.export_records", "D22: records of connections a day", 1, 1000000000,
                      GANDER_AT(detect.feed.export_records)));
  t.push_back(Integer("detect.feed.cameras", "D22: own hosts that send media to one party", 2, 1000000,
                      GANDER_AT(detect.feed.cameras)));
  t.push_back(Integer("detect.feed.camera_bytes_1h", "D22: bytes an hour that each of them sends", 1, 1000000000000,
                      GANDER_AT(detect.feed.camera_bytes_1h)));
  t.push_back(Integer("detect.feed.epoch_feeds", "D22: tunnels and exports a worker meters in one epoch", 16, 1000000,
                      GANDER_AT(detect.feed.epoch_feeds)));
  t.push_back(Ratio("detect.census.wave_share", "D23: share of a fleet at one update server in a day",
                    GANDER_AT(detect.census.wave_share)));
  t.push_back(Integer("detect.census.fleet", "D23: hosts of the smallest fleet that shows a wave", 2, 1000000,
                      GANDER_AT(detect.census.fleet)));
  t.push_back(Integer("detect.census.refused_clients", "D23: clients a day turned away by one server", 1, 1000000,
                      GANDER_AT(detect.census.refused_clients)));
  t.push_back(Integer("detect.census.versions", "D23: products and versions that are counted", 64, 10000000,
                      GANDER_AT(detect.census.versions)));
  t.push_back(Integer("detect.census.epoch_names", "D23: hosts and programs a worker meters in one epoch", 64, 1000000,
                      GANDER_AT(detect.census.epoch_names)));
  t.push_back(Size("detect.memory", "tables of all detectors together; what arrives beyond displaces the lightest",
                   16 * kMiB, 256 * kGiB, GANDER_AT(detect.memory)));
  t.push_back(Text("detect.suppress", "file of alerts that are not told of, each with its end and reason; empty = none",
                   GANDER_AT(suppress_file), true));
  t.push_back(Text("detect.acknowledgements", "file of alerts acknowledged by `gander ctl ack`; empty = they end with the run",
                   GANDER_AT(acknowledgements_file), true));
  t.push_back(Text("detect.snapshot.file", "detectors' state over a restart, encrypted; empty = it dies with the run",
                   GANDER_AT(snapshot.file), true));
  t.push_back(Text("detect.snapshot.key_file", "its key, mode 0600, made at first use; keep it apart from the snapshot",
                   GANDER_AT(snapshot.key_file), true));
  t.push_back(Integer("detect.snapshot.interval_s", "packet time between two snapshots", 1, kDay,
                      GANDER_AT(snapshot.interval_s)));
  t.push_back(Integer("detect.max_keys", "keys of one detector", 1000, 10000000, GANDER_AT(detect.max_keys)));
}

}  // namespace gander::config
