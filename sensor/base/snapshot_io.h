// SPDX-License-Identifier: Apache-2.0
// Writing and reading the fields of a saved state: little-endian, one after the other, no tags. What guards the whole
// (version, checksum, encryption) is detect/state/snapshot_file.h; what reads it here still trusts no length.
#ifndef GANDER_BASE_SNAPSHOT_IO_H_
#define GANDER_BASE_SNAPSHOT_IO_H_

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"

namespace gander {

class SnapshotWriter {
 public:
  void U8(std::uint8_t v) { Put(v); }
  void U16(std::uint16_t v) { Put(v); }
  void U32(std::uint32_t v) { Put(v); }
  void U64(std::uint64_t v) { Put(v); }
  void Bool(bool v) { U8(v ? 1 : 0); }
  void Time(Timestamp t) { U64(static_cast<std::uint64_t>(t.ns)); }
  void Raw(const void* bytes, std::size_t n) { out_.append(static_cast<const char*>(bytes), n); }
  void String(std::string_view s) {
    U32(static_cast<std::uint32_t>(s.size()));
    out_.append(s);
  }

  const std::string& bytes() const noexcept { return out_; }
  std::string&& Take() noexcept { return std::move(out_); }

 private:
  template <class T>
  void Put(T v) {
    static_assert(std::endian::native == std::endian::little);
    Raw(&v, sizeof v);
  }
  std::string out_;
};

// A read past the end, or a length that cannot be, sets failed(): from then on every field reads as zero. One check at
// the end of an entry is enough, as long as every loop asks Count for its number of turns.
class SnapshotReader {
 public:
  explicit SnapshotReader(Bytes data) noexcept : data_(data) {}

  bool failed() const noexcept { return failed_; }
  void Fail() noexcept {
    failed_ = true;
    data_ = {};
  }
  std::size_t remaining() const noexcept { return data_.size(); }

  std::uint8_t U8() noexcept { return Get<std::uint8_t>(); }
  std::uint16_t U16() noexcept { return Get<std::uint16_t>(); }
  std::uint32_t U32() noexcept { return Get<std::uint32_t>(); }
  std::uint64_t U64() noexcept { return Get<std::uint64_t>(); }
  bool Bool() noexcept { return U8() != 0; }
  // Within 146 years of 1970, so that differences of two of them are times as well.
  Timestamp Time() noexcept {
    constexpr std::int64_t kFar = std::int64_t{1} << 62;
    const Timestamp t{static_cast<std::int64_t>(U64())};
    if (t.ns <= -kFar || t.ns >= kFar) Fail();
    return failed_ ? Timestamp{} : t;
  }
  bool Raw(void* to, std::size_t n) noexcept {
    if (n > data_.size()) {
      Fail();
      std::memset(to, 0, n);
      return false;
    }
    std::memcpy(to, data_.data(), n);
    data_ = data_.subspan(n);
    return true;
  }
  std::string String(std::size_t most) {
    const std::size_t n = U32();
    if (n > most || n > data_.size()) {
      Fail();
      return {};
    }
    std::string s(reinterpret_cast<const char*>(data_.data()), n);
    data_ = data_.subspan(n);
    return s;
  }
  // The next n bytes as a reader of their own.
  SnapshotReader Part(std::size_t n) noexcept {
    if (n > data_.size()) {
      Fail();
      return SnapshotReader({});
    }
    const SnapshotReader part(data_.first(n));
    data_ = data_.subspan(n);
    return part;
  }
  // A number of entries of at least `least` bytes each: never more than the rest can hold, so that a wrong one makes
  // nobody allocate.
  std::size_t Count(std::size_t least) noexcept {
    const std::size_t n = U32();
    if (n > data_.size() / (least == 0 ? 1 : least)) {
      Fail();
      return 0;
    }
    return n;
  }

 private:
  template <class T>
  T Get() noexcept {
    T v{};
    Raw(&v, sizeof v);
    return v;
  }
  Bytes data_;
  bool failed_ = false;
};

}  // namespace gander

#endif  // GANDER_BASE_SNAPSHOT_IO_H_
