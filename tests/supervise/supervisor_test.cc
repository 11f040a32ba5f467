// SPDX-License-Identifier: Apache-2.0
// The loop over real processes: shells that die as they are told to. Each supervisor runs in a child, since it takes
// the signals of its process.
#include "supervise/supervisor.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "supervise/children.h"
#include "supervise/crash_handler.h"

namespace gander::supervise {
namespace {

class SupervisorTest : public testing::Test {
 protected:
  SupervisorTest() {
    std::string name = "/tmp/gander-supervise-XXXXXX";
    folder_ = mkdtemp(name.data());
    setenv("D", folder_.c_str(), 1);
  }
  ~SupervisorTest() override { (void)!std::system(("rm -r " + folder_).c_str()); }

  static Supervisor::Order Shell(const std::string& script) {
    Supervisor::Order order;
    order.options.pause_ms = 1;
    order.options.watchdog_s = 0;
    order.program = "/bin/sh";
    // $n counts the starts.
    order.arguments = {"sh", "-c", "echo >> $D/starts; n=$(wc -l < $D/starts); " + script};
    return order;
  }
  // The supervisor's exit code.
  static int Run(Supervisor::Order order) {
    const int status = StatusOf([&] {
      auto supervisor = Supervisor::Make(std::move(order));
      return supervisor ? supervisor->Run() : 255;
    });
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  int Starts() const { return Lines("starts"); }
  int Lines(const char* name) const {
    std::ifstream file(folder_ + "/" + name);
    int n = 0;
    for (std::string line; std::getline(file, line);) ++n;
    return n;
  }
  // True once a file holds so many lines.
  bool Wait(const char* name, int lines) const {
    for (int i = 0; i < 2000 && Lines(name) < lines; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return Lines(name) >= lines;
  }
  pid_t Begin(Supervisor::Order order) {
    const pid_t child = fork();
    if (child == 0) {
      auto supervisor = Supervisor::Make(std::move(order));
      _exit(supervisor ? supervisor->Run() : 255);
    }
    return child;
  }
  static int End(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  std::string folder_;
};

TEST_F(SupervisorTest, AnEndOfItsOwnIsTheEndWithItsCode) {
  for (const int code : {0, 1, 2, 3}) {
    const int before = Starts();
    EXPECT_EQ(Run(Shell("exit " + std::to_string(code))), code);
    EXPECT_EQ(Starts(), before + 1) << "what cannot start is not started again";
  }
}

TEST_F(SupervisorTest, OneThatDiesIsStartedAgain) {
  for (const char* signal : {"SEGV", "KILL", "ABRT", "BUS", "SYS"}) {
    std::remove((folder_ + "/starts").c_str());
    EXPECT_EQ(Run(Shell(std::string("[ $n -ge 4 ] || kill -") + signal + " $$; exit 0")), 0) << signal;
    EXPECT_EQ(Starts(), 4) << signal;
  }
}

TEST_F(SupervisorTest, EachDeathIsToldWithItsCause) {
  Supervisor::Order order = Shell("[ $n -ge 3 ] || { [ $n = 1 ] && kill -SEGV $$; kill -KILL $$; }");
  order.on_death = [this](const Obituary& o) {
    std::ofstream(folder_ + "/told", std::ios::app)
        << NameOf(o.autopsy.death.cause) << ' ' << o.past.all_deaths() << ' ' << o.past.flow_seed % 2 << '\n';
  };
  EXPECT_EQ(Run(std::move(order)), 0);
  std::ifstream told(folder_ + "/told");
  std::string cause;
  int number = 0, odd = 0, odd_again = 0;
  told >> cause >> number >> odd;
  EXPECT_EQ(cause, "crash");
  EXPECT_EQ(number, 1);
  told >> cause >> number >> odd_again;
  EXPECT_EQ(cause, "killed");
  EXPECT_EQ(number, 2);
  EXPECT_EQ(odd, odd_again) << "one seed for all";
}

// As a sensor does once its handlers are there; sh keeps the mask that it was started with.
constexpr char kHears[] =
    "exec perl -e 'use POSIX; sub note { open my $f, q(>>), qq($ENV{D}/$_[0]); print $f qq(x\\n); } "
    "$SIG{HUP} = sub { note(q(hup)) }; $SIG{USR2} = sub { note(q(usr2)) }; $SIG{TERM} = sub { exit 7 }; "
    "note(q(ready)); select(undef, undef, undef, 0.01) while !-e qq($ENV{D}/hear); "
    "sigprocmask(SIG_SETMASK, POSIX::SigSet->new); sleep 1 while 1'";

TEST_F(SupervisorTest, SignalsArePassedOnAndAnAskedEndIsNoDeath) {
  const pid_t supervisor = Begin(Shell(kHears));
  ASSERT_TRUE(Wait("ready", 1));
  kill(supervisor, SIGHUP);  // before the sensor hears: it waits
  std::ofstream(folder_ + "/hear") << "now";
  ASSERT_TRUE(Wait("hup", 1));
  kill(supervisor, SIGUSR2);
  ASSERT_TRUE(Wait("usr2", 1));
  kill(supervisor, SIGTERM);
  EXPECT_EQ(End(supervisor), 7);
  EXPECT_EQ(Starts(), 1);
}

TEST_F(SupervisorTest, APauseEndsWhenTheEndIsAskedFor) {
  Supervisor::Order order = Shell("kill -SEGV $$");
  order.options.pause_ms = 60'000;
  order.options.max_pause_s = 60;
  order.on_death = [this](const Obituary&) { std::ofstream(folder_ + "/told", std::ios::app) << '\n'; };
  const pid_t supervisor = Begin(std::move(order));
  ASSERT_TRUE(Wait("told", 2));
  kill(supervisor, SIGTERM);
  EXPECT_EQ(End(supervisor), 0);
  EXPECT_EQ(Starts(), 2);
}

TEST_F(SupervisorTest, WhatCannotBeExecutedIsSaid) {
  Supervisor::Order order = Shell("");
  order.program = "/nowhere/gander";
  EXPECT_EQ(Run(std::move(order)), 127);
}

TEST_F(SupervisorTest, ASensorThatEndsByItsSupervisorsSignalIsNotStartedAgain) {
  EXPECT_EQ(Run(Shell("[ $n -ge 2 ] || kill -QUIT $$; exit 0")), 0) << "SIGQUIT is a death";
  std::remove((folder_ + "/starts").c_str());
  // What a supervisor passes on ends a sensor for good, whoever sent it. perl takes the mask away that sh keeps.
  const std::string by_term =
      "exec perl -e 'use POSIX; sigprocmask(SIG_SETMASK, POSIX::SigSet->new); kill TERM => $$; sleep 9'";
  EXPECT_EQ(Run(Shell(by_term)), 128 + SIGTERM);
  EXPECT_EQ(Starts(), 1);
}

// What the supervisor starts in the tests below: this program, playing a sensor. $PLAY says which, $D/starts how often.
TEST(Sensor, DISABLED_Plays) {
  const SharedPage page = SharedPage::Inherited();
  if (page.get() == nullptr || getenv("PLAY") == nullptr) GTEST_SKIP() << "played by the others";
  const std::string folder = getenv("D"), play = getenv("PLAY");
  std::ofstream(folder + "/starts", std::ios::app) << '\n';
  int starts = 0;
  std::ifstream file(folder + "/starts");
  for (std::string line; std::getline(file, line);) ++starts;
  const rlimit none{0, 0};
  (void)setrlimit(RLIMIT_CORE, &none);
  FlightPage& flight = *page.get();
  const PastRun past = flight.past;
  NoteCrashes(flight);
  const auto end = [&](int code) {
    flight.phase = Phase::kEnded;
    _exit(code);
  };
  if (play == "unable" && starts == 2) _exit(2);
  flight.phase = Phase::kReading;
  const SeatTaken seat(&flight.seats[4], 4);
  flight.seats[4].flow = 77;
  if (play == "gives up" && starts < 3) _exit(starts == 1 ? 3 : 0);
  if (play == "unable" && starts == 1) raise(SIGKILL);
  for (; play == "hangs" && starts == 1;) usleep(1000);
  if (play == "poison" && starts < 3) *reinterpret_cast<volatile int*>(std::uintptr_t{8}) = 1;
  if (play == "hangs") end(past.deaths[static_cast<std::size_t>(Cause::kWatchdog)] == 1 ? 40 : 41);
  if (play == "poison") end(past.poison_flows().size() == 1 && past.poison_flows()[0].flow == 77 ? 40 : 41);
  end(past.all_deaths() == 2 && past.poison_flows().empty() ? 40 : 41);
}

class WithASensor : public SupervisorTest {
 protected:
  int Play(const char* play) {
    setenv("PLAY", play, 1);
    Supervisor::Order order;
    order.options.pause_ms = 1;
    order.options.watchdog_s = 1;
    order.arguments = {"supervise_test", "--gtest_also_run_disabled_tests", "--gtest_filter=Sensor.DISABLED_Plays"};
    const int code = Run(std::move(order));
    unsetenv("PLAY");
    return code;
  }
};

TEST_F(WithASensor, GivingUpWhileItReadsIsADeathWhateverItsCode) {
  EXPECT_EQ(Play("gives up"), 40);
  EXPECT_EQ(Starts(), 3);
}

TEST_F(WithASensor, OneThatCannotStartAfterAnotherCouldIsTriedAgain) {
  EXPECT_EQ(Play("unable"), 40);
  EXPECT_EQ(Starts(), 3);
}

TEST_F(WithASensor, AHangIsADeath) {
  EXPECT_EQ(Play("hangs"), 40);
  EXPECT_EQ(Starts(), 2);
}

TEST_F(WithASensor, TheNextOneIsToldOfTheFlowThatKilledTwo) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer wants these signals";
  EXPECT_EQ(Play("poison"), 40);
  EXPECT_EQ(Starts(), 3);
}

TEST(TieTest, OneWhoseSupervisorIsGoneDies) {
  auto page = SharedPage::Make();
  ASSERT_TRUE(page.has_value());
  const int status = StatusOf([&] {
    page->get()->supervisor = 1;
    DieWith(*page->get());
    return 0;
  });
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
  EXPECT_EQ(StatusOf([&] {
              page->get()->supervisor = getppid();
              DieWith(*page->get());
              return IsSupervised(*page->get()) ? 0 : 1;
            }),
            0);
}

}  // namespace
}  // namespace gander::supervise
