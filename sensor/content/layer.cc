// SPDX-License-Identifier: Apache-2.0
// What the layers of one body share: its caps, and the files it reports.
#include "content/layer.h"

#include <algorithm>
#include <utility>

#include "content/decoder_pool.h"

namespace gander::content {
namespace {

constexpr std::uint64_t kRatioFloor = 1u << 20;

}  // namespace

bool Body::MayOutput(std::uint64_t produced, std::uint32_t cost) noexcept {
  output += produced;
  pool->burst.Spend(produced * cost);
  if (capped) return false;
  if (pool->burst.used_up(options->max_burst)) {
    ++counters->cap_burst;
    sink->OnAnomaly("decompression_burst_cap");
    capped = true;
  } else if (output > options->max_output) {
    ++counters->cap_output;
    sink->OnAnomaly("decompression_size_cap");
    capped = true;
  } else if (output > kRatioFloor && output / std::max(options->max_ratio, 1u) > wire) {
    ++counters->cap_ratio;
    sink->OnAnomaly("compression_bomb");
    capped = true;
  }
  return !capped;
}

void Body::Spend(std::uint64_t work) noexcept { pool->burst.Spend(work); }

void Body::GrantAwaited(std::uint64_t bytes) noexcept {
  pool->burst.Grant(std::min(bytes, std::exchange(awaited, 0)) * BurstBudget::kPerAwaitedByte);
}

bool Body::MayNest() noexcept {
  if (depth < options->max_depth) {
    ++depth;
    return true;
  }
  if (!told_depth) {
    ++counters->cap_depth;
    sink->OnAnomaly("wrapping_depth_cap");
    told_depth = true;
  }
  return false;
}

bool Body::MayBeginPart() noexcept {
  if (parts < options->max_parts) {
    ++parts;
    Spend(BurstBudget::kPart);
    return true;
  }
  if (!told_parts) {
    ++counters->cap_parts;
    sink->OnAnomaly("mime_too_many_parts");
    told_parts = true;
  }
  return false;
}

bool Body::MayReportFile() noexcept {
  if (files < options->max_files) {
    ++files;
    Spend(BurstBudget::kFile);
    return true;
  }
  if (!told_files) {
    ++counters->cap_files;
    sink->OnAnomaly("too_many_files");
    told_files = true;
  }
  return false;
}

void Body::ReportLocked(std::string_view name, std::uint64_t size, std::string_view magic) noexcept {
  ++counters->locked;
  ReportUnread(name, size, magic, true, protocol::BodyEnd::kComplete);
}

void Body::ReportUndecodable(std::string_view name, std::uint64_t size, std::string_view magic) noexcept {
  ++counters->undecodable;
  ReportUnread(name, size, magic, false, protocol::BodyEnd::kTruncated);  // none of it was seen
}

void Body::ReportListed(std::string_view name, std::uint64_t size, std::string_view magic) noexcept {
  ReportUnread(name, size, magic, false, protocol::BodyEnd::kComplete);
}

void Body::ReportUnread(std::string_view name, std::uint64_t size, std::string_view magic, bool locked,
                        protocol::BodyEnd end) noexcept {
  if (!MayReportFile()) return;
  FileFacts facts;
  facts.name = name;
  facts.path = path.text();
  facts.magic = magic;
  facts.size = size;
  facts.encrypted = locked;
  facts.end = end;
  facts.direction = direction;
  facts.tx_id = tx_id;
  ++counters->files;
  sink->OnFile(facts);
}

}  // namespace gander::content
