// SPDX-License-Identifier: Apache-2.0
#include "report/quarantine/quarantine.h"

#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>
#include <utility>

#include "base/file.h"
#include "base/format.h"
#include "report/quarantine/cms_envelope.h"

namespace gander::report {
namespace {

constexpr std::string_view kSuffix = ".cms";
constexpr std::chrono::hours kBetweenSweeps{1};

struct Kept {
  std::string name;
  std::string bytes;
};

void Wipe(std::string& bytes) noexcept {
  OPENSSL_cleanse(bytes.data(), bytes.size());
  bytes.clear();
}

// Bytes of what earlier runs have kept.
std::uint64_t KeptBefore(const std::string& directory) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (entry.path().extension() == kSuffix) bytes += entry.file_size(error);
  }
  return bytes;
}

}  // namespace

const CounterName<QuarantineCounters> QuarantineCounters::kNames[7] = {
    {"stored", "files and excerpts kept, encrypted", &QuarantineCounters::stored},
    {"stored_bytes", "bytes of what was kept, before encryption", &QuarantineCounters::stored_bytes},
    {"known", "files and excerpts that were kept already", &QuarantineCounters::known},
    {"refused_full", "files and excerpts not kept because quarantine.max_total is reached", &QuarantineCounters::refused_total},
    {"refused_queue", "files and excerpts not kept because the queue was full", &QuarantineCounters::refused_queue},
    {"failed", "files and excerpts that could not be encrypted or written", &QuarantineCounters::failed},
    {"deleted", "files and excerpts deleted because quarantine.retention_days were over", &QuarantineCounters::deleted},
};

struct Quarantine::Impl {
  Impl(const QuarantineOptions& o, CmsEnvelope e, bool wait)
      : options(o), envelope(std::move(e)), wait_when_full(wait), total(KeptBefore(o.directory)) {
    thread = std::thread([this] { Run(); });
  }

  std::string PathOf(const std::string& name) const { return options.directory + "/" + name + std::string(kSuffix); }

  bool Offer(std::string name, Bytes file) {
    std::unique_lock lock(mutex);
    if (wait_when_full) not_full.wait(lock, [this] { return queue.size() < options.queue; });
    if (queue.size() >= options.queue) {
      ++counters.refused_queue;
      return false;
    }
    if (file.size() > options.max_total || total > options.max_total - file.size()) {
      ++counters.refused_total;
      return false;
    }
    total += file.size();
    queue.push_back({std::move(name), std::string(AsText(file))});
    lock.unlock();
    not_empty.notify_one();
    return true;
  }

  void Run() {
    std::unique_lock lock(mutex);
    for (;;) {
      DeleteOld();
      not_empty.wait_for(lock, kBetweenSweeps, [this] { return stopping || !queue.empty(); });
      if (queue.empty() && stopping) return;
      if (queue.empty()) continue;
      Kept kept = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      not_full.notify_all();
      QuarantineCounters what{};
      Keep(kept, what);
      lock.lock();
      if (what.stored > 0) Tell({"quarantine_keep", kept.name, "sensor", "", 0, kept.bytes.size()});
      AddCounters(counters, what);
      if (what.stored == 0) total -= kept.bytes.size();
      Wipe(kept.bytes);
    }
  }

  // With the mutex held.
  void Tell(Audit audit) {
    if (audits.size() < kMostAudits) return audits.push_back(std::move(audit));
    Audit& rest = audit.action == audits.back().action ? audits.back() : audits.front();
    rest.object = "and others";
    rest.count = std::max<std::uint64_t>(rest.count, 1) + 1;
    rest.bytes += audit.bytes;
  }

  // With the mutex held: what is over its time, by the wall clock, at the start and once an hour.
  void DeleteOld() {
    const auto now = std::filesystem::file_time_type::clock::now();
    if (options.retention_days == 0 || (swept != decltype(now){} && now - swept < kBetweenSweeps)) return;
    swept = now;
    const auto limit = now - std::chrono::hours(24) * options.retention_days;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(options.directory, error)) {
      if (entry.path().extension() != kSuffix || entry.last_write_time(error) >= limit || error) continue;
      const std::uint64_t bytes = entry.file_size(error);
      if (error || !std::filesystem::remove(entry.path(), error)) continue;
      ++counters.deleted;
      total -= std::min(total, bytes);
      Tell({"retention_delete", entry.path().stem().string(), "sensor",
            "older than " + std::to_string(options.retention_days) + " days", 0, bytes});
    }
  }

  void Keep(const Kept& kept, QuarantineCounters& what) const {
    const std::string path = PathOf(kept.name);
    if (::access(path.c_str(), F_OK) == 0) {
      ++what.known;
      return;
    }
    const std::string sealed = envelope.Seal(AsBytes(kept.bytes));
    if (sealed.empty() || !ReplaceFile(path, sealed)) {
      ++what.failed;
      return;
    }
    ++what.stored;
    what.stored_bytes += kept.bytes.size();
  }

  const QuarantineOptions options;
  const CmsEnvelope envelope;
  const bool wait_when_full;
  mutable std::mutex mutex;
  std::condition_variable not_empty, not_full;
  std::deque<Kept> queue;
  std::uint64_t total;  // bytes kept and queued
  QuarantineCounters counters{};
  std::vector<Audit> audits;
  std::filesystem::file_time_type swept{};
  bool stopping = false;
  std::thread thread;  // last: it uses the rest
};

Quarantine::Quarantine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Quarantine::~Quarantine() { Close(); }

Result<std::unique_ptr<Quarantine>> Quarantine::Open(const QuarantineOptions& options, bool wait_when_full) {
  if (options.certificate.empty()) {
    return Fail("quarantine.certificate", 0, "is missing: files are kept encrypted only",
                "name a PEM certificate whose private key is not on this machine");
  }
  auto envelope = CmsEnvelope::Open(options.certificate);
  if (!envelope) return Failure(envelope.error());
  std::error_code error;
  const bool made = std::filesystem::create_directories(options.directory, error);
  if ((made && ::chmod(options.directory.c_str(), 0700) != 0) || ::access(options.directory.c_str(), W_OK) != 0) {
    return Fail(options.directory, 0, std::string("cannot be used as quarantine: ") + std::strerror(errno),
                "name a directory in quarantine.directory that this user may make and write to");
  }
  auto impl = std::make_unique<Impl>(options, std::move(*envelope), wait_when_full);
  return std::unique_ptr<Quarantine>(new Quarantine(std::move(impl)));
}

bool Quarantine::Offer(const std::array<std::uint8_t, 32>& sha256, Bytes file) {
  std::array<char, 64> hex;
  return impl_->Offer(std::string(WriteHex(sha256.data(), sha256.size(), hex.data())), file);
}

void Quarantine::Close() {
  if (!impl_->thread.joinable()) return;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->not_empty.notify_all();
  impl_->thread.join();
}

QuarantineCounters Quarantine::counters() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->counters;
}

std::vector<Audit> Quarantine::TakeAudits() {
  const std::lock_guard lock(impl_->mutex);
  return std::exchange(impl_->audits, {});
}

}  // namespace gander::report
