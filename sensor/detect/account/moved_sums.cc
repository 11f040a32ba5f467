// SPDX-License-Identifier: Apache-2.0
#include "detect/account/moved_sums.h"

#include <span>

#include "base/hash.h"

namespace gander::detect {

std::uint64_t AddressTag(const IpAddress& address) noexcept {
  return SipHash24({}, std::as_bytes(std::span(address.octets)));
}

void MovedSums::AddEnds(const Moved& m) {
  if (m.sample < bundle.sample) {
    bundle.sample = m.sample;
    bundle.domain = m.domain;
    bundle.app_proto = app_proto = m.app_proto;
    bundle.from = m.from;
    bundle.to = m.to;
    sender = m.key.sender;
    recipient = m.key.recipient;
  }
  bundle.first_seen = std::min(bundle.first_seen, m.first_seen);
  bundle.last_seen = std::max(bundle.last_seen, m.last_seen);
  bundle.encrypted = bundle.encrypted && m.encrypted;
  senders.Insert(AddressTag(m.key.sender));
  recipients.Insert(AddressTag(m.key.recipient));
}

void MovedSums::Add(const Moved& m, Timestamp epoch_begin) {
  AddEnds(m);
  Strand& s = bundle.At(m.type, m.country);
  s.people.Merge(m.people);
  s.findings += m.findings;
  s.certain += m.certain;
  s.samples.Merge(m.samples);
  if (s.judged != epoch_begin || Badness(m.judgement.verdict) > Badness(s.judgement.verdict)) {
    s.judgement = m.judgement;
  }
  s.judged = epoch_begin;
}

std::uint64_t MovedSums::PeopleAtMost() const noexcept {
  std::uint64_t most = 0;
  for (const Strand& s : bundle.strands) most = std::max(most, s.people.Count().low);
  return most;
}

EndFigures EndsOf(const MovedSums& sums) {
  EndFigures ends;
  if (sums.senders.Count().estimate == 1) ends.sender = sums.sender.ToString();
  if (sums.recipients.Count().estimate == 1) ends.recipient = sums.recipient.ToString();
  ends.recipient_domain = sums.bundle.domain;
  ends.from = sums.bundle.from;
  ends.to = sums.bundle.to;
  ends.sources = sums.senders.Count().estimate;
  ends.app_proto = sums.bundle.app_proto;
  ends.encrypted = sums.bundle.encrypted;
  return ends;
}

}  // namespace gander::detect
