// SPDX-License-Identifier: Apache-2.0
// Owners of what a C library made: std::unique_ptr<X509, Freed<X509_free>>.
#ifndef GANDER_BASE_FREED_H_
#define GANDER_BASE_FREED_H_

namespace gander {

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* made) const noexcept {
    kFree(made);
  }
};

}  // namespace gander

#endif  // GANDER_BASE_FREED_H_
