// SPDX-License-Identifier: Apache-2.0
#include "supervise/crash_handler.h"

#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/sanitized.h"

extern "C" {
extern const char __executable_start[];  // NOLINT: the linker's names, of the mapped binary and of the end of its code
extern const char etext[];
}

namespace gander::supervise {
namespace {

constexpr std::size_t kHandlerStack = 64 << 10;
constexpr std::size_t kSearched = 64 << 10;  // bytes of the stack that are looked at for return addresses
constexpr std::array kSignals = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

FlightPage* page_noted = nullptr;

struct Thread {
  Seat* seat = nullptr;
  std::uint32_t number = kNoWorker;
  std::uintptr_t stack_begin = 0, stack_end = 0;
};
thread_local Thread thread;

std::uint64_t Offset(std::uintptr_t address) noexcept {
  const auto begin = reinterpret_cast<std::uintptr_t>(__executable_start);
  return address > begin && address < reinterpret_cast<std::uintptr_t>(etext) ? address - begin : 0;
}

struct Place {
  std::uintptr_t instruction, stack;
};

Place PlaceOf(const ucontext_t& context) noexcept {
#if defined(__x86_64__)
  return {static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RIP]),
          static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RSP])};
#elif defined(__aarch64__)
  return {context.uc_mcontext.pc, context.uc_mcontext.sp};
#else
#error "where this processor keeps its program counter is not known here"
#endif
}

// Whether the instruction before `address` is a call, so that it may be a return address.
bool FollowsCall(std::uintptr_t address) noexcept {
#if defined(__x86_64__)
  const auto* const code = reinterpret_cast<const unsigned char*>(address);
  if (code[-5] == 0xe8) return true;               // call rel32
  for (const int length : {2, 3, 6, 7}) {          // call r/m64: ff /2
    if (code[-length] == 0xff && (code[1 - length] & 0x38) == 0x10) return true;
  }
  return false;
#else
  return (*reinterpret_cast<const std::uint32_t*>(address - 4) & 0xfc000000u) == 0x94000000u ||  // bl
         (*reinterpret_cast<const std::uint32_t*>(address - 4) & 0xfffffc1fu) == 0xd63f0000u;    // blr
#endif
}

// Code is built without frame pointers, and unwinding by tables is nothing for a signal handler: words of the stack
// that could be return addresses into our own code are taken for them. Some are of calls that are over. No other word
// leaves.
void NoteFrames(std::uintptr_t stack, CrashNote& note) noexcept {
  constexpr std::uintptr_t kWord = sizeof(std::uintptr_t);
  if (thread.stack_end == 0 || stack >= thread.stack_end) return;
  std::uintptr_t at = (std::max(stack, thread.stack_begin) + kWord - 1) / kWord * kWord;
  const std::uintptr_t end = std::min<std::uintptr_t>(thread.stack_end, at + kSearched);
  for (; at + kWord <= end && note.frames < kMaxFrames; at += kWord) {
    const std::uintptr_t word = *reinterpret_cast<const std::uintptr_t*>(at);
    const std::uint64_t offset = Offset(word);
    if (offset > 16 && FollowsCall(word)) note.frame[note.frames++] = offset;
  }
}

// Only what signal-safety(7) allows.
void OnCrash(int signal, siginfo_t* info, void* context) {
  CrashNote& note = page_noted->crash;
  std::uint32_t none = CrashNote::kNone;
  if (!note.state.compare_exchange_strong(none, CrashNote::kBegun)) {
    for (;;) ::pause();  // another thread is about to end the process
  }
  const Place place = PlaceOf(*static_cast<const ucontext_t*>(context));
  note.signal = signal;
  note.code = info->si_code;
  note.worker = thread.number;
  note.flow = thread.seat != nullptr ? thread.seat->flow.load(std::memory_order_relaxed) : 0;
  note.instruction = Offset(place.instruction);
  note.frames = 0;
  NoteFrames(place.stack, note);
  note.state.store(CrashNote::kComplete, std::memory_order_release);
  struct sigaction fatal {};
  fatal.sa_handler = SIG_DFL;
  (void)::sigaction(signal, &fatal, nullptr);
  (void)::syscall(SYS_tgkill, ::getpid(), ::syscall(SYS_gettid), signal);  // comes when this handler is left
}

}  // namespace

void NoteCrashes(FlightPage& page) {
  if (kSanitized) return;
  page_noted = &page;
  struct sigaction action {};
  action.sa_sigaction = OnCrash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (const int s : kSignals) sigaddset(&action.sa_mask, s);
  for (const int s : kSignals) (void)::sigaction(s, &action, nullptr);
}

SeatTaken::SeatTaken(Seat* seat, std::uint32_t number) : seat_(seat) {
  if (seat_ == nullptr) return;
  thread = {seat, number, 0, 0};
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    void* begin = nullptr;
    std::size_t size = 0;
    if (pthread_attr_getstack(&attributes, &begin, &size) == 0) {
      thread.stack_begin = reinterpret_cast<std::uintptr_t>(begin);
      thread.stack_end = thread.stack_begin + size;
    }
    pthread_attr_destroy(&attributes);
  }
  stack_ = std::make_unique<std::byte[]>(kHandlerStack);
  const stack_t stack{stack_.get(), 0, kHandlerStack};
  (void)::sigaltstack(&stack, nullptr);
  seat_->thread.store(static_cast<std::int32_t>(::syscall(SYS_gettid)), std::memory_order_relaxed);
  seat_->taken.store(1, std::memory_order_release);
}

SeatTaken::~SeatTaken() {
  if (seat_ == nullptr) return;
  seat_->taken.store(0, std::memory_order_release);
  thread = {};
  const stack_t none{nullptr, SS_DISABLE, 0};
  (void)::sigaltstack(&none, nullptr);
}

}  // namespace gander::supervise
