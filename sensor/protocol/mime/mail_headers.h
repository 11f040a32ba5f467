// SPDX-License-Identifier: Apache-2.0
// What the "email" object of an event tells of a message: read from a bounded copy of its headers while the
// message passes by. Taking the message apart is the duty of content/.
#ifndef GANDER_PROTOCOL_MIME_MAIL_HEADERS_H_
#define GANDER_PROTOCOL_MIME_MAIL_HEADERS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/record.h"

namespace gander::protocol::mime {

class MailHeaders {
 public:
  static constexpr std::size_t kMaxHeaders = 16 * 1024;  // of the top headers
  static constexpr std::size_t kMaxPartLine = 1024;      // of a part's header field that may name a file
  static constexpr std::size_t kMaxAttachments = 64;
  static constexpr std::size_t kMaxNames = 8 * 1024;  // all attachments' names together
  static constexpr std::size_t kMaxAddresses = 1000;  // of To and Cc each

  // Another message begins.
  void Reset() noexcept;
  void Feed(Bytes message) noexcept;
  // Writes {"status", "from", "to", "cc", "subject", "message_id", "attachment"} as the object "email".
  void Write(bool complete, Record& out) noexcept;
  // The same of a message that still passes by, without its attachments: how many are known so far depends on how its
  // bytes came.
  void Describe(Record& out) const noexcept;

 private:
  enum class At : std::uint8_t { kHeaders, kBody };

  void BodyLines(std::string_view text) noexcept;
  void PartLine(std::string_view line) noexcept;
  void FinishPartField() noexcept;
  std::string_view Header(std::string_view name) const noexcept;
  void WriteHeaders(const char* status, Record& out) const noexcept;
  static void WriteAddresses(const char* key, std::string_view list, Record& out) noexcept;

  At at_ = At::kHeaders;
  std::string headers_;      // as on the wire, up to kMaxHeaders
  bool line_begun_ = false;  // the header line at hand has bytes other than CR
  std::string part_line_;    // a line that may be Content-Disposition or Content-Type, or goes on with one
  std::string part_field_;
  bool skip_line_ = false;
  std::string names_;  // attachments' names, each followed by a zero byte
  std::size_t attachments_ = 0;
  mutable std::string scratch_, value_;  // working memory
};

}  // namespace gander::protocol::mime

#endif  // GANDER_PROTOCOL_MIME_MAIL_HEADERS_H_
