// SPDX-License-Identifier: Apache-2.0
#include "supervise/crash_report.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/file.h"

namespace gander::supervise {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kPrefix = "crash-", kSuffix = ".json";

std::string Hex(std::uint64_t n) { return fmt::format("{:#x}", n); }

std::string NameOfSeat(std::uint32_t seat) {
  if (seat == kJudge) return "judge";
  return seat < kMaxWorkers ? fmt::format("worker {}", seat + 1) : std::string("another thread");
}

Json SeatsOf(const FlightPage& page, std::uint64_t seed) {
  Json out = Json::array();
  for (std::uint32_t i = 0; i < kSeats; ++i) {
    const Seat& seat = page.seats[i];
    if (seat.thread.load(std::memory_order_relaxed) == 0) continue;
    Json one{{"thread", NameOfSeat(i)},
             {"at_work", seat.taken.load(std::memory_order_relaxed) != 0},
             {"rounds", seat.beats.load(std::memory_order_relaxed)}};
    if (i != kJudge) {
      one["packets"] = seat.packets.load(std::memory_order_relaxed);
      one["flow"] = ShownFlow(seed, seat.flow.load(std::memory_order_relaxed));
    }
    out.push_back(std::move(one));
  }
  return out;
}

std::string TimeOf(std::int64_t ns) { return ns == 0 ? std::string() : FormatEveTime({ns}); }

int FindBuildId(dl_phdr_info* info, std::size_t, void* out) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    if (header.p_type != PT_NOTE) continue;
    const auto* at = reinterpret_cast<const unsigned char*>(info->dlpi_addr + header.p_vaddr);
    const auto* const end = at + header.p_memsz;
    const auto padded = [](std::size_t n) { return (n + 3) / 4 * 4; };
    while (at + sizeof(ElfW(Nhdr)) <= end) {
      const auto* const note = reinterpret_cast<const ElfW(Nhdr)*>(at);
      const auto* const name = at + sizeof *note;
      const auto* const id = name + padded(note->n_namesz);
      if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
        auto& text = *static_cast<std::string*>(out);
        for (std::size_t k = 0; k < note->n_descsz; ++k) text += fmt::format("{:02x}", id[k]);
        return 1;
      }
      at = id + padded(note->n_descsz);
    }
  }
  return 1;  // the first object is the program itself
}

std::vector<std::string> Reports(int folder) {
  std::vector<std::string> names;
  const int again = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, int (*)(DIR*)> open(again < 0 ? nullptr : ::fdopendir(again), ::closedir);
  if (open == nullptr) return names;
  while (const dirent* entry = ::readdir(open.get())) {
    const std::string_view name(entry->d_name);
    if (name.starts_with(kPrefix) && name.ends_with(kSuffix)) names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());  // by time
  return names;
}

Failure Unwritable(const std::string& folder) {
  return Fail(folder, 0, std::string("no crash report can be left there: ") + std::strerror(errno),
              "name another folder in process.crash_directory");
}

}  // namespace

std::string BuildId() {
  std::string id;
  dl_iterate_phdr(FindBuildId, &id);
  return id;
}

std::string CrashReport(const ReportFacts& facts) {
  const Death& death = facts.autopsy.death;
  const std::uint64_t seed = facts.past.flow_seed;
  Json out{{"time", TimeOf(death.time_ns)},
           {"version", facts.version},
           {"build_id", BuildId()},
           {"cause", NameOf(death.cause)},
           {"signal", NameOfSignal(death.signal)},
           {"code", facts.autopsy.code},
           {"thread", NameOfSeat(death.worker)},
           {"flow", ShownFlow(seed, death.flow)},
           {"instruction", facts.autopsy.instruction == 0 ? std::string() : Hex(facts.autopsy.instruction)}};
  Json frames = Json::array(), poison = Json::array(), deaths;
  for (const std::uint64_t f : facts.autopsy.frames) frames.push_back(Hex(f));
  for (const PoisonFlow& p : facts.poison) poison.push_back(ShownFlow(seed, p.flow));
  for (std::size_t i = 0; i < kCauses; ++i) deaths[NameOf(static_cast<Cause>(i))] = facts.past.deaths[i];
  out["frames"] = std::move(frames);
  out["ran_seconds"] = facts.ran.seconds();
  out["read_until"] = TimeOf(death.read_until_ns);
  out["packets"] = facts.autopsy.packets;
  out["threads"] = SeatsOf(facts.page, seed);
  out["deaths"] = std::move(deaths);
  out["poison"] = std::move(poison);
  return out.dump(1) + "\n";
}

Result<std::string> KeepReport(const std::string& folder, std::string_view report, std::int64_t now_ns) {
  const File at(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  struct stat owner {};
  if (!at.is_open() || ::fstat(at.fd(), &owner) != 0) return Unwritable(folder);
  const std::time_t seconds = now_ns / kNanosPerSecond;
  const std::string name = fmt::format("{}{:%Y%m%dT%H%M%S}.{:06}Z{}", kPrefix, fmt::gmtime(seconds),
                                       now_ns % kNanosPerSecond / 1000, kSuffix);
  File file(::openat(at.fd(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640));
  if (!file.is_open()) return Unwritable(folder);
  // A supervisor of another user than the sensor's leaves it to the sensor's.
  if (owner.st_uid != ::geteuid()) (void)!::fchown(file.fd(), owner.st_uid, owner.st_gid);
  if (::fchmod(file.fd(), 0640) != 0 || !WriteAll(file.fd(), report) || !file.Close()) return Unwritable(folder);
  const std::vector<std::string> all = Reports(at.fd());
  for (std::size_t i = 0; i + kKeptReports < all.size(); ++i) (void)::unlinkat(at.fd(), all[i].c_str(), 0);
  return folder + "/" + name;
}

}  // namespace gander::supervise
