// SPDX-License-Identifier: Apache-2.0
// The account that a run continues under.
#ifndef GANDER_SANDBOX_USER_H_
#define GANDER_SANDBOX_USER_H_

#include <sys/types.h>

#include <string>

#include "sandbox/sandbox.h"

namespace gander::sandbox {

struct User {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  bool change = false;  // it is another than that of now
};

// As Options::user and keep_user say. Errors: there is no such user; only root may become another.
Result<User> FindUser(const Options& options);

// Groups, group and user of all threads; for good. Errors: the kernel refuses.
Result<bool> Become(const User& user);

}  // namespace gander::sandbox

#endif  // GANDER_SANDBOX_USER_H_
