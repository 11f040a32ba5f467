// SPDX-License-Identifier: Apache-2.0
#include "content/archive/fiber.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GANDER_ASAN_FIBERS
#endif
#if __has_feature(thread_sanitizer)
#define GANDER_TSAN_FIBERS
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define GANDER_ASAN_FIBERS
#endif
#if defined(__SANITIZE_THREAD__)
#define GANDER_TSAN_FIBERS
#endif

#ifdef GANDER_ASAN_FIBERS
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef GANDER_TSAN_FIBERS
#include <sanitizer/tsan_interface.h>
#endif

namespace gander::content {
namespace {

// What the sanitizers want to know of a switch; nothing in a build without them.
#ifdef GANDER_ASAN_FIBERS
void LeaveFor(void** fake_stack, const void* bottom, std::size_t bytes) {
  __sanitizer_start_switch_fiber(fake_stack, bottom, bytes);
}
void Arrived(void* fake_stack, const void** from_bottom, std::size_t* from_bytes) {
  __sanitizer_finish_switch_fiber(fake_stack, from_bottom, from_bytes);
}
void ForgetFrames(std::byte* stack, std::size_t bytes) { __asan_unpoison_memory_region(stack, bytes); }
#else
void LeaveFor(void**, const void*, std::size_t) {}
void Arrived(void*, const void**, std::size_t*) {}
void ForgetFrames(std::byte*, std::size_t) {}
#endif

#ifdef GANDER_TSAN_FIBERS
void* ThisThread() { return __tsan_get_current_fiber(); }
void* NewThread() { return __tsan_create_fiber(0); }
void EndThread(void* thread) { __tsan_destroy_fiber(thread); }
void SwitchThread(void* thread) { __tsan_switch_to_fiber(thread, 0); }
#else
void* ThisThread() { return nullptr; }
void* NewThread() { return nullptr; }
void EndThread(void*) {}
void SwitchThread(void*) {}
#endif

std::size_t PageBytes() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

}  // namespace

Fiber::Fiber() noexcept {
  const std::size_t guard = PageBytes();
  void* const mapping = mmap(nullptr, guard + kStackBytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) return;
  mapping_ = mapping;
  if (mprotect(mapping, guard, PROT_NONE) == 0) stack_ = static_cast<std::byte*>(mapping) + guard;
}

Fiber::~Fiber() {
  if (thread_of_self_ != nullptr) EndThread(thread_of_self_);
  if (mapping_ == nullptr) return;
  ForgetFrames(static_cast<std::byte*>(mapping_) + PageBytes(), kStackBytes);
  munmap(mapping_, PageBytes() + kStackBytes);
}

bool Fiber::Start(void (*entry)(void*), void* argument) noexcept {
  if (stack_ == nullptr || getcontext(&self_) != 0) return false;
  ForgetFrames(stack_, kStackBytes);
  if (thread_of_self_ != nullptr) EndThread(thread_of_self_);
  thread_of_self_ = NewThread();
  entry_ = entry;
  argument_ = argument;
  own_fake_stack_ = nullptr;
  self_.uc_stack.ss_sp = stack_;
  self_.uc_stack.ss_size = kStackBytes;
  self_.uc_link = nullptr;
  // makecontext(3) hands on ints only.
  const auto self = reinterpret_cast<std::uintptr_t>(this);
  makecontext(&self_, reinterpret_cast<void (*)()>(&Fiber::Enter), 2, static_cast<unsigned>(self >> 32),
              static_cast<unsigned>(self));
  running_ = true;
  return true;
}

void Fiber::Enter(unsigned high, unsigned low) noexcept {
  auto* const self = reinterpret_cast<Fiber*>(std::uintptr_t{high} << 32 | low);
  Arrived(nullptr, &self->resumer_bottom_, &self->resumer_bytes_);
  self->entry_(self->argument_);
  self->running_ = false;
  LeaveFor(nullptr, self->resumer_bottom_, self->resumer_bytes_);
  SwitchThread(self->thread_of_resumer_);
  setcontext(&self->resumer_);
}

void Fiber::Resume() noexcept {
  LeaveFor(&resumer_fake_stack_, stack_, kStackBytes);
  thread_of_resumer_ = ThisThread();
  SwitchThread(thread_of_self_);
  swapcontext(&resumer_, &self_);
  Arrived(resumer_fake_stack_, nullptr, nullptr);
}

void Fiber::Yield() noexcept {
  LeaveFor(&own_fake_stack_, resumer_bottom_, resumer_bytes_);
  SwitchThread(thread_of_resumer_);
  swapcontext(&self_, &resumer_);
  Arrived(own_fake_stack_, &resumer_bottom_, &resumer_bytes_);
}

}  // namespace gander::content
