// SPDX-License-Identifier: Apache-2.0
// The saved form of anything a detector keeps: numbers, texts, times, what base/ and policy/ define, every container
// of these, and what has `Saved` (detect/state/fields.h) or a `Save` and `Load` of its own.
//
// What is read is hostile: it is bounded by what the file still holds, and every value by what it may be. Read into
// objects as they are made: a time that was never set is known by its default.
#ifndef GANDER_DETECT_STATE_SNAPSHOT_FIELDS_H_
#define GANDER_DETECT_STATE_SNAPSHOT_FIELDS_H_

#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/net.h"
#include "base/snapshot_io.h"
#include "detect/account/samples.h"
#include "detect/state/fields.h"
#include "detect/state/staggered_windows.h"
#include "detect/state/state_reader.h"
#include "policy/policy.h"

namespace gander::detect {

inline constexpr std::size_t kMaxSavedText = 4096;                  // bytes of a name or a reason
inline constexpr std::size_t kMostSavedKeys = std::size_t{1} << 24;  // of one container; above detect.max_keys
inline constexpr double kMostSavedSum = 1e18;                       // octets and the like

// The last value of an enumeration; those of detectors have theirs beside the enum.
constexpr policy::Verdict LastOf(policy::Verdict) noexcept { return policy::Verdict::kUnknownParty; }
constexpr policy::Party::Source LastOf(policy::Party::Source) noexcept { return policy::Party::Source::kDatabase; }
constexpr policy::Movement::Opened LastOf(policy::Movement::Opened) noexcept {
  return policy::Movement::Opened::kByRecipient;
}
constexpr identify::Sensitivity LastOf(identify::Sensitivity) noexcept { return identify::Sensitivity::kCritical; }

void SaveField(const IpAddress& address, SnapshotWriter& out);
void LoadField(IpAddress& address, StateReader& in);
void SaveField(const IpPrefix& prefix, SnapshotWriter& out);
void LoadField(IpPrefix& prefix, StateReader& in);
void SaveField(const FiveTuple& tuple, SnapshotWriter& out);
void LoadField(FiveTuple& tuple, StateReader& in);
void SaveField(const policy::Party& party, SnapshotWriter& out);
void LoadField(policy::Party& party, StateReader& in);
void SaveField(policy::Jurisdiction j, SnapshotWriter& out);
void LoadField(policy::Jurisdiction& j, StateReader& in);
void SaveField(const policy::Judgement& judgement, SnapshotWriter& out);
void LoadField(policy::Judgement& judgement, StateReader& in);
void SaveField(Timestamp time, SnapshotWriter& out);
void LoadField(Timestamp& time, StateReader& in);
void SaveField(const FlowSample& sample, SnapshotWriter& out);
void LoadField(FlowSample& sample, StateReader& in);
// Without the tags, which are of workers: those that come later may repeat a person.
void SaveField(const MaskSamples& samples, SnapshotWriter& out);
void LoadField(MaskSamples& samples, StateReader& in);
// Names of protocols and the like, which elsewhere are static strings: each is made once and stays.
void SaveField(const char* name, SnapshotWriter& out);
void LoadField(const char*& name, StateReader& in);
void SaveField(std::string_view name, SnapshotWriter& out);
void LoadField(std::string_view& name, StateReader& in);

namespace saved_form {

template <class T> constexpr bool kIsPair = false;
template <class A, class B> constexpr bool kIsPair<std::pair<A, B>> = true;
template <class T> constexpr bool kIsMap = false;
template <class K, class V, class C> constexpr bool kIsMap<std::map<K, V, C>> = true;
template <class T> constexpr bool kIsSet = false;
template <class K> constexpr bool kIsSet<std::set<K>> = true;
template <class T> constexpr bool kIsVector = false;
template <class T> constexpr bool kIsVector<std::vector<T>> = true;
template <class T> constexpr bool kIsArray = std::is_array_v<T>;
template <class T, std::size_t N> constexpr bool kIsArray<std::array<T, N>> = true;
template <class T> constexpr bool kIsPointer = false;
template <class T> constexpr bool kIsPointer<std::unique_ptr<T>> = true;
template <class T> constexpr bool kIsWindows = false;
template <class A> constexpr bool kIsWindows<StaggeredWindows<A>> = true;
template <class T> constexpr bool kIsZone = false;
template <class Id> constexpr bool kIsZone<ZoneField<Id>> = true;
template <class T> constexpr bool kIsType = false;
template <class Id> constexpr bool kIsType<TypeField<Id>> = true;
template <class T> constexpr bool kIsSetTime = false;
template <class Time> constexpr bool kIsSetTime<SetTime<Time>> = true;

}  // namespace saved_form

template <class T>
void SaveField(const T& v, SnapshotWriter& out) {
  using namespace saved_form;
  const auto save = [&](const auto&... fields) { (SaveField(fields, out), ...); };
  if constexpr (kIsZone<T>) {
    out.U16(v.id);
  } else if constexpr (kIsType<T>) {
    out.U32(v.id);
  } else if constexpr (kIsSetTime<T>) {
    out.Time(v.time);
  } else if constexpr (std::is_same_v<T, bool>) {
    out.Bool(v);
  } else if constexpr (std::is_same_v<T, double>) {
    out.U64(std::bit_cast<std::uint64_t>(v));
  } else if constexpr (std::is_enum_v<T>) {
    out.U8(static_cast<std::uint8_t>(v));
  } else if constexpr (std::is_integral_v<T>) {
    out.Raw(&v, sizeof v);
  } else if constexpr (std::is_same_v<T, std::string>) {
    out.String(std::string_view(v).substr(0, kMaxSavedText));
  } else if constexpr (kIsWindows<T>) {
    v.Save(out, [&](const auto& accumulator) { SaveField(accumulator, out); });
  } else if constexpr (kIsPair<T>) {
    save(v.first, v.second);
  } else if constexpr (kIsArray<T>) {
    for (const auto& e : v) SaveField(e, out);
  } else if constexpr (kIsPointer<T>) {
    out.Bool(v != nullptr);
    if (v != nullptr) SaveField(*v, out);
  } else if constexpr (kIsMap<T> || kIsSet<T> || kIsVector<T>) {
    out.U32(static_cast<std::uint32_t>(v.size()));
    for (const auto& e : v) SaveField(e, out);
  } else if constexpr (requires { v.Save(out); }) {
    v.Save(out);
  } else {
    std::apply(save, T::Saved(v));
  }
}

template <class T>
void LoadField(T& v, StateReader& in);

// A number of entries; none when there are more than any table holds, or than the rest of the file could.
inline std::size_t LoadCount(StateReader& in) noexcept {
  const std::size_t n = in.Count(1);
  if (n > kMostSavedKeys) in.Fail();
  return in.failed() ? 0 : n;
}

// `make()` gives a fresh value, where a map's values cannot be made from nothing. Of zones that are one by now the
// first stays.
template <class Map, class Make>
void LoadMap(Map& map, StateReader& in, Make&& make) {
  map.clear();
  for (std::size_t n = LoadCount(in); n > 0 && !in.failed(); --n) {
    typename Map::key_type key{};
    auto value = make();
    LoadField(key, in);
    LoadField(value, in);
    if (!in.failed()) map.emplace_hint(map.end(), std::move(key), std::move(value));
  }
}

template <class T>
void LoadField(T& v, StateReader& in) {
  using namespace saved_form;
  const auto load = [&](auto&&... fields) { (LoadField(fields, in), ...); };
  if constexpr (kIsZone<T>) {
    v.id = in.Zone();
  } else if constexpr (kIsType<T>) {
    v.id = in.Type();
  } else if constexpr (kIsSetTime<T>) {
    v.time = in.Time();
  } else if constexpr (std::is_same_v<T, bool>) {
    v = in.Bool();
  } else if constexpr (std::is_same_v<T, double>) {
    v = std::bit_cast<double>(in.U64());
    if (!(v >= 0 && v <= kMostSavedSum)) v = 0, in.Fail();
  } else if constexpr (std::is_enum_v<T>) {
    const std::uint8_t written = in.U8();
    if (written > static_cast<std::uint8_t>(LastOf(T{}))) return in.Fail();  // LastOf: beside the enum
    v = static_cast<T>(written);
  } else if constexpr (std::is_integral_v<T>) {
    in.Raw(&v, sizeof v);
  } else if constexpr (std::is_same_v<T, std::string>) {
    v = in.String(kMaxSavedText);
  } else if constexpr (kIsWindows<T>) {
    v.Load(in, [&](auto& accumulator) { LoadField(accumulator, in); });
  } else if constexpr (kIsPair<T>) {
    load(v.first, v.second);
  } else if constexpr (kIsArray<T>) {
    for (auto& e : v) LoadField(e, in);
  } else if constexpr (kIsPointer<T>) {
    v.reset();
    if (!in.Bool()) return;
    v = std::make_unique<typename T::element_type>();
    LoadField(*v, in);
  } else if constexpr (kIsMap<T>) {
    LoadMap(v, in, [] { return typename T::mapped_type{}; });
  } else if constexpr (kIsSet<T>) {
    v.clear();
    for (std::size_t n = LoadCount(in); n > 0 && !in.failed(); --n) {
      typename T::key_type key{};
      LoadField(key, in);
      v.insert(std::move(key));
    }
  } else if constexpr (kIsVector<T>) {
    v.clear();
    for (std::size_t n = LoadCount(in); n > 0 && !in.failed(); --n) LoadField(v.emplace_back(), in);
  } else if constexpr (requires { v.Load(in); }) {
    v.Load(in);
  } else {
    std::apply(load, T::Saved(v));
  }
}

template <class... T>
void SaveAll(SnapshotWriter& out, const T&... fields) {
  (SaveField(fields, out), ...);
}
// What Detector::Load returns.
template <class... T>
bool LoadAll(StateReader& in, T&... fields) {
  (LoadField(fields, in), ...);
  return !in.failed();
}

// A sketch::KeyedTable. `hash(key)` under the key of the table that reads; what it has no room for is left out.
template <class Table>
void SaveTable(const Table& table, SnapshotWriter& out) {
  out.U32(static_cast<std::uint32_t>(table.size()));
  table.ForEach([&](const typename Table::Entry& e) { SaveAll(out, e.key, e.origin, e.weight, e.value); });
}
template <class Table, class Hash>
void LoadTable(Table& table, StateReader& in, Hash&& hash) {
  const auto nobody = [](const typename Table::Entry&) {};
  for (std::size_t n = LoadCount(in); n > 0; --n) {
    typename Table::Entry read{};
    if (!LoadAll(in, read.key, read.origin, read.weight, read.value)) return;
    auto* const entry = table.FindOrAdd(hash(read.key), read.key, read.origin, nobody);
    if (entry == nullptr) continue;  // the ceiling is lower than it was
    entry->value = std::move(read.value);
    table.Update(*entry, entry->value.bytes(), read.weight, nobody);
  }
}

}  // namespace gander::detect

#endif  // GANDER_DETECT_STATE_SNAPSHOT_FIELDS_H_
