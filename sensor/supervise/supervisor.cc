// SPDX-License-Identifier: Apache-2.0
#include "supervise/supervisor.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <new>
#include <string_view>

#include "supervise/watchdog.h"

extern char** environ;  // NOLINT: POSIX's name

namespace gander::supervise {
namespace {

constexpr std::array kPassedOn = {SIGTERM, SIGINT, SIGHUP, SIGUSR2};
constexpr Duration kLook = Duration::Millis(500);          // how often the watchdog looks, at least
constexpr Duration kTimeToDie = Duration::Seconds(2);      // between SIGABRT, which leaves a note, and SIGKILL
constexpr int kCannotExecute = 127;                        // as the shell has it
constexpr int kBySignal = 128;

template <class Clock>
Timestamp NowOf() {
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count()};
}
Timestamp Steady() { return NowOf<std::chrono::steady_clock>(); }

timespec ToTimespec(Duration d) noexcept {
  return {static_cast<std::time_t>(d.ns / kNanosPerSecond), static_cast<long>(d.ns % kNanosPerSecond)};
}

std::uint64_t RandomSeed() {
  std::uint64_t seed = 0;
  while (seed == 0) {
    if (::getrandom(&seed, sizeof seed, 0) != sizeof seed) seed = 0;
  }
  return seed;
}

sigset_t SetOf(bool children) noexcept {
  sigset_t set;
  sigemptyset(&set);
  for (const int s : kPassedOn) sigaddset(&set, s);
  if (children) sigaddset(&set, SIGCHLD);
  return set;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& t : texts) out.push_back(t.data());
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> EnvironmentWith(int fd) {
  const std::string variable = std::string(kPageVariable) + "=";
  std::vector<std::string> out;
  for (char** e = environ; *e != nullptr; ++e) {
    if (!std::string_view(*e).starts_with(variable)) out.emplace_back(*e);
  }
  out.push_back(variable + std::to_string(fd));
  return out;
}

int ExitCodeOf(int status) noexcept { return WIFEXITED(status) ? WEXITSTATUS(status) : kBySignal + WTERMSIG(status); }

// The thread that hangs is told, so that the note has its stack.
void Abort(pid_t sensor, const Seat& seat) noexcept {
  const std::int32_t stuck = seat.thread.load(std::memory_order_relaxed);
  if (stuck > 0 && ::syscall(SYS_tgkill, sensor, stuck, SIGABRT) == 0) return;
  (void)::kill(sensor, SIGABRT);
}

}  // namespace

Result<Supervisor> Supervisor::Make(Order order) {
  auto page = SharedPage::Make();
  if (!page) return Failure(page.error());
  return Supervisor(std::move(order), std::move(*page), RandomSeed());
}

Supervisor::Supervisor(Order order, SharedPage page, std::uint64_t seed)
    : order_(std::move(order)),
      page_(std::move(page)),
      book_(seed, order_.options.poison_deaths),
      pace_(order_.options),
      heard_(SetOf(true)) {}

int Supervisor::Run() {
  ::sigprocmask(SIG_BLOCK, &heard_, nullptr);
  (void)::signal(SIGCHLD, SIG_DFL);  // who started us may have wanted to hear of no child
  for (;;) {
    Begin();
    const pid_t sensor = Spawn();
    if (sensor < 0) {  // no process to be had: later, perhaps
      if (!ran_once_) return kCannotExecute;
      if (Pause(pace_.Next({}))) continue;
      return EXIT_SUCCESS;
    }
    const End end = Attend(sensor);
    ran_once_ = ran_once_ || page_.get()->phase.load() != Phase::kStarting;
    const bool died = IsDeath(end);
    const Duration pause = died && !asked_to_end_ ? pace_.Next(end.ran) : Duration{};
    if (died) TakeNote(end, pause);
    if (!died || asked_to_end_) return ExitCodeOf(end.status);
    if (!Pause(pause)) return EXIT_SUCCESS;
  }
}

// Nothing that the last sensor wrote is left; the supervisor's own word is written anew.
void Supervisor::Begin() {
  FlightPage* const page = ::new (page_.get()) FlightPage;
  page->supervisor = ::getpid();
  page->past = book_.past();
}

