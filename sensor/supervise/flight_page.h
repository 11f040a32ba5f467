// SPDX-License-Identifier: Apache-2.0
// The page that a supervisor and its sensor share: what the sensor was at when it died. Hashes, counters, code offsets;
// never a payload byte, an address of a host, or a value from memory. The sensor may have been taken over: whoever
// reads the page believes no number in it that would be an index or a length.
#ifndef GANDER_SUPERVISE_FLIGHT_PAGE_H_
#define GANDER_SUPERVISE_FLIGHT_PAGE_H_

#include <array>
#include <atomic>
#include <cstdint>

#include "base/result.h"
#include "supervise/past_run.h"

namespace gander::supervise {

inline constexpr std::uint32_t kMaxWorkers = 64;  // runtime.workers goes no further
inline constexpr std::uint32_t kSeats = kMaxWorkers + 1;
inline constexpr std::uint32_t kJudge = kMaxWorkers;  // the seat of the thread that judges
inline constexpr std::uint32_t kMaxFrames = 24;

// One thread's. Only that thread writes; a cache line, so that none waits for another.
struct alignas(64) Seat {
  std::atomic<std::uint64_t> beats{0};        // rounds
  std::atomic<std::uint64_t> flow{0};         // hash of the flow in hand, 0 = none
  std::atomic<std::uint64_t> packets{0};      // read, as of the last round
  std::atomic<std::int64_t> read_until{0};    // packet time in ns at the last round; 0 = no packet yet
  std::atomic<std::int32_t> thread{0};        // its id in the kernel
  std::atomic<std::uint32_t> taken{0};        // 1 while the thread is at work

  void Beat() noexcept { beats.store(beats.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
};
static_assert(sizeof(Seat) == 64 && std::atomic<std::uint64_t>::is_always_lock_free);

// Written by the signal handler of the thread that crashed.
struct CrashNote {
  enum State : std::uint32_t { kNone, kBegun, kComplete };
  std::atomic<std::uint32_t> state{kNone};
  std::int32_t signal = 0, code = 0;        // code: siginfo_t's si_code
  std::uint32_t worker = kNoWorker;         // a seat's number
  std::uint64_t flow = 0;
  std::uint64_t instruction = 0;            // from the start of the binary; 0 = elsewhere, in a library
  std::uint32_t frames = 0;
  std::array<std::uint64_t, kMaxFrames> frame{};  // return addresses, likewise; innermost first
};

enum class Phase : std::uint32_t { kStarting, kReading, kEnded };

struct FlightPage {
  static constexpr std::uint64_t kMagic = 0x67616e6465720001ULL;
  std::uint64_t magic = kMagic;
  std::int32_t supervisor = 0;  // its process id
  PastRun past;                 // its word to the sensor
  std::atomic<Phase> phase{Phase::kStarting};
  CrashNote crash;
  std::array<Seat, kSeats> seats;
};

// The page and the memory file (memfd_create(2)) that both processes map; it cannot change its size.
class SharedPage {
 public:
  static Result<SharedPage> Make();
  // The page that the supervisor handed down, as the environment names it; the variable is removed. Empty where there
  // is none.
  static SharedPage Inherited();

  SharedPage() = default;
  SharedPage(SharedPage&& other) noexcept;
  SharedPage& operator=(SharedPage&& other) noexcept;
  ~SharedPage();

  FlightPage* get() const noexcept { return page_; }
  int fd() const noexcept { return fd_; }  // the supervisor's

 private:
  SharedPage(FlightPage* page, int fd) : page_(page), fd_(fd) {}

  FlightPage* page_ = nullptr;
  int fd_ = -1;
};
inline constexpr char kPageVariable[] = "GANDER_FLIGHT_PAGE";  // number of the file descriptor

}  // namespace gander::supervise

#endif  // GANDER_SUPERVISE_FLIGHT_PAGE_H_
