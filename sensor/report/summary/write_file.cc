// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "report/summary/summary.h"

namespace gander::report {

Result<bool> WriteFile(const std::string& path, const std::string& text) {
  const auto fail = [&] {
    return Fail(path, 0, std::string("cannot be written: ") + std::strerror(errno),
                "check that the directory exists, that this user may write there and that the disk has room");
  };
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (fd < 0) return fail();
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      const Failure failure = fail();
      ::close(fd);
      return failure;
    }
    done += static_cast<std::size_t>(n);
  }
  if (::close(fd) != 0) return fail();
  return true;
}

}  // namespace gander::report
