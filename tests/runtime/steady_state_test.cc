// SPDX-License-Identifier: Apache-2.0
// Calls of the global operator new while a worker reads more of what it already knows.
#include <atomic>
#include <cstdlib>
#include <new>

#include "runtime/replay.h"
#include "runtime/traffic.h"
#include "runtime/wear.h"
#include "runtime/worker.h"

namespace {

std::atomic<std::uint64_t> allocations{0};

void* Counted(std::size_t size, std::size_t alignment) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
  void* p = alignment <= alignof(std::max_align_t) ? std::malloc(size != 0 ? size : 1)
                                                   : std::aligned_alloc(alignment, rounded);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

}  // namespace

// All forms in use: a sanitizer brings its own of those that are not replaced.
void* operator new(std::size_t size) { return Counted(size, 1); }
void* operator new[](std::size_t size) { return Counted(size, 1); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return Counted(size, 1); }
void* operator new(std::size_t size, std::align_val_t a) {
  return Counted(size, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t size, std::align_val_t a) {
  return Counted(size, static_cast<std::size_t>(a));
}
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace gander::runtime {
namespace {

constexpr HashKey kKey{1, 2};
constexpr int kConnections = 16, kWarmUp = 10, kMeasured = 200, kConnectionsARound = 100;

// Kept-alive connections: frames of round r are one request and its answer on each. Times go on as they must.
class KeptAlive {
 public:
  KeptAlive() {
    for (int i = 0; i < kConnections; ++i) {
      const std::string client = "10.3.0." + std::to_string(i % 4 + 1);
      dialogs_.emplace_back(
          test::Tuple(client.c_str(), static_cast<std::uint16_t>(40000 + i), "198.51.100.1", 80));
      dialogs_.back().Handshake();
    }
  }

  // `request` and `answer` are said once a connection.
  void Round(const std::string& request, const std::string& answer) {
    for (test::TcpDialog& d : dialogs_) d.ClientSays(request).ServerSays(answer);
  }

  std::vector<TimedFrame> Take() {
    std::vector<TimedFrame> out;
    taken_.resize(dialogs_.size());
    for (std::size_t i = 0; i < dialogs_.size(); ++i) {
      const auto& frames = dialogs_[i].frames();
      for (; taken_[i] < frames.size(); ++taken_[i]) {
        out.push_back({now_, frames[taken_[i]]});
        now_ = now_ + Duration{100'000};
      }
    }
    return out;
  }

 private:
  std::vector<test::TcpDialog> dialogs_;
  std::vector<std::size_t> taken_;
  Timestamp now_ = kStart;
};

config::Settings WithoutEvents() {
  config::Settings settings = SmallSettings();
  settings.report.events.clear();
  return settings;
}

struct Measured {
  std::uint64_t packets = 0, allocations = 0;
};

// A worker whose two epochs change places as between worker and aggregator, emptied as the aggregator does.
class Bench {
 public:
  explicit Bench(config::Settings settings) : worker_(SnapshotWith(std::move(settings)), kKey) {}

  void Process(const std::vector<TimedFrame>& frames) {
    const std::vector<capture::Packet> packets = PacketsOf(frames);
    const std::uint64_t before = allocations.load();
    worker_.Process(packets);
    Seal(packets.back().time, false);
    last_ = {packets.size(), allocations.load() - before};
  }
  // Of the last call.
  const Measured& last() const { return last_; }

  void Finish() {
    Seal(kDistantFuture, true);
    EXPECT_EQ(spare_->totals.ledger.received, spare_->totals.ledger.Sum());
    EXPECT_GT(spare_->totals.ledger.Of(ByteFate::kInspected), 0u);
  }

 private:
  void Seal(Timestamp end, bool final) {
    spare_ = worker_.Seal(kStart, end, final, std::move(spare_));
    spare_->events.Clear();
    spare_->transfers->Clear();
    spare_->new_hosts.clear();
    for (auto& meter : spare_->meters) {
      if (meter != nullptr) meter->Clear();
    }
  }

  Worker worker_;
  std::unique_ptr<SealedEpoch> spare_ = worker_.NewEpoch();
  Measured last_;
};

Measured OfKeptAlive(const std::string& request, const std::string& answer) {
  KeptAlive traffic;
  Bench bench(WithoutEvents());
  for (int part = 0; part < 3; ++part) {  // both epochs are warmed up
    for (int i = 0; i < (part < 2 ? kWarmUp : kMeasured); ++i) traffic.Round(request, answer);
    bench.Process(traffic.Take());
  }
  const Measured measured = bench.last();
  bench.Finish();
  return measured;
}

// Connections that come and go: each round begins when those before it have expired.
Measured OfNewConnections(const std::vector<Turn>& turns, std::uint16_t server_port,
                          config::Settings settings = WithoutEvents()) {
  Bench bench(std::move(settings));
  std::mt19937 random(1);
  for (int round = 0; round < 6; ++round) {
    std::vector<TimedFrame> frames;
    for (int i = 0; i < kConnectionsARound; ++i) {
      const auto port = static_cast<std::uint16_t>(20000 + round * kConnectionsARound + i);
      const Session session{{test::Tuple("10.3.0.1", port, "198.51.100.1", server_port)}, turns};
      Wire wire(session, {}, random);
      const Timestamp time = kStart + Duration::Seconds(60 * round) + Duration::Millis(i);
      for (const Turn& turn : turns) {
        for (const std::string& frame : wire.Frames(turn)) frames.push_back({time, frame});
      }
    }
    frames.push_back({frames.back().time + Duration::Seconds(50), frames.back().bytes});
    bench.Process(frames);
  }
  const Measured measured = bench.last();
  bench.Finish();
  return measured;
}

std::string Request(const std::string& body) {
  return "POST /sync HTTP/1.1\r\nHost: api.vendor.example\r\nContent-Type: text/csv\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string Answer(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(SteadyState, CountsAllocations) {
  const std::uint64_t before = allocations.load();
  delete new std::string(100, 'x');
  EXPECT_GE(allocations.load() - before, 2u);
}

TEST(SteadyState, RequestsWithoutBodiesAllocateNothing) {
  const Measured m =
      OfKeptAlive("GET /items?page=2 HTTP/1.1\r\nHost: api.vendor.example\r\nAccept: */*\r\n\r\n",
                  "HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_EQ(m.allocations, 0u) << "in " << m.packets << " packets";
}

TEST(SteadyState, BodiesWithoutPeopleAllocateNothing) {
  const Measured m = OfKeptAlive(Request("part,colour\r\n" + std::string(2000, 'a') + "\r\n"),
                                 Answer("{\"parts\":[1,2,3]}"));
  EXPECT_EQ(m.allocations, 0u) << "in " << m.packets << " packets";
}

TEST(SteadyState, BodiesWithPeopleAllocateNothing) {
  People people(5);
  const Measured m =
      OfKeptAlive(Request(people.Csv(20)), Answer("{\"owner\":\"" + people.Next().email + "\"}"));
  EXPECT_EQ(m.allocations, 0u) << "in " << m.packets << " packets";
}

TEST(SteadyState, NewConnectionsAllocateNothing) {
  People people(6);
  const Measured m = OfNewConnections({{Turn::kOpen, {}},
                                       {Turn::kClient, Request(people.Csv(5))},
                                       {Turn::kServer, Answer("{\"owner\":\"none\"}")},
                                       {Turn::kClose, {}}},
                                      80);
  EXPECT_EQ(m.allocations, 0u) << "in " << m.packets << " packets";
}

// Requests, files with their digests, and flows: all that is written of them.
TEST(SteadyState, EventsOfNewConnectionsAllocateNothing) {
  People people(7);
  config::Settings settings = SmallSettings();
  settings.content.md5 = true;
  const Measured m = OfNewConnections({{Turn::kOpen, {}},
                                       {Turn::kClient, Request(people.Csv(5))},
                                       {Turn::kServer, Answer("{\"owner\":\"none\"}")},
                                       {Turn::kClose, {}}},
                                      80, settings);
  EXPECT_EQ(m.allocations, 0u) << "in " << m.packets << " packets";
}

// A greeting that does not tell the protocol is held until the client speaks. Its buffer is given away when
// it is read again, and the FTP parser keeps texts of a reply: one and two allocations a connection.
TEST(SteadyState, HeldGreetingsCostThreeAllocationsAConnection) {
  const Measured m = OfNewConnections({{Turn::kOpen, {}},
                                       {Turn::kServer, "220 archive of the northern office, ready\r\n"},
                                       {Turn::kClient, "USER batch\r\n"},
                                       {Turn::kServer, "331 go on\r\n"},
                                       {Turn::kClose, {}}},
                                      2121);
  EXPECT_LE(m.allocations, 3u * kConnectionsARound) << "in " << m.packets << " packets";
}

}  // namespace
}  // namespace gander::runtime
