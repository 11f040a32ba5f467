// SPDX-License-Identifier: Apache-2.0
// Reassembly of datagrams: order, overlap, contradiction, time and memory; and that every byte is accounted
// once.
#include "decode/fragment_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "frame_builder.h"

namespace gander::decode {
namespace {

Timestamp At(double seconds) { return {static_cast<std::int64_t>(seconds * 1e9)}; }

class FragmentTableTest : public testing::Test {
 protected:
  // Inserts bytes [offset, offset + data) of datagram `id`; returns the whole datagram or "".
  std::string Insert(std::uint32_t id, std::uint32_t offset, std::string_view data, bool more,
                     double time = 0) {
    Decoded f;
    f.status = Status::kFragment;
    f.ip_version = 4;
    f.tuple.source = IpAddress::FromV4(0x0a000001);
    f.tuple.destination = IpAddress::FromV4(0x0a000002);
    f.fragment_id = id;
    f.fragment_offset = offset;
    f.more_fragments = more;
    f.fragment_protocol = 17;
    f.payload = AsBytes(data);
    f.payload_missing = missing_;
    arrived_ += data.size();
    const Datagram whole = table_->Insert(f, At(time), counters_, ledger_);
    completed_ += whole.payload.size();
    EXPECT_EQ(whole.protocol, whole.complete ? 17 : 0);
    return std::string(AsText(whole.payload));
  }
  void Make(std::uint32_t memory) {
    options_.fragment_memory = memory;
    table_ = std::make_unique<FragmentTable>(options_, HashKey{1, 2});
  }
  void SetUp() override { Make(1 << 20); }
  void TearDown() override {
    EXPECT_EQ(ledger_.Sum() + completed_ + table_->held_bytes(), arrived_);
    table_->Flush(counters_, ledger_);
    EXPECT_EQ(table_->held_bytes(), 0u);
    EXPECT_EQ(table_->size(), 0u);
    EXPECT_EQ(ledger_.Sum() + completed_, arrived_);
  }

