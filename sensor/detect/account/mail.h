// SPDX-License-Identifier: Apache-2.0
// What belongs to mail by nature.
#ifndef GANDER_DETECT_ACCOUNT_MAIL_H_
#define GANDER_DETECT_ACCOUNT_MAIL_H_

#include <string_view>

#include "detect/account/transfer_book.h"

namespace gander::detect {

// In mail the addresses of people are those of its own senders and recipients: nothing is told of them to others.
inline bool IsAddressOfMail(const Moved& m, const identify::RuleInfo& type) noexcept {
  return std::string_view(m.app_proto) == "smtp" && type.data_class == "contact";
}

}  // namespace gander::detect

#endif  // GANDER_DETECT_ACCOUNT_MAIL_H_
