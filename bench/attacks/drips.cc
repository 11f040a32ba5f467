// SPDX-License-Identifier: Apache-2.0
// Conversations of every protocol, as its fuzz seeds have them, at one byte a segment.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "attacks/attack.h"
#include "corpus/conversation.h"

namespace gander::bench {
namespace {

namespace fs = std::filesystem;

struct Stretch {
  bool to_server;
  std::string bytes;
};
using Talk = std::vector<Stretch>;

// As tests/fuzz/protocol_talk.h reads a seed: a byte that says direction (bit 0), a gap (bit 1) and length (the rest,
// in steps of four, 63 for all there is), then the bytes. Gaps are left out.
Talk ReadSeed(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  Talk talk;
  for (std::size_t at = 0; at < all.size();) {
    const unsigned code = static_cast<std::uint8_t>(all[at++]);
    const std::size_t left = all.size() - at;
    const std::size_t length = code >> 2 == 63 ? left : std::min<std::size_t>((code >> 2) * 4, left);
    talk.push_back({(code & 1) == 0, all.substr(at, length)});
    at += length;
  }
  return talk;
}

// Behind a seed its last stretch again and again, so that what a parser keeps of an unfinished message can grow.
constexpr std::size_t kLeast = 4'000;

Sender Drip(Random random, std::shared_ptr<const std::vector<Talk>> talks, std::uint16_t port) {
  return [random, talks, port, n = 0u](FrameWriter& out) mutable {
    const Talk& talk = (*talks)[n++ % talks->size()];
    if (talk.empty()) return;
    TcpConnection connection(ClientOf(n), {kVictim.address, port}, random);
    connection.Open(out);
    std::size_t sent = 0;
    const auto say = [&](const Stretch& stretch) {
      for (const char& byte : stretch.bytes) connection.SendOne(out, stretch.to_server, {&byte, 1});
      sent += stretch.bytes.size() + 1;
    };
    for (const Stretch& stretch : talk) say(stretch);
    while (sent < kLeast) say(talk.back());
    connection.Close(out);
  };
}

// Servers' ports help some probes.
std::uint16_t PortOf(const std::string& protocol) {
  static const std::pair<const char*, std::uint16_t> kPorts[] = {
      {"ftp", 21}, {"smtp", 25}, {"imap", 143}, {"pop3", 110}, {"smb", 445}, {"tls", 443}, {"mysql", 3306},
      {"pgsql", 5432}, {"tds", 1433}, {"redis", 6379}, {"mongodb", 27017}, {"kafka", 9092}, {"ldap", 389},
      {"memcached", 11211}, {"cassandra", 9042}, {"amqp", 5672}, {"mqtt", 1883}, {"telnet", 23}, {"irc", 6667},
      {"xmpp", 5222}, {"nntp", 119}, {"sip", 5060}, {"socks", 1080}, {"s7", 102}, {"modbus", 502}, {"dnp3", 20000},
      {"iec104", 2404}, {"rpc", 111}, {"nfs", 2049}, {"ssh", 22}};
  for (const auto& [name, port] : kPorts) {
    if (protocol == name) return port;
  }
  return 80;
}

}  // namespace

std::vector<Attack> DripAttacks(const std::string& seeds) {
  std::vector<Attack> attacks;
  for (const auto& folder : fs::directory_iterator(seeds)) {
    const std::string name = folder.path().filename();
    if (!name.starts_with("protocol_")) continue;
    const std::string protocol = name.substr(name.find('_') + 1);
    std::vector<fs::path> paths;
    for (const auto& seed : fs::directory_iterator(folder)) paths.push_back(seed.path());
    std::sort(paths.begin(), paths.end());
    auto talks = std::make_shared<std::vector<Talk>>();
    for (const fs::path& path : paths) talks->push_back(ReadSeed(path));
    attacks.push_back({"drip-" + protocol, protocol + " at one byte a segment",
                       [=](Random r) { return Drip(r, talks, PortOf(protocol)); }});
  }
  std::sort(attacks.begin(), attacks.end(), [](const Attack& a, const Attack& b) { return a.name < b.name; });
  return attacks;
}

}  // namespace gander::bench
