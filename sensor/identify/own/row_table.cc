// SPDX-License-Identifier: Apache-2.0
#include "identify/own/row_table.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>

namespace gander::identify {
namespace {

constexpr char kMagic[8] = {'G', 'A', 'N', 'D', 'R', 'O', 'W', 'S'};
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeader = 64, kChecksumAt = 32, kChecksum = 32, kEntry = 12;
constexpr char kMakeAgain[] = "make it again with `gander register rows`";

template <class T>
T Get(std::span<const std::uint8_t> in, std::size_t at) {
  T value;
  std::memcpy(&value, in.data() + at, sizeof value);
  return value;
}

void Digest(std::span<const std::uint8_t> bytes, unsigned char (&out)[kChecksum]) {
  EVP_Digest(bytes.data(), bytes.size(), out, nullptr, EVP_sha256(), nullptr);
}

// All of a file; false with `errno` set when it cannot be read.
bool ReadAll(const std::string& path, std::vector<std::uint8_t>& out) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (file == nullptr) return false;
  constexpr std::size_t kPiece = 1 << 20;
  for (std::size_t n = kPiece; n == kPiece;) {
    const std::size_t had = out.size();
    out.resize(had + kPiece);
    n = std::fread(out.data() + had, 1, kPiece, file.get());
    out.resize(had + n);
  }
  return std::ferror(file.get()) == 0;
}

bool IsNumberOf(std::string_view text, std::size_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && number > 0;
}

}  // namespace

RowTable RowTable::Make(std::vector<Entry> entries, const HashKey& key) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.tag != b.tag ? a.tag < b.tag : a.row < b.row;
  });
  RowTable t;
  t.key_id_ = KeyId(key);
  HashKey id{t.key_id_, 0};
  for (const Entry& e : entries) {
    if (!t.tags_.empty() && t.tags_.back() == e.tag) {
      if (t.rows_.back() != e.row) t.rows_.back() = kShared;
      continue;
    }
    t.tags_.push_back(e.tag);
    t.rows_.push_back(e.row);
  }
  for (std::size_t i = 0; i < t.tags_.size(); ++i) id.k0 = SipHash13(id, t.tags_[i] ^ t.rows_[i]);
  t.id_ = id.k0;
  return t;
}

std::uint32_t RowTable::RowOf(std::uint64_t tag) const noexcept {
  const auto at = std::lower_bound(tags_.begin(), tags_.end(), tag);
  return at != tags_.end() && *at == tag ? rows_[static_cast<std::size_t>(at - tags_.begin())] : kAbsent;
}

std::size_t RowTable::shared() const noexcept {
  return static_cast<std::size_t>(std::count(rows_.begin(), rows_.end(), kShared));
}

std::vector<std::uint8_t> RowTable::Serialise() const {
  std::vector<std::uint8_t> out(kHeader + tags_.size() * kEntry);
  const std::uint64_t values = tags_.size();
  std::memcpy(out.data(), kMagic, sizeof kMagic);
  std::memcpy(out.data() + 8, &kVersion, 4);
  std::memcpy(out.data() + 16, &key_id_, 8);
  std::memcpy(out.data() + 24, &values, 8);
  std::memcpy(out.data() + kHeader, tags_.data(), values * 8);
  std::memcpy(out.data() + kHeader + values * 8, rows_.data(), values * 4);
  unsigned char digest[kChecksum];
  Digest(std::span<const std::uint8_t>(out).subspan(kHeader), digest);
  std::memcpy(out.data() + kChecksumAt, digest, kChecksum);
  return out;
}

