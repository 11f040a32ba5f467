// SPDX-License-Identifier: Apache-2.0
// How a struct or class says what of it is saved, once for both directions:
//
//   static auto Saved(auto& way) { return Fields(way.out, way.recipient, AsZone(way.from), AsSet(way.last_seen)); }
#ifndef GANDER_DETECT_STATE_FIELDS_H_
#define GANDER_DETECT_STATE_FIELDS_H_

#include <tuple>
#include <utility>

namespace gander::detect {

template <class... F>
std::tuple<F...> Fields(F&&... fields) noexcept {
  return {std::forward<F>(fields)...};
}

// A zone, or a kind of identifier, among the fields of a struct: their types are those of plain numbers.
template <class Id>
struct ZoneField {
  Id& id;
};
template <class Id>
ZoneField<Id> AsZone(Id& id) noexcept {
  return {id};
}
template <class Id>
struct TypeField {
  Id& id;
};
template <class Id>
TypeField<Id> AsType(Id& id) noexcept {
  return {id};
}

// A time that is always set, since ages are counted from it.
template <class Time>
struct SetTime {
  Time& time;
};
template <class Time>
SetTime<Time> AsSet(Time& time) noexcept {
  return {time};
}

}  // namespace gander::detect

#endif  // GANDER_DETECT_STATE_FIELDS_H_