pid_t Supervisor::Spawn() {
  std::vector<std::string> arguments = order_.arguments, environment = EnvironmentWith(page_.fd());
  const std::vector<char*> argv = Pointers(arguments), envp = Pointers(environment);
  const pid_t child = ::fork();
  if (child != 0) return child;
  // A group of its own: what a terminal or a shell sends to the whole group comes once, through the supervisor. Signals
  // to be passed on stay blocked until the sensor can take them.
  (void)::setpgid(0, 0);
  (void)::signal(SIGTTOU, SIG_IGN);
  (void)::fcntl(page_.fd(), F_SETFD, 0);
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  (void)::sigprocmask(SIG_UNBLOCK, &children, nullptr);
  (void)::execve(order_.program.c_str(), argv.data(), envp.data());
  ::_exit(kCannotExecute);
}

Supervisor::End Supervisor::Attend(pid_t sensor) {
  const Duration patience = Duration::Seconds(order_.options.watchdog_s);
  const timespec look = ToTimespec(patience.ns > 0 ? std::min(kLook, Duration{patience.ns / 4}) : kLook);
  Watchdog watchdog(patience);
  const Timestamp began = Steady();
  Timestamp told = kDistantFuture;
  End end;
  for (;;) {
    const int heard = ::sigtimedwait(&heard_, nullptr, &look);
    if (heard > 0 && heard != SIGCHLD) Hear(heard, sensor);
    const Timestamp now = Steady();
    const pid_t ended = ::waitpid(sensor, &end.status, WNOHANG);
    if (ended == sensor || (ended < 0 && errno == ECHILD)) {
      end.ran = now - began;
      return end;
    }
    if (end.hung == kNobodyHung) {
      end.hung = watchdog.Look(*page_.get(), now);
      if (end.hung == kNobodyHung) continue;
      told = now;
      Abort(sensor, page_.get()->seats[end.hung]);
    } else if (now - told >= kTimeToDie) {
      (void)::kill(sensor, SIGKILL);
    }
  }
}

void Supervisor::Hear(int signal, pid_t sensor) {
  if (signal == SIGTERM || signal == SIGINT) asked_to_end_ = true;
  if (sensor > 0) (void)::kill(sensor, signal);
}

// False where it was told to end meanwhile.
bool Supervisor::Pause(Duration pause) {
  const Timestamp until = Steady() + pause;
  while (!asked_to_end_) {
    if (order_.while_pausing) order_.while_pausing();
    const Timestamp now = Steady();
    if (now >= until) return true;
    const timespec rest = ToTimespec(std::min(kLook, until - now));
    if (const int heard = ::sigtimedwait(&heard_, nullptr, &rest); heard > 0) Hear(heard, 0);
  }
  return false;
}

// One that ends as it was meant to is none, nor one that could never start: what is wrong with its configuration stays
// wrong. What has read traffic before and cannot start now may be able to later.
bool Supervisor::IsDeath(const End& end) const noexcept {
  if (WIFEXITED(end.status)) {
    const Phase phase = page_.get()->phase.load();
    if (asked_to_end_ || phase == Phase::kEnded) return false;
    return phase == Phase::kReading || (ran_once_ && WEXITSTATUS(end.status) != 0);
  }
  const int signal = WTERMSIG(end.status);
  return std::find(kPassedOn.begin(), kPassedOn.end(), signal) == kPassedOn.end();
}

void Supervisor::TakeNote(const End& end, Duration pause) {
  const Autopsy autopsy = Examine(*page_.get(), end.status, end.hung, NowOf<std::chrono::system_clock>().ns);
  const std::vector<PoisonFlow> poison = book_.Enter(autopsy);
  if (order_.on_death) order_.on_death({autopsy, *page_.get(), book_.past(), poison, end.ran, pause});
}

void DieWith(const FlightPage& page) {
  (void)::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (!IsSupervised(page)) (void)::raise(SIGTERM);  // gone before it was asked for
}

bool IsSupervised(const FlightPage& page) noexcept { return ::getppid() == page.supervisor; }

void HearSignals() {
  const sigset_t set = SetOf(false);
  (void)::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace gander::supervise
