// SPDX-License-Identifier: Apache-2.0
#include "protocol/smtp/mail.h"

#include <algorithm>

#include "base/renew.h"

namespace gander::protocol::smtp {

void Mail::Letter::Clear() noexcept {
  sender.clear();
  recipients.clear();
  headers.Reset();
  record.Clear();
}

void Mail::Reset() noexcept { Renew(*this, {}, &Mail::helo_); }

void Mail::SetSender(std::string_view address) noexcept {
  letter_.Take().sender.assign(address.substr(0, kMaxAddress));
  has_sender_ = true;
}

bool Mail::AddRecipient(std::string_view address) noexcept {
  address = address.substr(0, std::min(kMaxAddress, address.find('\0')));
  std::string& text = letter_.Take().recipients;
  if (recipients_ == kMaxRecipients || text.size() + address.size() >= kMaxRecipientBytes) return false;
  text.append(address).push_back('\0');
  ++recipients_;
  return true;
}

void Mail::Message(Bytes bytes, Direction client, MessageSink& sink) noexcept {
  if (!data_open_) {
    data_open_ = true;
    BodyMeta meta;
    meta.where = "smtp.data";
    meta.direction = client;
    meta.content_type = gap_ ? "" : "message/rfc822";
    meta.tx_id = tx_id_;
    sink.OnBodyBegin(meta);
  }
  data_seen_ = true;
  if (bytes.empty()) return;
  if (!gap_) letter_.Take().headers.Feed(bytes);
  sink.OnBodyPart(client, bytes);
}

void Mail::Gap(Direction client, MessageSink& sink) noexcept {
  if (data_open_) sink.OnBodyEnd(client, BodyEnd::kGap);
  data_open_ = false;
  gap_ = true;
}

void Mail::Finish(bool complete, Direction client, MessageSink& sink) noexcept {
  if (data_open_) sink.OnBodyEnd(client, complete ? BodyEnd::kComplete : BodyEnd::kTruncated);
  if (has_envelope() || data_seen_) {
    Letter& letter = letter_.Take();
    WriteEnvelope(letter.record);
    if (data_seen_) letter.headers.Write(complete && !gap_, letter.record);
    sink.OnEvent("smtp", tx_id_, client, letter.record);
    ++tx_id_;
  }
  has_sender_ = data_open_ = data_seen_ = gap_ = false;
  recipients_ = 0;
  letter_.GiveBack();
}

void Mail::TellSession(Direction client, MessageSink& sink) noexcept {
  if (tx_id_ > 0 || helo_.empty()) return;
  Letter& letter = letter_.Take();
  WriteEnvelope(letter.record);
  sink.OnEvent("smtp", tx_id_++, client, letter.record);
  letter.record.Clear();
  if (!has_envelope()) letter_.GiveBack();
}

void Mail::Describe(std::uint32_t tx_id, Record& out) const noexcept {
  if (tx_id != tx_id_) return;
  WriteEnvelope(out);
  if (letter_) letter_->headers.Describe(out);
}

void Mail::WriteEnvelope(Record& out) const noexcept {
  out.BeginObject("smtp");
  if (!helo_.empty()) out.String("helo", helo_, Privacy::kIdentifier);
  if (has_sender_) out.String("mail_from", letter_->sender, Privacy::kPersonal);
  if (recipients_ > 0) {
    out.BeginArray("rcpt_to");
    for (std::string_view rest = letter_->recipients; !rest.empty();) {
      const std::size_t end = rest.find('\0');
      out.String(nullptr, rest.substr(0, end), Privacy::kPersonal);
      rest.remove_prefix(end + 1);
    }
    out.EndArray();
  }
  out.EndObject();
}

}  // namespace gander::protocol::smtp
