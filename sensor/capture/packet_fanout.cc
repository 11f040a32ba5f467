// SPDX-License-Identifier: Apache-2.0
// The fanout program, in classic BPF, and joining of sockets.
#include "capture/packet_fanout.h"

#include <fmt/format.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "base/host_pair.h"

namespace gander::capture {
namespace {

constexpr std::uint32_t kIpv4 = 0x0800, kIpv6 = 0x86dd;
constexpr std::uint32_t kTags[] = {0x8100, 0x88a8, 0x9100, 0x9200};  // 802.1Q, 802.1ad, and its forerunners
constexpr std::uint32_t kMaxTags = 3;
constexpr std::uint32_t kTagBytes = 4;

// A program under way. Loads are relative to the link-layer or the network header, never to the packet's
// begin: a fanout program gets what arrives without, what leaves with its link-layer header in front.
class Assembler {
 public:
  explicit Assembler(std::vector<sock_filter>& out) : out_(out) {}

  void Add(unsigned code, std::uint32_t k = 0) {
    out_.push_back(BPF_STMT(static_cast<std::uint16_t>(code), k));
  }
  void LoadHalf(std::int32_t at) { Add(BPF_LD | BPF_H | BPF_ABS, static_cast<std::uint32_t>(at)); }
  void LoadWordAtX(std::int32_t at) { Add(BPF_LD | BPF_W | BPF_IND, static_cast<std::uint32_t>(at)); }
  void Store(std::uint32_t cell) { Add(BPF_ST, cell); }
  void Load(std::uint32_t cell) { Add(BPF_LD | BPF_MEM, cell); }
  void LoadX(std::uint32_t cell) { Add(BPF_LDX | BPF_MEM, cell); }
  void Multiply(std::uint32_t by) { Add(BPF_ALU | BPF_MUL | BPF_K, by); }
  void XorX() { Add(BPF_ALU | BPF_XOR | BPF_X); }
  void AddX() { Add(BPF_ALU | BPF_ADD | BPF_X); }
  void Return(std::uint32_t value) { Add(BPF_RET | BPF_K, value); }

  // "If A is `value`, go on with the statements of `then`, which end in a return."
  template <class Then>
  void IfEqual(std::uint32_t value, Then then) {
    const std::size_t jump = out_.size();
    Add(BPF_JMP | BPF_JEQ | BPF_K, value);
    then();
    out_[jump].jf = static_cast<std::uint8_t>(out_.size() - jump - 1);
  }

 private:
  std::vector<sock_filter>& out_;
};

enum Cell : std::uint32_t { kFirst, kSecond, kMixed, kFolded, kBase };

// kFirst and kSecond hold the two ends; both sum and exclusive or are the same either way round.
void ReturnPair(Assembler& a) {
  a.LoadX(kFirst);
  a.Load(kSecond);
  a.XorX();
  a.Multiply(host_pair::kXor);
  a.Store(kMixed);
  a.Load(kSecond);
  a.AddX();
  a.Multiply(host_pair::kSum);
  a.LoadX(kMixed);
  a.XorX();
  a.Add(BPF_MISC | BPF_TAX);
  a.Add(BPF_ALU | BPF_RSH | BPF_K, 16);
  a.XorX();
  a.Add(BPF_RET | BPF_A);
}

// `ip` is where the IP header is when X is 0; X holds the bytes of tags in front of it.
void ReturnIpv4(Assembler& a, std::int32_t ip) {
  for (const std::uint32_t end : {kFirst, kSecond}) {
    a.LoadWordAtX(ip + (end == kSecond ? 16 : 12));
    a.Add(BPF_ALU | BPF_ADD | BPF_K, host_pair::kMapped);
    a.Multiply(host_pair::kWord);
    a.Store(end);
  }
  ReturnPair(a);
}

// An address of four words becomes one: X is their index, so each sum takes it and gives it back.
void ReturnIpv6(Assembler& a, std::int32_t ip) {
  a.Add(BPF_MISC | BPF_TXA);
  a.Store(kBase);
  for (const std::uint32_t end : {kFirst, kSecond}) {
    for (std::int32_t word = 0; word < 4; ++word) {
      a.LoadWordAtX(ip + 8 + (end == kSecond ? 16 : 0) + 4 * word);
      if (word != 0) {
        a.LoadX(kFolded);
        a.AddX();
      }
      a.Multiply(host_pair::kWord);
      a.Store(word == 3 ? end : static_cast<std::uint32_t>(kFolded));
      a.LoadX(kBase);
    }
  }
  ReturnPair(a);
}

// A holds an ether type; goes on behind when it is not IP's.
void ReturnIfIp(Assembler& a, std::int32_t ip, std::uint32_t tag_bytes) {
  const auto with_tags = [&](auto body) {
    return [&a, ip, tag_bytes, body] {
      a.Add(BPF_LDX | BPF_W | BPF_IMM, tag_bytes);
      body(a, ip);
    };
  };
  a.IfEqual(kIpv4, with_tags(ReturnIpv4));
  a.IfEqual(kIpv6, with_tags(ReturnIpv6));
}

}  // namespace

std::vector<sock_filter> PacketFanout::Program(bool ethernet) {
  std::vector<sock_filter> program;
  Assembler a(program);
  if (!ethernet) {
    a.Add(BPF_LD | BPF_H | BPF_ABS, static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_PROTOCOL));
    ReturnIfIp(a, SKF_NET_OFF, 0);
    a.Return(0);
    return program;
  }
  for (std::uint32_t tags = 0; tags <= kMaxTags; ++tags) {
    const std::uint32_t bytes = tags * kTagBytes;
    a.LoadHalf(SKF_LL_OFF + 12 + static_cast<std::int32_t>(bytes));
    ReturnIfIp(a, SKF_LL_OFF + 14, bytes);
    // Any of the tags skips the return behind them.
    std::uint8_t behind = std::size(kTags);
    for (const std::uint32_t tag : kTags) {
      a.Add(BPF_JMP | BPF_JEQ | BPF_K, tag);
      program.back().jt = behind--;
    }
    a.Return(0);
  }
  a.Return(0);
  return program;
}

Result<bool> PacketFanout::Join(int socket) {
  const std::lock_guard lock(mutex_);
  const auto join = [socket](std::uint32_t group, std::uint32_t flags) {
    const auto argument = static_cast<int>(group | (PACKET_FANOUT_CBPF | flags) << 16);
    return setsockopt(socket, SOL_PACKET, PACKET_FANOUT, &argument, sizeof argument) == 0;
  };
  // A group whose interface was removed takes nobody any more; the kernel then finds a number for a new one.
  bool joined = made_ && join(group_, 0);
  if (!joined && join(0, PACKET_FANOUT_FLAG_UNIQUEID)) {
    int argument = 0;
    socklen_t size = sizeof argument;
    joined = getsockopt(socket, SOL_PACKET, PACKET_FANOUT, &argument, &size) == 0;
    group_ = static_cast<std::uint16_t>(argument);
    made_ = true;
  }
  // All members set the same program: a number that was free again has made a group without one.
  std::vector<sock_filter> program = Program(ethernet_);
  const sock_fprog argument{static_cast<std::uint16_t>(program.size()), program.data()};
  if (joined && setsockopt(socket, SOL_PACKET, PACKET_FANOUT_DATA, &argument, sizeof argument) == 0)
    return true;
  return Fail(interface_, 0,
              fmt::format("packets cannot be dealt out to several sockets: {}", std::strerror(errno)),
              "set capture.live.sockets to 1, or run a kernel of 4.12 or later");
}

}  // namespace gander::capture
