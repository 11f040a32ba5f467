// SPDX-License-Identifier: Apache-2.0
// Chunks in, messages out; whatever comes, every byte has one place.
#include "stream/sctp_association.h"

#include <gtest/gtest.h>

#include <random>

namespace gander::stream {
namespace {

constexpr std::uint8_t kEnds = 1, kBegins = 2, kWhole = 3;

std::string Be(std::uint64_t v, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(i < 8 ? v >> 8 * i : 0);
  return out;
}

std::string Chunk(std::uint8_t type, std::uint8_t flags, const std::string& value) {
  std::string out = Be(type, 1) + Be(flags, 1) + Be(4 + value.size(), 2) + value;
  out.append((4 - out.size() % 4) % 4, '\0');
  return out;
}

std::string Data(std::uint8_t flags, std::uint32_t number, const std::string& text) {
  return Chunk(0, flags, Be(number, 4) + Be(7, 2) + Be(0, 2) + Be(0, 4) + text);
}

class Sink final : public ChunkSink {
 public:
  void OnChunk(const StreamChunk& chunk) noexcept override {
    EXPECT_TRUE(chunk.datagram);
    messages.emplace_back(AsText(chunk.bytes));
    bytes += chunk.bytes.size();
  }
  void OnFate(ByteFate fate, std::uint64_t n) noexcept override {
    bytes += n;
    if (fate == ByteFate::kDuplicate) duplicate += n;
  }
  void OnAlternate(Direction, Alternate, Bytes) noexcept override {}

  std::vector<std::string> messages;
  std::uint64_t bytes = 0, duplicate = 0;
};

class SctpAssociationTest : public testing::Test {
 protected:
  void Packet(const std::string& chunks, Direction d = Direction::kToServer) {
    sent_ += chunks.size();
    association_.OnPacket(d, AsBytes(chunks), Timestamp{}, memory_, counters_, sink_);
  }
  void End() {
    association_.DeliverHeld(memory_, counters_, sink_);
    EXPECT_EQ(memory_.held, 0u);
    EXPECT_EQ(sink_.bytes, sent_);
  }

  SctpAssociation association_;
  SctpMemory memory_;
  SctpCounters counters_{};
  Sink sink_;
  std::uint64_t sent_ = 0;
};

TEST_F(SctpAssociationTest, WholeMessagesOfAPacket) {
  Packet(Chunk(1, 0, Be(0, 16)), Direction::kToServer);
  Packet(Data(kWhole, 10, "one") + Data(kWhole, 11, "second"));
  Packet(Data(kWhole, 900, "answer") + Chunk(3, 0, Be(0, 12)), Direction::kToClient);
  EXPECT_EQ(sink_.messages, (std::vector<std::string>{"one", "second", "answer"}));
  EXPECT_EQ(association_.types_seen(),
            SctpAssociation::Bit(0) | SctpAssociation::Bit(1) | SctpAssociation::Bit(3));
  End();
}

TEST_F(SctpAssociationTest, FragmentsAreOneMessage) {
  Packet(Data(kBegins, 0xffffffff, "4111 1111 "));
  Packet(Data(0, 0, "1111 "));
  EXPECT_TRUE(sink_.messages.empty());
  Packet(Data(kEnds, 1, "1111"));
  EXPECT_EQ(sink_.messages, (std::vector<std::string>{"4111 1111 1111 1111"}));
  EXPECT_EQ(counters_.reassembled, 1u);
  End();
}

TEST_F(SctpAssociationTest, RepeatedChunksAreReadOnce) {
  Packet(Data(kWhole, 5, "a"));
  Packet(Data(kWhole, 7, "c"));
  Packet(Data(kWhole, 6, "b") + Data(kWhole, 5, "a") + Data(kWhole, 7, "c"));
  EXPECT_EQ(sink_.messages, (std::vector<std::string>{"a", "c", "b"}));
  EXPECT_EQ(sink_.duplicate, 2u);
  EXPECT_EQ(counters_.duplicates, 2u);
  End();
}

TEST_F(SctpAssociationTest, AFragmentThatIsMissingLeavesPieces) {
  Packet(Data(kBegins, 1, "head "));
  Packet(Data(kEnds, 3, "tail"));
  Packet(Data(0, 2, "late "));
  EXPECT_EQ(sink_.messages, (std::vector<std::string>{"head ", "tail", "late "}));
  End();
}

TEST_F(SctpAssociationTest, AMessageIsHeldUpToItsCap) {
  const std::string part(1000, 'x');
  for (std::uint32_t i = 0; i < 200; ++i) {
    Packet(Data(i == 0 ? kBegins : 0, i, part));
    EXPECT_LE(memory_.held, SctpAssociation::kMaxMessage);
  }
  EXPECT_GT(sink_.messages.size(), 100u);
  End();
}

TEST_F(SctpAssociationTest, WhatWasHeldAtTheEndIsDelivered) {
  Packet(Data(kBegins, 1, "unfinished"));
  End();
  EXPECT_EQ(sink_.messages, (std::vector<std::string>{"unfinished"}));
}

TEST_F(SctpAssociationTest, InterleavedDataIsRead) {
  Packet(Chunk(64, kWhole, Be(1, 4) + Be(0, 4) + Be(0, 4) + Be(0, 4) + "message"));
  EXPECT_EQ(sink_.messages, (std::vector<std::string>{"message"}));
  End();
}

TEST_F(SctpAssociationTest, DamageKeepsEveryByte) {
  std::mt19937 random(3);
  for (int i = 0; i < 20'000; ++i) {
    std::string packet;
    for (unsigned n = random() % 4; n > 0; --n) {
      packet += Data(static_cast<std::uint8_t>(random() % 4), random() % 80, std::string(random() % 30, 'd'));
    }
    for (unsigned n = random() % 3; n > 0 && !packet.empty(); --n)
      packet[random() % packet.size()] = static_cast<char>(random());
    packet.resize(random() % 2 == 0 ? packet.size() : random() % (packet.size() + 1));
    Packet(packet, random() % 2 == 0 ? Direction::kToServer : Direction::kToClient);
  }
  End();
}

}  // namespace
}  // namespace gander::stream
