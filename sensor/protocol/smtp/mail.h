// SPDX-License-Identifier: Apache-2.0
// One mail of a session: its envelope, its message on the way to content/, its event.
#ifndef GANDER_PROTOCOL_SMTP_MAIL_H_
#define GANDER_PROTOCOL_SMTP_MAIL_H_

#include <string>
#include <string_view>

#include "base/pool.h"
#include "protocol/mime/mail_headers.h"
#include "protocol/parser.h"

namespace gander::protocol::smtp {

class Mail {
 public:
  static constexpr std::size_t kMaxRecipients = 1000;
  static constexpr std::size_t kMaxRecipientBytes = 64 * 1024;
  static constexpr std::size_t kMaxAddress = 1024;

  void Reset() noexcept;

  void SetHelo(std::string_view name) noexcept { helo_.assign(name.substr(0, kMaxAddress)); }
  void SetSender(std::string_view address) noexcept;
  // False when there are more than the event holds.
  bool AddRecipient(std::string_view address) noexcept;

  bool data_open() const noexcept { return data_open_; }
  bool has_envelope() const noexcept { return has_sender_ || recipients_ > 0; }

  // The message's bytes. The body opens with the first.
  void Message(Bytes bytes, Direction client, MessageSink& sink) noexcept;
  // Bytes of the message are missing: what follows is a body of its own, without the headers that explain it.
  void Gap(Direction client, MessageSink& sink) noexcept;
  // The mail is over, with its event. `complete`: the end of the data was seen.
  void Finish(bool complete, Direction client, MessageSink& sink) noexcept;
  // The session goes on in another protocol: what is known of it, if no mail has told.
  void TellSession(Direction client, MessageSink& sink) noexcept;
  // The event of the mail at hand, as far as it has come.
  void Describe(std::uint32_t tx_id, Record& out) const noexcept;

 private:
  // What is needed while a mail is at hand.
  struct Letter {
    std::string sender, recipients;  // a zero byte behind each recipient
    mime::MailHeaders headers;
    Record record;
    void Clear() noexcept;
  };
  void WriteEnvelope(Record& out) const noexcept;

  std::string helo_;
  Borrowed<Letter, 64> letter_;
  bool has_sender_ = false;
  bool data_open_ = false;  // a body is open
  bool data_seen_ = false;  // this mail has data
  bool gap_ = false;
  std::size_t recipients_ = 0;
  std::uint32_t tx_id_ = 0;
};

}  // namespace gander::protocol::smtp

#endif  // GANDER_PROTOCOL_SMTP_MAIL_H_
