// SPDX-License-Identifier: Apache-2.0
// A stack of its own for a library that pulls its input, in a program that is pushed. The library runs on the fiber;
// when it wants bytes that are not there, or has some to give, Yield() takes the thread back to whoever called
// Resume().
//
// makecontext(3) and swapcontext(3); a switch there and back costs about half a microsecond. Never moves between
// threads.
#ifndef GANDER_CONTENT_FIBER_H_
#define GANDER_CONTENT_FIBER_H_

#include <ucontext.h>

#include <cstddef>

namespace gander::content {

class Fiber {
 public:
  // Of address space; what the library touches of it becomes memory. A guard page stands below.
  static constexpr std::size_t kStackBytes = 256 * 1024;

  // Without a stack when the system has no memory for one: Start() then says so.
  Fiber() noexcept;
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Makes ready to run `entry(argument)` from the first Resume() on. False without a stack. Not while running().
  bool Start(void (*entry)(void*), void* argument) noexcept;
  // Runs until the fiber yields or its entry returns. Only while running(), and not on the fiber.
  void Resume() noexcept;
  // On the fiber: back to whoever resumed it.
  void Yield() noexcept;
  // Started and not at its end.
  bool running() const noexcept { return running_; }
  // Forgets the call that is going on. Whoever asks for it answers for what that call holds.
  void Abandon() noexcept { running_ = false; }

 private:
  static void Enter(unsigned high, unsigned low) noexcept;

  void* mapping_ = nullptr;
  std::byte* stack_ = nullptr;  // its lowest byte, above the guard page
  void (*entry_)(void*) = nullptr;
  void* argument_ = nullptr;
  bool running_ = false;
  ucontext_t resumer_;
  ucontext_t self_;
  // Of the sanitizers, which follow each switch.
  void* resumer_fake_stack_ = nullptr;
  void* own_fake_stack_ = nullptr;
  const void* resumer_bottom_ = nullptr;
  std::size_t resumer_bytes_ = 0;
  void* thread_of_resumer_ = nullptr;
  void* thread_of_self_ = nullptr;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_FIBER_H_
