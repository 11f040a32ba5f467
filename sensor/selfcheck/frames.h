// SPDX-License-Identifier: Apache-2.0
// A capture in memory: Ethernet, IPv4, TCP and UDP around what two machines say to each other. Checksums are left at
// zero: whoever reads it does not verify them.
#ifndef GANDER_SELFCHECK_FRAMES_H_
#define GANDER_SELFCHECK_FRAMES_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "base/net.h"
#include "capture/packet_source.h"

namespace gander::selfcheck {

class Frames {
 public:
  explicit Frames(Timestamp start) : time_(start) {}

  // A TCP connection with its handshake; Close() ends it. What was not closed is open at the end of the capture.
  class Connection {
   public:
    void Client(std::string_view bytes) { Say(true, bytes); }
    void Server(std::string_view bytes) { Say(false, bytes); }
    void Close();

   private:
    friend class Frames;
    Connection(Frames& frames, const FiveTuple& tuple) : frames_(frames), tuple_(tuple) {}
    void Say(bool client, std::string_view bytes);
    void Segment(bool client, std::uint8_t flags, std::string_view bytes);
    Frames& frames_;
    FiveTuple tuple_;  // of the client
    std::uint32_t next_[2] = {1000, 5000};  // sequence numbers of server and client
  };

  // From a client of 10.77.0.0/16 to a server of 198.51.100.0/24; each call another pair.
  Connection Connect(std::uint16_t server_port);
  // The pair of the last Connect, other ports: data connections.
  Connection ConnectAgain(std::uint16_t client_port, std::uint16_t server_port, bool from_server);
  void Datagram(std::uint16_t server_port, std::string_view to_server, std::string_view to_client = {});

  std::size_t packets() const noexcept { return frames_.size(); }
  std::uint64_t bytes() const noexcept { return bytes_; }
  Timestamp now() const noexcept { return time_; }
  // The capture; this object must outlive it.
  std::unique_ptr<capture::PacketSource> Source() const;

 private:
  FiveTuple NextPair(std::uint16_t server_port, std::uint8_t protocol);
  void Add(const FiveTuple& tuple, std::string_view transport);

  struct Frame {
    std::string bytes;
    Timestamp time;
  };
  std::deque<Frame> frames_;
  Timestamp time_;
  std::uint64_t bytes_ = 0;
  std::uint32_t pairs_ = 0;
  FiveTuple last_;
};

}  // namespace gander::selfcheck

#endif  // GANDER_SELFCHECK_FRAMES_H_
