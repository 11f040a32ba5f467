// SPDX-License-Identifier: Apache-2.0
// Thresholds of the detectors; defaults and their reasons from DETECTION.md §3.
#ifndef GANDER_DETECT_OPTIONS_H_
#define GANDER_DETECT_OPTIONS_H_

#include <cstdint>

#include "base/hash.h"
#include "base/time.h"

namespace gander::detect {

struct Options {
  std::uint32_t exposure_internal_subjects = 10;  // D01: subjects an hour inside one zone
  std::uint32_t bulk_subjects = 100;              // D02
  std::uint32_t bulk_subjects_dense = 50;         // D02 with >= bulk_records_per_mb
  std::uint32_t bulk_records_per_mb = 25;
  std::uint32_t bulk_high = 500, bulk_critical = 10000;
  std::uint32_t bulk_session_s = 900;             // idle seconds that end a session bundle
  std::uint32_t collection_subjects_1h = 1000, collection_sources_1h = 20;    // D03
  std::uint32_t collection_subjects_24h = 5000, collection_sources_24h = 50;
  std::uint32_t collection_subjects_30d = 10000, collection_sources_30d = 50;
  std::uint32_t collection_subjects_year = 100000;  // of a domain, a system or a State
  std::uint32_t collection_foreign_subjects = 100, collection_foreign_sources = 5;
  double drop_ratio = 0.001, drop_ratio_high = 0.01;  // D19
  double gap_ratio = 0.01, one_way_ratio = 0.20, step_s = 1.0;
  // Thresholds of the detectors below: one struct each, in order.
  struct FanOut {  // D04, by sender and hour
    std::uint32_t people = 200, recipients = 10;
    std::uint32_t relay_recipients = 50;      // of who relays mail
    std::uint32_t people_a_recipient = 3;     // on average; below it is each one's own data
    double largest_share = 0.30;              // from here on one recipient holds so much that D02 speaks of it
  } fan_out;
  // D05
  struct LowAndSlow {
    std::uint32_t subjects = 200;                 // people in 30 days
    std::uint32_t sensitive_subjects = 50;        // the same of a sensitive class
    std::uint32_t active_days = 5;                // days on which some moved
  } slow;
  struct Scraping {  // D06, distinct records by client and service
    std::uint32_t ids_1h = 200, locality = 20;              // a walk: so many of each block of 64 ids
    std::uint32_t ids_dense_1h = 500, locality_dense = 4;   // a thin one
    std::uint32_t ids_volume_1h = 1000, volume_ratio = 20;  // so many times the median of the other clients
    std::uint32_t failed_ids = 100;                         // guessing, with
    double failed_share = 0.30;
    std::uint32_t ids_30d = 5000;
    std::uint32_t shared_ids_1h = 500;                      // a walk shared by clients anywhere
    double requests_an_id = 1.25;  // at most, for a shared walk: who works on a case comes back to it
  } scraping;
  struct CrossBorder {  // D07, by sending zone and recipient in 24 h
    std::uint32_t sensitive_people = 1;       // of a sensitive class, beyond chance
    std::uint32_t personal_people = 10;       // of a personal class or worse
    std::uint32_t contact_people = 100;       // of contact and device classes: what mail and telemetry always carry
    std::uint64_t opaque_bytes = 20'000'000;  // unreadable, in an hour
    std::uint32_t recipients_named = 4;       // of a zone in an hour; further ones are told together
  } cross_border;
  struct ForeignPull {  // D08, by foreign client, network and State in 24 h
    std::uint32_t people = 100, store_people = 10;
    std::uint32_t own_records = 3;            // a client at most reads of himself
    std::uint32_t shared_client = 20;         // people of a store up to which an address may be several customers
    std::uint64_t admin_bytes = 50'000'000;   // out of a record store by SSH, a database, file sharing ...
  } foreign_pull;
  struct DnsTunnel {                              // D09: octets that new names below one domain could carry
    std::uint32_t information_10min = 512, information_1h = 4096, information_24h = 20480, information_30d = 65536;
    std::uint32_t unknown_names = 8, names = 16;  // in 10 minutes: names the root does not know, and all
    std::uint32_t resolver_domains = 500;         // domains a day from which a client asks for others
    std::uint32_t learning_days = 7;              // before a domain can be new to the network
    std::uint32_t epoch_names = 16384;            // names a worker meters in one epoch
  } dns_tunnel;
  struct IcmpTunnel {                             // D10, of one pair of hosts
    std::uint32_t window_s = 300;
    std::uint32_t mismatches = 5;                 // answers that differ from their question
    std::uint32_t distinct_payloads = 20, sizes = 2;
    std::uint32_t payload_bytes = 16384;          // of payloads that do not repeat
    double entropy = 5.5;                         // bits an octet, scaled to what so short a payload can show
    std::uint32_t unsolicited = 20;               // answers beyond the questions
    std::uint32_t epoch_pairs = 4096;             // pairs a worker meters in one epoch
  } icmp_tunnel;
  struct Beacon {                                 // D11
    std::uint32_t intervals = 48, span_s = 14400;
    double score_a = 0.75, score_d = 0.85;        // either makes it regular (detect/d11_beacon/rhythm.h)
    std::uint32_t rare_clients = 5;               // or rare_share of all clients
    double rare_share = 0.02;
    std::uint32_t new_days = 30;
    std::uint32_t upload_bytes_24h = 1'000'000;   // with more out than in it need be neither rare nor new
  } beacon;
  struct Upload {                                 // D12: bytes out of one host that nobody could read
    std::uint64_t bytes_1h = 100'000'000;
    std::uint64_t bytes_crossing_1h = 20'000'000; // across a border and not registered
    std::uint32_t unknown_factor = 5;             // times those while the host has no past to compare with
    double ratio = 0.8;                           // producer-consumer ratio (out - in) / (out + in)
    std::uint32_t own_factor = 8,
                  own_factor_alone = 32;  // times its own 99th percentile; the second whatever the ratio
    std::uint32_t day_factor = 10, month_factor = 50;     // times the bytes of an hour, to a recipient new this month
    std::uint32_t history_hours = 24;             // complete hours from which a host has a past
  } upload;
  struct Covert {                                 // D13, out of one host
    double entropy = 7.2;  // bits an octet of a first payload, scaled to what its length can show
    std::uint64_t unknown_bytes_1h = 1'000'000;   // in protocols nobody knows that begin so
    std::uint64_t small_bytes_1h = 65536;         // in a protocol of few octets, or in stuffed fields
    std::uint64_t wrong_port_bytes = 1000;        // of a protocol where another belongs
    std::uint64_t odd_protocol_bytes = 4096;      // in IP protocols that hosts do not use
    std::uint32_t field_bytes = 2048;             // a longer field of a request is stuffed
    std::uint32_t epoch_openings = 16384;         // beginnings a worker meters in one epoch
  } covert;
  struct Secrets {                                // D14
    std::uint32_t critical = 50;                  // distinct secrets of a kind a day: a store was copied
    std::uint32_t epoch_logins = 4096;            // client, service and kind of login, of one worker and epoch
  } secrets;
  struct Devices {                                // D15, a day at one receiver that is not listed
    std::uint32_t devices_24h = 500;
    std::uint32_t profiles = 50;                  // devices with three kinds of identifiers each
    std::uint32_t located = 1000;                 // devices with their positions
  } devices;
  struct Plant {                                  // D16
    std::uint64_t bytes_24h = 1'000'000;          // out of an `ot` zone to one outside party
    std::uint32_t learning_s = 7 * 86'400;        // outside peers are learned for so long, from the first on
    std::uint32_t epoch_functions = 8192;         // client, server and function across zone edges, a worker and epoch
  } plant;
  struct RegisterRows {                           // D18
    std::uint32_t rows_1h = 20;                   // of a registered table, each known by two of its fields
  } rows;
  struct Repatriation {  // D20, by site and State in 30 days
    std::uint32_t people = 10000;
    std::uint64_t bytes = 10'000'000'000;     // instead of people, where so many of them were seen:
    std::uint32_t people_with_bytes = 100;
    double share = 0.80;                      // of what leaves the site
    std::uint32_t days = 3;                   // on which it moved: a copy made once is no flow
  } repatriation;
  struct Compliance {  // D21, by register entry in 24 h
    std::uint32_t uncertain_people = 5;       // where chance could explain each single one
    std::uint32_t third_state_people = 5, third_state_high = 50;
    std::uint32_t remind_days = 7;            // before an entry ends; 0 = never
    double meter_share = 0.80;                // of a tier of law, from which it is near; 1 = only when it is reached
  } compliance;
  struct Feed {                                   // D22
    std::uint32_t own_of_20 = 18;                 // packets in a tunnel that hold one of the own network
    std::uint32_t export_records = 1000;          // records of connections a day
    std::uint32_t cameras = 10;                   // own hosts that send media to one party, each so much an hour:
    std::uint64_t camera_bytes_1h = 100'000;
    std::uint32_t epoch_feeds = 512;              // tunnels and exports a worker meters in one epoch
  } feed;
  struct Census {                                 // D23
    double wave_share = 0.5;                      // of a fleet, turning to one update server in a day
    std::uint32_t fleet = 20;                     // a smaller one shows no wave
    std::uint32_t refused_clients = 5;            // turned away by one server in a day
    std::uint32_t versions = 16384;               // products and versions that are counted
    std::uint32_t epoch_names = 8192;             // hosts and programs, of one worker and epoch
  } census;
  std::uint32_t dedup_s = 900;                    // at most one notice a key in so many seconds
  std::uint32_t reraise_s = 86400;
  std::uint32_t max_keys = 500000;                // of one detector's tables
  std::uint64_t memory = std::uint64_t{1} << 30;  // bytes of all tables together (detect/state/memory_share.h)
  bool repeatable = true;                         // secret keys are the same in every process: captures; not a setting
  // Of what meters hash that must not be kept: one for all workers of a run. This one is for reading files, where the
  // same capture has to give the same events; a live run has its own.
  HashKey tag_key{0x6f66666c696e652dULL, 0x67616e6465722d32ULL};
  std::uint32_t min_packets = 1000;               // D19: a smaller sample proves nothing about loss
  std::uint32_t min_flows = 50;                   // D19: as above, for the share of one-way connections
  double truncated_ratio = 0.01;                  // D19: bytes cut by the snap length
  // What a worker holds of one epoch; beyond that findings are counted as overflow and D19 speaks.
  std::uint32_t epoch_paths = 16384;              // sender, recipient, host name, protocol
  std::uint32_t epoch_strands = 32768;            // path, rule, State of the people
  std::uint32_t epoch_tags = 262144;              // exact (strand, person) pairs
  std::uint32_t epoch_traffic = 65536;            // client, server, service and name, whatever was exchanged
  std::uint32_t epoch_requests = 8192;            // D06: client, credential, program, service and shape of request
  std::uint32_t epoch_ids = 65536;                // D06: records and blocks of records asked for by them
  std::uint32_t epoch_registers = 8192;           // strands with more than 256 people, 2 KiB each once used
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_OPTIONS_H_
