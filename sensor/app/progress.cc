// SPDX-License-Identifier: Apache-2.0
#include "app/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace gander::app {
namespace {

constexpr auto kBarInterval = std::chrono::milliseconds(100);
constexpr auto kLineInterval = std::chrono::seconds(5);
constexpr int kBarWidth = 30;

}  // namespace

ProgressPrinter::ProgressPrinter(bool quiet)
    : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0), start_(Clock::now()), last_(start_ - kLineInterval) {}

ProgressPrinter::~ProgressPrinter() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
}

void ProgressPrinter::operator()(const runtime::Progress& p) {
  const Clock::time_point now = Clock::now();
  if (quiet_ || now - last_ < (terminal_ ? Clock::duration(kBarInterval) : Clock::duration(kLineInterval))) return;
  last_ = now;
  const double seconds = std::max(std::chrono::duration<double>(now - start_).count(), 1e-3);
  const double rate = static_cast<double>(p.bytes_done) / 1e6 / seconds;
  const double share =
      p.bytes_total > 0 ? std::min(1.0, static_cast<double>(p.bytes_done) / static_cast<double>(p.bytes_total)) : 0.0;
  if (!terminal_) {
    std::fprintf(stderr, "%s: %3.0f %%, %llu packets, %.0f MB/s\n", p.source.c_str(), share * 100,
                 static_cast<unsigned long long>(p.packets), rate);
    return;
  }
  const int filled = static_cast<int>(share * kBarWidth);
  std::fprintf(stderr, "\r\x1b[K[%s%s] %3.0f %%  %llu packets  %.0f MB/s", std::string(filled, '#').c_str(),
               std::string(kBarWidth - filled, '.').c_str(), share * 100, static_cast<unsigned long long>(p.packets),
               rate);
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace gander::app
