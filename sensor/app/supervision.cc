// SPDX-License-Identifier: Apache-2.0
#include "app/supervision.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "app/log.h"
#include "app/options.h"
#include "app/outcome.h"
#include "app/service.h"
#include "supervise/crash_handler.h"
#include "supervise/crash_report.h"
#include "supervise/supervisor.h"

namespace gander::app {
namespace {

using config::LogLevel;

constexpr unsigned kTimeToEnd_s = 10;  // of a sensor whose supervisor is gone

std::vector<std::string> OwnArguments() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> out;
  for (std::string word; std::getline(file, word, '\0');) out.push_back(word);
  return out;
}

std::string ReportFolder(const config::Settings& settings) {
  if (!settings.supervise.crash_directory.empty()) return settings.supervise.crash_directory;
  if (settings.snapshot.file.empty()) return {};
  const std::string folder = std::filesystem::path(settings.snapshot.file).parent_path().string();
  return folder.empty() ? "." : folder;
}

std::string Words(const supervise::Obituary& o) {
  const supervise::Death& death = o.autopsy.death;
  std::string text = fmt::format("the sensor died after {:.1f} s", o.ran.seconds());
  const std::string signal = supervise::NameOfSignal(death.signal);
  switch (death.cause) {
    case supervise::Cause::kWatchdog:
      text += death.worker == supervise::kJudge ? std::string(": the thread that judges hung")
                                                : fmt::format(": packet thread {} hung", death.worker + 1);
      break;
    case supervise::Cause::kKilled: text += ": killed from outside (" + signal + ")"; break;
    case supervise::Cause::kExit: text += ": it gave up"; break;
    default: text += ": " + signal;
  }
  const std::string flow = supervise::ShownFlow(o.past.flow_seed, death.flow);
  if (!flow.empty()) text += ", at flow " + flow;
  for (const supervise::PoisonFlow& p : o.poison) {
    text += fmt::format("; flow {} was in hand at {} deaths and is not read any more",
                        supervise::ShownFlow(o.past.flow_seed, p.flow), p.deaths);
  }
  text += "; the next one starts";
  if (o.pause.ns > 0) text += fmt::format(" in {:.2f} s", o.pause.seconds());
  return text;
}

// The file is the sensor's, who made it; it may have been rotated since.
void OpenLogAgain(const config::LogOptions& options) {
  if (std::error_code none; std::filesystem::exists(options.file, none)) (void)OpenLogFile(options);
}

void TellDeath(const config::Settings& settings, const Service& service, const supervise::Obituary& o) {
  OpenLogAgain(settings.log);
  const std::string words = Words(o);
  Log(LogLevel::kError, words);
  service.Status(words);
  const std::string report = supervise::CrashReport({o.autopsy, o.page, o.past, kVersion, o.ran, o.poison});
  const std::string folder = ReportFolder(settings);
  if (folder.empty()) return Log(LogLevel::kInfo, "crash report\n" + report);
  const auto kept = supervise::KeepReport(folder, report, o.autopsy.death.time_ns);
  if (!kept) LogWarning(kept.error());
  Log(LogLevel::kInfo, kept ? "crash report " + *kept : "crash report\n" + report);
}

}  // namespace

int Supervise(const config::Settings& settings, const sandbox::Access& access) {
  if (auto log = OpenLog(settings.log); !log) return Complain(log.error());
  Service service(::getpid());
  supervise::Supervisor::Order order;
  order.options = settings.supervise;
  order.arguments = OwnArguments();
  order.on_death = [&](const supervise::Obituary& o) { TellDeath(settings, service, o); };
  order.while_pausing = [&] { service.Alive(); };
  auto supervisor = supervise::Supervisor::Make(std::move(order));
  if (!supervisor) return Complain(supervisor.error());
  sandbox::ConfineSupervisor(settings.process, access);
  return supervisor->Run();
}

Tie::Tie() : page_(supervise::SharedPage::Inherited()) {
  if (!watched()) return;
  (void)::prctl(PR_SET_NAME, "gander");  // it was started by the name of a link
  past_ = page_.get()->past;
  supervise::NoteCrashes(*page_.get());
  supervise::DieWith(*page_.get());
}

void Tie::HearSignals() const {
  if (watched()) supervise::HearSignals();
}

void Tie::ApplyTo(config::Settings& settings) const {
  if (past_.all_deaths() == 0) return;
  settings.report.append = true;
  for (report::OutputOptions& o : settings.report.outputs) o.file.append = true;
}

void Tie::DieWithSupervisor() const {
  if (watched()) supervise::DieWith(*page_.get());
}

void Tie::Connect(runtime::RunRequest& request) const {
  if (!watched()) return;
  supervise::FlightPage* const page = page_.get();
  request.flight = page;
  request.past = past_;
  request.started = [page, before = std::move(request.started)] {
    page->phase.store(supervise::Phase::kReading);
    if (before) before();
  };
  request.alive = [page, orphan = false, before = std::move(request.alive)]() mutable {
    if (before) before();
    if (orphan || supervise::IsSupervised(*page)) return;
    orphan = true;
    Log(LogLevel::kError, "the process that watches over this one is gone: ending");
    ::alarm(kTimeToEnd_s);
    RequestStop();
  };
}

void Tie::Ended() const {
  if (watched()) page_.get()->phase.store(supervise::Phase::kEnded);
}

}  // namespace gander::app
