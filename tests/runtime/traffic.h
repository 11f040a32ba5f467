// SPDX-License-Identifier: Apache-2.0
// Conversations that carry people's data over several protocols, made from a seed.
#ifndef GANDER_TESTS_RUNTIME_TRAFFIC_H_
#define GANDER_TESTS_RUNTIME_TRAFFIC_H_

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "support/pcap_builder.h"

namespace gander::runtime {

struct Person {
  std::string name, email, card, ssn;
};

class People {
 public:
  explicit People(std::uint32_t seed) : random_(seed) {}

  Person Next() {
    static constexpr const char* kNames[] = {"alder",  "birch", "cedar", "hazel",
                                             "linden", "maple", "rowan", "willow"};
    const std::string number = std::to_string(++made_);
    const std::string name = kNames[random_() % 8];
    return {name, name + "." + number + "@people" + std::to_string(random_() % 90 + 10) + ".example.org",
            Card(), Ssn()};
  }

  std::string Csv(int rows) {
    std::string out = "name,email,ssn,card number\r\n";
    for (int i = 0; i < rows; ++i) {
      const Person p = Next();
      out += p.name + "," + p.email + "," + p.ssn + "," + p.card + "\r\n";
    }
    return out;
  }

  std::mt19937& random() { return random_; }

 private:
  std::string Digits(int n, unsigned low, unsigned high) {
    std::string out = std::to_string(low + random_() % (high - low + 1));
    return std::string(static_cast<std::size_t>(n) - out.size(), '0') + out;
  }

  // ISO/IEC 7812-1: the last digit makes the Luhn sum a multiple of ten.
  std::string Card() {
    std::string out = "4716" + Digits(6, 0, 999999) + Digits(5, 0, 99999);
    int sum = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      const int digit = (out[out.size() - 1 - i] - '0') * (i % 2 == 0 ? 2 : 1);
      sum += digit / 10 + digit % 10;
    }
    return out + std::to_string((10 - sum % 10) % 10);
  }

  std::string Ssn() { return Digits(3, 200, 600) + "-" + Digits(2, 11, 98) + "-" + Digits(4, 1001, 9998); }

  std::mt19937 random_;
  int made_ = 0;
};

inline std::string Base64Lines(std::string_view text) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < text.size() ? static_cast<std::uint8_t>(text[i + j]) : 0);
    for (std::size_t j = 0; j < 4; ++j)
      out += i + j <= text.size() ? kAlphabet[group >> (18 - 6 * j) & 63] : '=';
    if (i % 57 == 54) out += "\r\n";
  }
  return out + "\r\n";
}

// One thing that happens in a session, on one of its connections.
struct Turn {
  enum Kind { kOpen, kClient, kServer, kClose, kClientDatagram, kServerDatagram } kind;
  std::string text;
  std::size_t connection = 0;
};

struct Session {
  std::vector<FiveTuple> connections;  // client to server
  std::vector<Turn> turns;
};

inline Session HttpSession(const FiveTuple& tuple, People& people) {
  Session s{{tuple}, {{Turn::kOpen, {}}}};
  for (int request = 0; request < 2; ++request) {
    const std::string body = people.Csv(12);
    s.turns.push_back(
        {Turn::kClient, "POST /crm/import" + std::to_string(request) +
                            " HTTP/1.1\r\nHost: api.vendor.example\r\nContent-Type: text/csv\r\n"
                            "User-Agent: sync/1.0\r\nContent-Length: " +
                            std::to_string(body.size()) + "\r\n\r\n" + body});
    const std::string answer = "{\"owner\":\"" + people.Next().email + "\"}";
    s.turns.push_back(
        {Turn::kServer, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                            std::to_string(answer.size()) + "\r\n\r\n" + answer});
  }
  s.turns.push_back({Turn::kClose, {}});
  return s;
}

inline Session SmtpSession(const FiveTuple& tuple, People& people) {
  const std::string from = people.Next().email, to = people.Next().email;
  const std::string mail =
      "From: <" + from + ">\r\nTo: <" + to +
      ">\r\nSubject: list\r\nMIME-Version: 1.0\r\n"
      "Content-Type: multipart/mixed; boundary=\"cut\"\r\n\r\n--cut\r\nContent-Type: text/plain\r\n\r\nAs "
      "asked.\r\n"
      "--cut\r\nContent-Type: text/csv; name=\"list.csv\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
      Base64Lines(people.Csv(15)) + "--cut--\r\n.\r\n";
  return {{tuple},
          {{Turn::kOpen, {}},
           {Turn::kServer, "220 mx.example ESMTP\r\n"},
           {Turn::kClient, "EHLO office.example\r\n"},
           {Turn::kServer, "250-mx.example\r\n250 8BITMIME\r\n"},
           {Turn::kClient, "MAIL FROM:<" + from + ">\r\n"},
           {Turn::kServer, "250 ok\r\n"},
           {Turn::kClient, "RCPT TO:<" + to + ">\r\n"},
           {Turn::kServer, "250 ok\r\n"},
           {Turn::kClient, "DATA\r\n"},
           {Turn::kServer, "354 go\r\n"},
           {Turn::kClient, mail},
           {Turn::kServer, "250 queued\r\n"},
           {Turn::kClient, "QUIT\r\n"},
           {Turn::kServer, "221 bye\r\n"},
           {Turn::kClose, {}}}};
}

