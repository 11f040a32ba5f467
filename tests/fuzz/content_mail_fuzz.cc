// SPDX-License-Identifier: Apache-2.0
// Mail, and what is written into it: uuencode, yEnc, base64, TNEF, mailboxes; cut anyhow. First byte: size of the
// parts, 0 = all at once; second: the label; the rest: the body.
#include "content_file.h"

namespace {

constexpr const char* kTypes[] = {"",
                                  "text/plain; charset=koi8-r",
                                  "message/rfc822",
                                  "application/ms-tnef",
                                  "application/mbox",
                                  "multipart/digest; boundary=b",
                                  "message/partial; number=1",
                                  "message/external-body"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  gander::protocol::BodyMeta meta;
  meta.where = "smtp.data";
  meta.content_type = kTypes[data[1] & 7];
  gander::content::ExpectTheSame(meta, {reinterpret_cast<const std::byte*>(data) + 2, size - 2}, data[0]);
  return 0;
}