Result<RowTable> RowTable::Parse(std::span<const std::uint8_t> bytes, const HashKey& key, const std::string& file) {
  const auto refuse = [&](const std::string& cause, const std::string& remedy) { return Fail(file, 0, cause, remedy); };
  if (bytes.size() < sizeof kMagic || std::memcmp(bytes.data(), kMagic, sizeof kMagic) != 0)
    return refuse("this is no table of rows", kMakeAgain);
  if (bytes.size() < kHeader) return refuse("the table of rows is cut short", kMakeAgain);
  if (const auto version = Get<std::uint32_t>(bytes, 8); version != kVersion) {
    return refuse("a table of rows of version " + std::to_string(version) + "; this Gander reads version " +
                      std::to_string(kVersion), kMakeAgain);
  }
  if (Get<std::uint64_t>(bytes, 16) != KeyId(key)) {
    return refuse("the table of rows was hashed with another key",
                  "name the key that it was made with, or hash it again with this one");
  }
  const auto values = Get<std::uint64_t>(bytes, 24);
  if (values == 0 || values != (bytes.size() - kHeader) / kEntry || (bytes.size() - kHeader) % kEntry != 0)
    return refuse("the table of rows is cut short or has bytes behind its end", kMakeAgain);
  unsigned char digest[kChecksum];
  Digest(bytes.subspan(kHeader), digest);
  if (std::memcmp(digest, bytes.data() + kChecksumAt, kChecksum) != 0)
    return refuse("the table of rows is damaged: its checksum does not fit", kMakeAgain);
  std::vector<Entry> entries(values);
  for (std::size_t i = 0; i < values; ++i) {
    entries[i] = {Get<std::uint64_t>(bytes, kHeader + 8 * i), Get<std::uint32_t>(bytes, kHeader + 8 * values + 4 * i)};
  }
  return Make(std::move(entries), key);
}

Result<RowTable> RowTable::Read(const std::string& file, const HashKey& key) {
  std::vector<std::uint8_t> bytes;
  if (!ReadAll(file, bytes)) {
    return Fail(file, 0, std::string("the table of rows cannot be read: ") + std::strerror(errno),
                "check the path and who may read it");
  }
  return Parse(bytes, key, file);
}

void RowTableMaker::FindColumns(const std::vector<std::string>& header, std::uint64_t line) {
  has_header_ = true;
  for (const Column& column : columns_) {
    const auto named = std::find(header.begin(), header.end(), column.name);
    std::size_t number = 0;
    if (named != header.end()) {
      places_.push_back(static_cast<std::size_t>(named - header.begin()));
    } else if (IsNumberOf(column.name, number) && number <= header.size()) {
      places_.push_back(number - 1);
    } else {
      error_ = {file_, static_cast<int>(line), "there is no column `" + column.name + "`",
                "the header has " + std::to_string(header.size()) +
                    " columns; name one as it is written there, or by its number"};
    }
  }
}

void RowTableMaker::OnRecord(const std::vector<std::string>& fields, std::uint64_t line) {
  if (!has_header_) return FindColumns(fields, line);
  if (!error_.cause.empty()) return;
  if (rows_ >= kMaxRows) {
    error_ = {file_, static_cast<int>(line), "more than " + std::to_string(kMaxRows) + " rows",
              "make several tables of it"};
    return;
  }
  const auto row = static_cast<std::uint32_t>(rows_++);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (places_[i] >= fields.size() || fields[places_[i]].size() > kMaxRegistered) continue;
    char form[kMaxRegistered + 16];
    const std::size_t n = FormOf(fields[places_[i]], columns_[i].form, form);
    if (n >= kMinRegistered) entries_.push_back({RegisterTag(key_, {form, n}), row});
  }
}

Result<RowTable> RowTableMaker::Finish() {
  if (columns_.size() < 2) {
    return Fail(file_, 0, "a row is known by two of its values, and fewer columns are named",
                "name two columns or more with --column");
  }
  if (!error_.cause.empty()) return Failure(error_);
  if (!has_header_) return Fail(file_, 0, "the table is empty", "its first line names the columns");
  if (entries_.empty()) {
    return Fail(file_, 0, "the columns hold no value that can be registered",
                "values have " + std::to_string(kMinRegistered) + " characters and more; see --normalise");
  }
  return RowTable::Make(std::move(entries_), key_);
}

}  // namespace gander::identify
