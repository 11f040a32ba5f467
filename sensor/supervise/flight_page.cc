// SPDX-License-Identifier: Apache-2.0
#include "supervise/flight_page.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace gander::supervise {
namespace {

constexpr std::size_t kBytes = sizeof(FlightPage);

FlightPage* Map(int fd) noexcept {
  void* const at = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  return at == MAP_FAILED ? nullptr : static_cast<FlightPage*>(at);
}

}  // namespace

Result<SharedPage> SharedPage::Make() {
  const int fd = ::memfd_create("gander-flight", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  // Who could cut it short could kill the supervisor by it.
  constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  if (fd >= 0 && ::ftruncate(fd, kBytes) == 0 && ::fcntl(fd, F_ADD_SEALS, kSeals) == 0) {
    if (FlightPage* const page = Map(fd)) return SharedPage(::new (page) FlightPage, fd);
  }
  const int why = errno;
  if (fd >= 0) ::close(fd);
  return Fail("process.supervise", 0, std::string("no page to share with the sensor: ") + std::strerror(why),
              "--set process.supervise=false runs without a supervisor");
}

SharedPage SharedPage::Inherited() {
  const char* const told = std::getenv(kPageVariable);
  if (told == nullptr) return {};
  const std::string_view text(told);
  int fd = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), fd);
  const bool number = error == std::errc() && end == text.data() + text.size() && fd > STDERR_FILENO;
  ::unsetenv(kPageVariable);
  struct stat status {};
  if (!number || ::fstat(fd, &status) != 0 || status.st_size != static_cast<off_t>(kBytes)) return {};
  FlightPage* const page = Map(fd);
  ::close(fd);
  if (page == nullptr) return {};
  if (page->magic == FlightPage::kMagic) return SharedPage(page, -1);
  ::munmap(page, kBytes);
  return {};
}

SharedPage::SharedPage(SharedPage&& other) noexcept
    : page_(std::exchange(other.page_, nullptr)), fd_(std::exchange(other.fd_, -1)) {}

SharedPage& SharedPage::operator=(SharedPage&& other) noexcept {
  std::swap(page_, other.page_);
  std::swap(fd_, other.fd_);
  return *this;
}

SharedPage::~SharedPage() {
  if (page_ != nullptr) ::munmap(page_, kBytes);
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace gander::supervise
