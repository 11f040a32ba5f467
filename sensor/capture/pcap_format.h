// SPDX-License-Identifier: Apache-2.0
// Classic pcap, version 2.4: micro- and nanosecond magic, Kuznetsov's variant, both byte orders
// (draft-ietf-opsawg-pcap).
#ifndef GANDER_CAPTURE_PCAP_FORMAT_H_
#define GANDER_CAPTURE_PCAP_FORMAT_H_

#include <array>

#include "base/result.h"
#include "capture/record_format.h"

namespace gander::capture {

class PcapFormat final : public RecordFormat {
 public:
  static constexpr std::size_t kFileHeader = 24;

  static bool Recognises(Bytes head) noexcept;  // at least 4 bytes
  // `head` begins with the file header. Errors name no file; the caller knows it.
  static Result<std::unique_ptr<RecordFormat>> Open(Bytes head);

  Outcome Read(Bytes& unread, Burst& burst) noexcept override;
  std::size_t head_bytes() const noexcept override { return kFileHeader; }

 private:
  struct Layout {
    bool swapped = false;
    std::uint32_t nanos_per_tick = 1000;
    std::uint32_t record_header = 16;  // bytes
    bool old_order = false;            // a version in which the lengths may be swapped
  };
  PcapFormat(const Layout& layout, LinkType link) : layout_(layout), link_(link) {}

  static bool LayoutOf(std::uint32_t magic, Layout& out) noexcept;
  template <bool kSwapped>
  Outcome ReadAs(Bytes& unread, Burst& burst) noexcept;

  // Asks for the headers of the record kPeriod further on, where they are likely to lie.
  void FetchAhead(const std::byte* record) noexcept;

  // Where the next record begins stands in this one: each header that is not in a cache is a wait for memory. Bulk
  // transfers go in steps of two full segments and an acknowledgement (RFC 9293 §3.8.6.3), so three records on lies
  // what lay three records back.
  static constexpr std::size_t kPeriod = 3;

  Layout layout_;
  LinkType link_;
  std::array<const std::byte*, kPeriod> latest_{};  // records, by their number modulo kPeriod
  std::size_t turn_ = 0;
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_PCAP_FORMAT_H_
