// SPDX-License-Identifier: Apache-2.0
#include "protocol/smtp/mail.h"

#include <algorithm>

#include "base/renew.h"

namespace gander::protocol::smtp {

void Mail::Reset() noexcept {
  Renew(*this, {}, &Mail::helo_, &Mail::sender_, &Mail::recipient_text_, &Mail::headers_, &Mail::record_);
}

void Mail::SetSender(std::string_view address) noexcept {
  sender_.assign(address.substr(0, kMaxAddress));
  has_sender_ = true;
}

bool Mail::AddRecipient(std::string_view address) noexcept {
  address = address.substr(0, std::min(kMaxAddress, address.find('\0')));
  if (recipients_ == kMaxRecipients || recipient_text_.size() + address.size() >= kMaxRecipientBytes)
    return false;
  recipient_text_.append(address).push_back('\0');
  ++recipients_;
  return true;
}

void Mail::Message(Bytes bytes, Direction client, MessageSink& sink) noexcept {
  if (!data_open_) {
    data_open_ = true;
    if (!data_seen_) headers_.Reset();
    BodyMeta meta;
    meta.where = "smtp.data";
    meta.direction = client;
    meta.content_type = gap_ ? "" : "message/rfc822";
    meta.tx_id = tx_id_;
    sink.OnBodyBegin(meta);
  }
  data_seen_ = true;
  if (bytes.empty()) return;
  if (!gap_) headers_.Feed(bytes);
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
    record_.Clear();
    WriteEnvelope(record_);
    if (data_seen_) headers_.Write(complete && !gap_, record_);
    sink.OnEvent("smtp", tx_id_, client, record_);
    ++tx_id_;
  }
  has_sender_ = data_open_ = data_seen_ = gap_ = false;
  recipients_ = 0;
  sender_.clear();
  recipient_text_.clear();
}

void Mail::TellSession(Direction client, MessageSink& sink) noexcept {
  if (tx_id_ > 0 || helo_.empty()) return;
  record_.Clear();
  WriteEnvelope(record_);
  sink.OnEvent("smtp", tx_id_++, client, record_);
}

void Mail::Describe(std::uint32_t tx_id, Record& out) const noexcept {
  if (tx_id != tx_id_) return;
  WriteEnvelope(out);
  headers_.Describe(out);
}

void Mail::WriteEnvelope(Record& out) const noexcept {
  out.BeginObject("smtp");
  if (!helo_.empty()) out.String("helo", helo_, Privacy::kIdentifier);
  if (has_sender_) out.String("mail_from", sender_, Privacy::kPersonal);
  if (recipients_ > 0) {
    out.BeginArray("rcpt_to");
    for (std::string_view rest = recipient_text_; !rest.empty();) {
      const std::size_t end = rest.find('\0');
      out.String(nullptr, rest.substr(0, end), Privacy::kPersonal);
      rest.remove_prefix(end + 1);
    }
    out.EndArray();
  }
  out.EndObject();
}

}  // namespace gander::protocol::smtp
