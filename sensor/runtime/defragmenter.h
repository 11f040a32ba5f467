// SPDX-License-Identifier: Apache-2.0
// Fragments in, the packets inside their datagrams out: of a worker, or of the dealer in front of several.
#ifndef GANDER_RUNTIME_DEFRAGMENTER_H_
#define GANDER_RUNTIME_DEFRAGMENTER_H_

#include "decode/fragment_table.h"

namespace gander::runtime {

class Defragmenter {
 public:
  // A datagram may hold a tunnel whose content is a fragment again: so many times Add may be called for one
  // frame.
  static constexpr std::size_t kMaxLevels = decode::kMaxTunnels + 1;

  Defragmenter(const decode::Options& options, const HashKey& key) : options_(options), table_(options, key) {}

  // Takes a fragment whose header bytes are accounted. True when it completed a datagram with something
  // readable in it: `inner`, kOk or kFragment again, its headers accounted, its payload valid until the next
  // call.
  bool Add(const decode::Decoded& fragment, Timestamp now, decode::Counters& counters, ByteLedger& ledger,
           decode::Decoded& inner) noexcept {
    const decode::Datagram whole = table_.Insert(fragment, now, counters, ledger);
    if (!whole.complete) return false;
    decode::DecodeReassembled(whole, fragment, options_, counters, inner);
    if (inner.status != decode::Status::kOk && inner.status != decode::Status::kFragment) {
      ledger.Add(ByteFate::kLostMalformed, whole.payload.size());
      return false;
    }
    ledger.Add(ByteFate::kHeaders, inner.header_bytes);
    return true;
  }

  // At the end of an epoch: gives up what waited too long, at the end of the run everything.
  void Expire(Timestamp end, bool final, decode::Counters& counters, ByteLedger& ledger) noexcept {
    table_.Expire(end, counters, ledger);
    if (final) table_.Flush(counters, ledger);
  }

 private:
  const decode::Options options_;
  decode::FragmentTable table_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_DEFRAGMENTER_H_