// Passive mode: the client fetches a file over a second connection.
inline Session FtpSession(const FiveTuple& tuple, People& people) {
  FiveTuple data = tuple;
  data.source_port = static_cast<std::uint16_t>(tuple.source_port + 1);
  data.destination_port = static_cast<std::uint16_t>(20000 + tuple.source_port % 10000);
  std::string host = tuple.destination.ToString();
  std::replace(host.begin(), host.end(), '.', ',');
  const std::string port =
      std::to_string(data.destination_port >> 8) + "," + std::to_string(data.destination_port & 255);
  return {{tuple, data},
          {{Turn::kOpen, {}},
           {Turn::kServer, "220 files\r\n"},
           {Turn::kClient, "USER batch\r\n"},
           {Turn::kServer, "331 password\r\n"},
           {Turn::kClient, "PASS none\r\n"},
           {Turn::kServer, "230 in\r\n"},
           {Turn::kClient, "PASV\r\n"},
           {Turn::kServer, "227 Entering Passive Mode (" + host + "," + port + ").\r\n"},
           {Turn::kClient, "RETR people.csv\r\n"},
           {Turn::kOpen, {}, 1},
           {Turn::kServer, "150 sending\r\n"},
           {Turn::kServer, people.Csv(15), 1},
           {Turn::kClose, {}, 1},
           {Turn::kServer, "226 done\r\n"},
           {Turn::kClient, "QUIT\r\n"},
           {Turn::kServer, "221 bye\r\n"},
           {Turn::kClose, {}}}};
}

// RFC 1035 §4: one question of type A and its answer.
inline Session DnsSession(FiveTuple tuple, const std::string& label) {
  tuple.protocol = ip_proto::kUdp;
  const std::string question =
      std::string(1, static_cast<char>(label.size())) + label + std::string("\7example\0\0\1\0\1", 13);
  const std::string counts("\0\1\0\0\0\0\0\0", 8), answers("\0\1\0\1\0\0\0\0", 8);
  return {{tuple},
          {{Turn::kClientDatagram, test::Hex("12 34 01 00") + counts + question},
           {Turn::kServerDatagram, test::Hex("12 34 81 80") + answers + question +
                                       test::Hex("c0 0c 00 01 00 01 00 00 00 3c 00 04 c6 33 64 07")}}};
}

inline Session UnknownSession(const FiveTuple& tuple, People& people) {
  Session s{{tuple}, {{Turn::kOpen, {}}}};
  for (int i = 0; i < 10; ++i) {
    const Person p = people.Next();
    s.turns.push_back(
        {Turn::kClient, "#upsert person mail=" + p.email + " ssn=" + p.ssn + " card=" + p.card + " ;\n"});
    s.turns.push_back({Turn::kServer, "#ok row " + std::to_string(i) + "\n"});
  }
  s.turns.push_back({Turn::kClose, {}});
  return s;
}

// All kinds over several pairs of hosts.
inline std::vector<Session> MixedSessions(std::uint32_t seed, int rounds = 2) {
  People people(seed);
  std::vector<Session> out;
  std::uint16_t port = 40000;
  for (int round = 0; round < rounds; ++round) {
    for (int host = 1; host <= 3; ++host) {
      const std::string client = "10.1.0." + std::to_string(host),
                        server = "198.51.100." + std::to_string(host);
      const auto tuple = [&](int twist, std::uint16_t to_port) {
        const std::string peer = "198.51.100." + std::to_string(host + twist);
        return test::Tuple(client.c_str(), port += 2, peer.c_str(), to_port);
      };
      out.push_back(HttpSession(tuple(0, 80), people));
      out.push_back(SmtpSession(tuple(10, 25), people));
      out.push_back(FtpSession(tuple(20, 21), people));
      out.push_back(DnsSession(tuple(30, 53), "api" + std::to_string(host)));
      out.push_back(UnknownSession(tuple(40, 7777), people));
    }
  }
  return out;
}

}  // namespace gander::runtime

#endif  // GANDER_TESTS_RUNTIME_TRAFFIC_H_
