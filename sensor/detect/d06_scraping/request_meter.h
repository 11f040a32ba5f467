// SPDX-License-Identifier: Apache-2.0
// What a worker counts of requests in an epoch, for D06: which client asked which server for how many distinct records.
// Fixed memory; ids and credentials only as keyed hashes.
#ifndef GANDER_DETECT_D06_SCRAPING_REQUEST_METER_H_
#define GANDER_DETECT_D06_SCRAPING_REQUEST_METER_H_

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "detect/account/samples.h"
#include "detect/d06_scraping/request_ids.h"
#include "detect/detector.h"
#include "detect/state/epoch_table.h"

namespace gander::detect {

class RequestMeter final : public Meter {
 public:
  // Requests of one shape by one client to one server.
  struct Stream {
    IpAddress client;              // whom a trusted proxy names, else who opened the flow
    std::uint64_t credential = 0;  // keyed hash of what it proved itself with; 0 = nothing
    std::uint64_t agent = 0;       // keyed hash of the name its program gives itself
    IpAddress server;
    std::uint16_t server_port = 0;
    std::uint64_t shape = 0;

    std::uint64_t requests = 0;    // ids asked for, again and again counted
    std::uint64_t answers = 0, failed = 0;
    HostTag host = 0;
    const char* app_proto = "";
    policy::Party client_party, server_party;
    Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
    FlowSample sample;
  };
  // A record that a stream asked for, or the block of 64 in which its number lies.
  enum class Kind : std::uint8_t { kWord, kNumber, kBlock };
  struct Asked {
    std::uint32_t stream;
    Kind kind;
    std::uint64_t tag;
  };

  explicit RequestMeter(const Options& options);

  ObservationMask observes() const noexcept override { return MaskOf(Observation::kRequest); }
  void OnRequest(const FlowFacts& flow, const RequestSeen& request) noexcept override;
  void Merge(const Meter& other) override;
  void Clear() noexcept override;

  const std::vector<Stream>& streams() const noexcept { return streams_.entries(); }
  const std::vector<Asked>& asked() const noexcept { return asked_.entries(); }
  // Requests and ids for which a table had no room.
  std::uint64_t overflow() const noexcept { return overflow_; }

 private:
  enum class Room : std::uint8_t { kFixed, kGrow };
  static constexpr std::uint32_t kNone = EpochTable<Stream>::kNone;

  static bool Same(const Stream& a, const Stream& b) noexcept;
  std::uint64_t HashOf(const Stream& key) const noexcept;
  std::uint64_t HashOf(const Asked& key) const noexcept;
  std::uint64_t TagOf(Bytes text) const noexcept;
  std::uint32_t FindOrAdd(const Stream& key, Room room);
  bool AddAsked(const Asked& asked, Room room);

  RequestIds ids_;
  EpochTable<Stream> streams_;
  EpochTable<Asked> asked_;
  HashKey tag_key_;    // of all workers: what they hash alike is alike
  HashKey place_key_;  // of this process: places entries, appears in no result
  std::uint64_t overflow_ = 0;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D06_SCRAPING_REQUEST_METER_H_
