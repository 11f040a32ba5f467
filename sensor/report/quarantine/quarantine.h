// SPDX-License-Identifier: Apache-2.0
// Files, and excerpts of what an alert is about, kept for an investigation where the operator asked for them in the
// configuration: each encrypted to a certificate whose private key is elsewhere, so that this machine cannot read what
// it keeps. CMS AuthEnvelopedData (RFC 5083) with AES-256-GCM (RFC 5084), one file each, named after the SHA-256 of its
// content:
//   openssl cms -decrypt -binary -inform DER -in <sha256>.cms -recip cert.pem -inkey key.pem -out file
#ifndef GANDER_REPORT_QUARANTINE_QUARANTINE_H_
#define GANDER_REPORT_QUARANTINE_QUARANTINE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/counters.h"
#include "base/result.h"
#include "report/events/audit_event.h"

namespace gander::report {

enum class QuarantineSelect : std::uint8_t {
  kFindings,  // files in which personal data was found
  kAll,
  kNone,      // excerpts alone
};

// What is kept of the text around a value when an alert is told (runtime/excerpt_book.h).
enum class QuarantineExcerpt : std::uint8_t {
  kOff,
  kMasked,  // what the rules find in it, and every number, is masked; other words stay
  kRaw,     // as it was seen, passwords and keys, too
};

struct QuarantineOptions {
  std::string directory;    // empty = nothing is kept
  std::string certificate;  // PEM, X.509, RSA or EC
  QuarantineSelect select = QuarantineSelect::kFindings;
  QuarantineExcerpt excerpt = QuarantineExcerpt::kOff;
  std::uint32_t excerpt_bytes = 128;    // shown on each side of the value
  std::uint64_t max_file = 1u << 20;    // bytes of a file; larger ones are not kept
  std::uint64_t max_total = 1u << 30;   // bytes of all files kept, those of earlier runs included
  std::uint64_t memory = 32u << 20;     // files that a worker gathers at the same time
  std::uint32_t queue = 64;             // files waiting to be encrypted
  std::uint32_t retention_days = 0;     // files kept longer are deleted; 0 = none is
};

struct QuarantineCounters {
  std::uint64_t stored, stored_bytes, known, refused_total, refused_queue, failed, deleted;
  static const CounterName<QuarantineCounters> kNames[7];
};

class Quarantine {
 public:
  // `wait_when_full`: offline. Errors: the certificate cannot be read or holds no usable key, the directory cannot be
  // made.
  static Result<std::unique_ptr<Quarantine>> Open(const QuarantineOptions& options, bool wait_when_full);
  ~Quarantine();  // closes

  // Takes a copy of `file`. False when it is not kept: counted. Any thread.
  bool Offer(const std::array<std::uint8_t, 32>& sha256, Bytes file);
  // Writes what is queued; counters() stays.
  void Close();
  QuarantineCounters counters() const;
  // What was kept and what was deleted since the last call, for the events; of more than kMostAudits those behind are
  // one line each with their count.
  std::vector<Audit> TakeAudits();
  static constexpr std::size_t kMostAudits = 1000;

 private:
  struct Impl;
  explicit Quarantine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::report

#endif  // GANDER_REPORT_QUARANTINE_QUARANTINE_H_
