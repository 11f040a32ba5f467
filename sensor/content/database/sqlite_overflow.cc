// SPDX-License-Identifier: Apache-2.0
#include "content/database/sqlite_overflow.h"

#include <algorithm>
#include <cstring>

#include "base/byte_reader.h"
#include "content/decoder_pool.h"
#include "content/open.h"
#include "content/sniff.h"

namespace gander::content {
namespace {

constexpr std::uint64_t kUnknown = ~std::uint64_t{0};

bool MayBeText(SqliteValue::Type type) noexcept {
  return type == SqliteValue::Type::kText || type == SqliteValue::Type::kBlob;
}

}  // namespace

void SqliteOverflow::Values::Add(SqliteValue::Type type, std::uint64_t bytes) noexcept {
  if (count == kMaxValues) {
    values.back().type = SqliteValue::Type::kBlob;
    values.back().bytes += bytes;
    return;
  }
  values[count++] = {type, bytes};
}

void SqliteOverflow::Begin(Body& body, std::string_view name) noexcept {
  body_ = &body;
  name_ = name;
  chains_.Begin(body.pool->memory, kMaxChains);
  beginnings_.Begin(body.pool->memory, kMaxBeginnings);
  orphans_.Begin(body.pool->memory, kMaxOrphans);
  next_orphan_ = 0;
  in_chain_ = false;
  next_ = 0;
}

bool SqliteOverflow::Expect(std::uint32_t page, Bytes beginning, const Values& values) noexcept {
  while (!chains_.empty() && chains_.back().page == 0) chains_.Truncate(chains_.size() - 1);
  if (chains_.empty()) beginnings_.Clear();
  if (page == 0 || values.count == 0) return false;
  Chain chain;
  chain.page = page;
  chain.at = static_cast<std::uint32_t>(beginnings_.size());
  chain.size = static_cast<std::uint32_t>(beginning.size());
  chain.values = values;
  const std::size_t before = beginnings_.size();
  if (beginnings_.Append(beginning) && chains_.Add(chain)) return true;
  beginnings_.Truncate(before);
  return false;
}

Bytes SqliteOverflow::Passed(std::uint32_t page) noexcept {
  for (const Orphan& orphan : orphans_.items()) {
    if (orphan.page == page) return {orphan.head.data(), orphan.size};
  }
  return {};
}

void SqliteOverflow::Remember(std::uint32_t number, Bytes content) noexcept {
  Orphan orphan;
  orphan.page = number;
  orphan.size = static_cast<std::uint32_t>(std::min(content.size(), kOverlap));
  std::memcpy(orphan.head.data(), content.data(), orphan.size);
  if (!orphans_.Add(orphan) && !orphans_.empty()) orphans_[next_orphan_++ % orphans_.size()] = orphan;
}

void SqliteOverflow::Open(Bytes beginning, Uninspected& total) noexcept {
  odd_ = beginning.size() % 2 != 0;
  tail_size_ = 0;
  if (!MayBeText(values_.values[value_].type)) return;
  EntityMeta meta;
  meta.name = name_;
  meta.is_file = !MagicOf(beginning).empty();
  stream_ = OpenEntity(*body_, meta);
  total += stream_->Feed(beginning);
}

void SqliteOverflow::Close(protocol::BodyEnd end) noexcept {
  if (stream_ != nullptr) stream_->End(end);
  stream_.reset();
}

void SqliteOverflow::Take(std::uint32_t number, Bytes usable, Uninspected& total) noexcept {
  const Bytes content = usable.subspan(kNextBytes);
  if (!in_chain_ || number != next_) {
    Pause();
    Start(number, content, total);
  }
  Feed(content, total);
  next_ = ByteReader(usable).U32();
  if (next_ != 0 && value_ < values_.count) return;
  Close(protocol::BodyEnd::kComplete);
  in_chain_ = false;
}

void SqliteOverflow::Start(std::uint32_t number, Bytes content, Uninspected& total) noexcept {
  in_chain_ = true;
  value_ = 0;
  const std::span<Chain> chains = chains_.items();
  const auto chain =
      std::find_if(chains.begin(), chains.end(), [&](const Chain& c) { return c.page == number; });
  is_orphan_ = number == 0 || chain == chains.end();
  if (is_orphan_) {
    values_.count = 0;
    values_.Add(SqliteValue::Type::kBlob, kUnknown);
    Remember(number, content);
    return Open({}, total);
  }
  values_ = chain->values;
  chain->page = 0;
  Open(beginnings_.bytes().subspan(chain->at, chain->size), total);
}

void SqliteOverflow::Feed(Bytes content, Uninspected& total) noexcept {
  while (!content.empty() && value_ < values_.count) {
    Value& value = values_.values[value_];
    const Bytes some =
        TakeFront(content, static_cast<std::size_t>(std::min<std::uint64_t>(value.bytes, content.size())));
    if (stream_ != nullptr) total += stream_->Feed(some);
    value.bytes -= some.size();
    odd_ = odd_ != (some.size() % 2 != 0);
    const Bytes tail = some.last(std::min(some.size(), kOverlap - (odd_ ? 1 : 0)));
    std::memcpy(tail_.data(), tail.data(), tail.size());
    tail_size_ = tail.size();
    if (value.bytes > 0) continue;
    Close(protocol::BodyEnd::kComplete);
    if (++value_ < values_.count) Open({}, total);
  }
}

// The chain goes on elsewhere in the file.
void SqliteOverflow::Pause() noexcept {
  if (!in_chain_) return;
  Close(protocol::BodyEnd::kTruncated);
  in_chain_ = false;
  Values rest;
  for (std::size_t i = value_; i < values_.count; ++i)
    rest.Add(values_.values[i].type, values_.values[i].bytes);
  Expect(next_, {tail_.data(), tail_size_}, rest);
}

void SqliteOverflow::Finish(Uninspected& total) noexcept {
  if (in_chain_) Close(protocol::BodyEnd::kTruncated);
  in_chain_ = false;
  for (const Chain& chain : chains_.items()) {
    if (chain.page == 0) continue;
    values_ = chain.values;
    value_ = 0;
    Open(beginnings_.bytes().subspan(chain.at, chain.size), total);
    Close(protocol::BodyEnd::kTruncated);
  }
  chains_.Release();
  beginnings_.Release();
  orphans_.Release();
}

}  // namespace gander::content