  Options options_;
  Counters counters_{};
  ByteLedger ledger_;
  std::unique_ptr<FragmentTable> table_;
  std::uint32_t missing_ = 0;
  std::uint64_t arrived_ = 0, completed_ = 0;
};

TEST_F(FragmentTableTest, AnyOrderCompletes) {
  const std::string pieces[] = {"01234567", "89abcdef", "ghi"};
  std::vector<int> order = {0, 1, 2};
  std::uint32_t id = 0;
  do {
    ++id;
    std::string whole;
    for (int i : order) whole = Insert(id, static_cast<std::uint32_t>(i) * 8, pieces[i], i < 2);
    EXPECT_EQ(whole, "0123456789abcdefghi");
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(counters_.fragments_reassembled, 6u);
  EXPECT_EQ(table_->size(), 0u);
}

TEST_F(FragmentTableTest, DatagramsDoNotMix) {
  Insert(1, 0, "aaaaaaaa", true);
  Insert(2, 0, "bbbbbbbb", true);
  EXPECT_EQ(Insert(1, 8, "A", false), "aaaaaaaaA");
  EXPECT_EQ(Insert(2, 8, "B", false), "bbbbbbbbB");
}

// The sequence of Novak's study, a letter a fragment and eight bytes a letter; what each family of hosts makes of it.
TEST_F(FragmentTableTest, OverlapsAreSettledAsTheReceiverDoes) {
  const auto units = [](char letter, int n) { return std::string(static_cast<std::size_t>(8 * n), letter); };
  const std::pair<OverlapPolicy, const char*> expected[] = {
      {OverlapPolicy::kFirst, "aaadbbccccff"}, {OverlapPolicy::kWindows, "aaadbbccccff"},
      {OverlapPolicy::kLast, "adddddeeecff"},  {OverlapPolicy::kBsd, "aaadddccccff"},
      {OverlapPolicy::kLinux, "aaadddccccff"},
  };
  for (const auto& [policy, letters] : expected) {
    options_.hosts.fallback = policy;
    table_ = std::make_unique<FragmentTable>(options_, HashKey{1, 2});
    counters_.fragments_overlapping = 0;
    Insert(1, 0, units('a', 3), true);
    Insert(1, 32, units('b', 2), true);
    Insert(1, 48, units('c', 4), true);
    Insert(1, 8, units('d', 5), true);
    Insert(1, 48, units('e', 3), true);
    const std::string whole = Insert(1, 80, units('f', 2), false);
    std::string seen;
    for (std::size_t i = 0; i < whole.size(); i += 8) seen += whole[i];
    EXPECT_EQ(seen, letters) << NameOf(policy);
    EXPECT_EQ(counters_.fragments_overlapping, 3u) << "over a, over b, over c";
  }
}

// A fragment that lies in several pieces of memory wins or loses as one.
TEST_F(FragmentTableTest, OverlapsAcrossPieces) {
  options_.hosts.fallback = OverlapPolicy::kBsd;
  table_ = std::make_unique<FragmentTable>(options_, HashKey{1, 2});
  const std::string early(4000, 'e'), late(4000, 'l');
  Insert(1, 800, early, true);
  Insert(1, 1600, late, true);  // begins later: loses where they overlap
  Insert(2, 800, early, true);
  Insert(2, 0, late, true);     // begins earlier: wins
  EXPECT_EQ(Insert(2, 4800, "end", false), late + early.substr(0, 800) + "end");
  EXPECT_EQ(Insert(1, 5600, "end", false), "");
  EXPECT_EQ(Insert(1, 0, std::string(800, 'x'), true), std::string(800, 'x') + early + late.substr(0, 800) + "end");
}

TEST_F(FragmentTableTest, RepeatedFragmentIsADuplicate) {
  Insert(1, 0, "01234567", true);
  Insert(1, 0, "01234567", true);
  EXPECT_EQ(ledger_.Of(ByteFate::kDuplicate), 8u);
}

TEST_F(FragmentTableTest, ContradictionsAreRejected) {
  Insert(1, 0, "01234567", true);
  Insert(1, 8, "end", false);
  EXPECT_EQ(counters_.fragments_reassembled, 1u);
  Insert(2, 16, "end", false);
  EXPECT_EQ(Insert(2, 24, "beyond the end..", true), "");
  EXPECT_EQ(Insert(2, 16, "another end", false), "");
  EXPECT_EQ(Insert(2, 0, "not of eight", true), "");
  EXPECT_EQ(Insert(2, 65528, "01234567", true), "");
  EXPECT_EQ(Insert(2, 0, "", true), "");
  EXPECT_EQ(counters_.fragments_dropped, 5u);
  EXPECT_EQ(ledger_.Of(ByteFate::kLostFragment), 16u + 11 + 12 + 8);
  EXPECT_EQ(Insert(2, 0, "0123456789abcdef", true), "0123456789abcdefend") << "the datagram survives them";
}

TEST_F(FragmentTableTest, LargestDatagram) {
  std::string big(65528, 'x');
  EXPECT_EQ(Insert(1, 0, big, true), "");
  EXPECT_EQ(Insert(1, 65528, "1234567", false).size(), 65535u);
  EXPECT_EQ(Insert(2, 65528, "12345678", false), "") << "one byte too long";
}

TEST_F(FragmentTableTest, TimeoutGivesUpAndIsBooked) {
  Insert(1, 0, "01234567", true, 0);
  table_->Expire(At(30), counters_, ledger_);
  EXPECT_EQ(table_->size(), 1u);
  table_->Expire(At(30.1), counters_, ledger_);
  EXPECT_EQ(table_->size(), 0u);
  EXPECT_EQ(ledger_.Of(ByteFate::kLostFragment), 8u);
  EXPECT_EQ(counters_.fragments_timed_out, 1u);
}

TEST_F(FragmentTableTest, LateFragmentBeginsAnewWithoutExpire) {
  Insert(1, 0, "01234567", true, 0);
  EXPECT_EQ(Insert(1, 8, "end", false, 31), "");
  EXPECT_EQ(ledger_.Of(ByteFate::kLostFragment), 8u);
}

TEST_F(FragmentTableTest, CutFragmentNeverCompletes) {
  missing_ = 4;
  EXPECT_EQ(Insert(1, 0, "0123", true), "");
  missing_ = 0;
  EXPECT_EQ(Insert(1, 8, "end", false), "");
}

TEST_F(FragmentTableTest, FullTableGivesUpTheOldest) {
  Make(64 << 10);
  const std::string data(512, 'd');
  for (std::uint32_t id = 0; id < 200; ++id) Insert(id, 0, data, true);
  EXPECT_GT(ledger_.Of(ByteFate::kLostFragmentCap), 0u);
  EXPECT_EQ(Insert(199, 512, "end", false).size(), 515u);
  EXPECT_EQ(Insert(0, 512, "end", false), "");
}

TEST_F(FragmentTableTest, OneDatagramMayNotTakeItAll) {
  Make(4 << 20);
  // Every second eight bytes, backwards: nothing joins.
  for (std::uint32_t i = 4000; i > 0; --i) Insert(1, i * 16, "01234567", true);
  EXPECT_GT(ledger_.Of(ByteFate::kLostFragmentCap), 0u);
  EXPECT_LE(table_->held_bytes(), FragmentTable::kMaxPieces * 8u);
}

TEST_F(FragmentTableTest, AgreesWithASlowModel) {
  options_.hosts.fallback = OverlapPolicy::kFirst;
  Make(options_.fragment_memory);
  std::mt19937 random(5);
  for (std::uint32_t id = 0; id < 300; ++id) {
    const std::uint32_t units = 1 + random() % 400;
    std::map<std::uint32_t, char> model;
    std::string whole;
    for (int step = 0; step < 2000 && whole.empty(); ++step) {
      const std::uint32_t from = random() % units, count = 1 + random() % 60;
      const bool last = from + count >= units;
      std::string data((last ? units - from : count) * 8, '\0');
      for (char& c : data) c = static_cast<char>(random());
      for (std::uint32_t i = 0; i < data.size(); ++i) model.emplace(from * 8 + i, data[i]);
      whole = Insert(id, from * 8, data, !last);
    }
    ASSERT_EQ(whole.size(), units * 8);
    for (const auto& [offset, c] : model) ASSERT_EQ(whole[offset], c);
  }
}

// A tunnel's fragments inside a datagram that was itself put together.
TEST_F(FragmentTableTest, DatagramInsideADatagram) {
  const std::string inner = Udp(1111, 2222, std::string(600, 'i'));
  const auto outer = [&](std::uint16_t fragment, const std::string& part) {
    return Ip4(4, Ip4(17, part, {.id = 9, .fragment = fragment}));
  };
  std::string result;
  std::uint64_t fates = 0, total = 0;
  std::uint16_t id = 100;
  for (const std::string& datagram : {outer(0x2000, inner.substr(0, 400)), outer(50, inner.substr(400))}) {
    ++id;
    const std::string content = datagram.substr(20);
    const std::string frames[] = {Ip4(4, content.substr(0, 200), {.id = id, .fragment = 0x2000}),
                                  Ip4(4, content.substr(200), {.id = id, .fragment = 25})};
    for (const std::string& frame : frames) {
      total += frame.size();
      Decoded d;
      Decode(LinkType::kRaw, AsBytes(frame), options_, counters_, d);
      fates += d.header_bytes;
      while (d.status == Status::kFragment) {
        const Datagram whole = table_->Insert(d, At(0), counters_, ledger_);
        if (!whole.complete) break;
        const Decoded from = d;
        DecodeReassembled(whole, from, options_, counters_, d);
        fates += d.header_bytes;
        if (d.status == Status::kOk) {
          EXPECT_EQ(d.tuple.destination_port, 2222);
          EXPECT_EQ(d.tunnel_count, 1);
          result = std::string(AsText(d.payload));
          fates += d.payload.size();
        }
      }
    }
  }
  EXPECT_EQ(result, std::string(600, 'i'));
  EXPECT_EQ(fates, total);
}

}  // namespace
}  // namespace gander::decode
