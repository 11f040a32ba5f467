// SPDX-License-Identifier: Apache-2.0
// What comes out of a pool must not know whom it served before. A list of members to reset forgets the one that was
// added last; here the members are listed that go on, emptied, and all others begin as their constructor makes them.
#ifndef GANDER_BASE_RENEW_H_
#define GANDER_BASE_RENEW_H_

#include <memory>
#include <type_traits>
#include <utility>

namespace gander {

// Takes away what `part` holds and leaves it its memory: Reset(), Clear() or clear() where it has one, else each of its
// elements; of a pointer what it points to.
template <class Part>
void Empty(Part& part) noexcept {
  if constexpr (requires { part.Reset(); }) {
    part.Reset();
  } else if constexpr (requires { part.Clear(); }) {
    part.Clear();
  } else if constexpr (requires { part.clear(); }) {
    part.clear();
  } else if constexpr (requires { part.get(); }) {
    if (part != nullptr) Empty(*part);
  } else {
    for (auto& each : part) Empty(each);
  }
}

// `object` becomes `fresh`, but for its members `kept`, which are emptied and keep their memory; what others hold is
// given back. Made anew in its place, since an assignment would keep the memory of a string.
//   void Reset() noexcept { Renew(*this, {}, &IrcParser::lines_, &IrcParser::nick_); }
template <class T, class... Kept>
void Renew(T& object, T fresh, Kept T::*... kept) noexcept {
  static_assert(std::is_final_v<T> || !std::is_polymorphic_v<T>, "a part of a larger object cannot be made anew");
  ((Empty(object.*kept), fresh.*kept = std::move(object.*kept)), ...);
  std::destroy_at(&object);
  std::construct_at(&object, std::move(fresh));
}

template <class T>
void Renew(T& object) noexcept {
  Renew(object, T());
}

}  // namespace gander

#endif  // GANDER_BASE_RENEW_H_
