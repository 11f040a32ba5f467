// SPDX-License-Identifier: Apache-2.0
// Unix sockets and TCP.
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "report/sink/socket_io.h"

namespace gander::report {
namespace {

constexpr auto kConnectLimit = std::chrono::milliseconds(2000);
constexpr int kSendBuffer = 1 << 20;  // bytes the kernel may hold for the reader; also the largest datagram

class UnixTransport final : public Transport {
 public:
  UnixTransport(std::string path, bool datagram) : path_(std::move(path)), datagram_(datagram) {}

  bool Connect(std::string& problem) noexcept override {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path_.size() >= sizeof address.sun_path) {
      problem = "the path of a Unix socket has at most 107 bytes";
      return false;
    }
    std::memcpy(address.sun_path, path_.data(), path_.size());
    socket_.Reset(::socket(AF_UNIX, (datagram_ ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    ::setsockopt(socket_.fd(), SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
    if (socket_.open() && ::connect(socket_.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      return true;
    }
    problem = errno == EAGAIN ? "the reader accepts no connection" : std::strerror(errno);
    socket_.Close();
    return false;
  }
  Sent Send(std::string_view bytes, std::size_t& count, std::string& problem) noexcept override {
    return SendSome(socket_.fd(), bytes, count, problem);
  }
  void Disconnect() noexcept override { socket_.Close(); }
  bool PeerClosed() noexcept override { return !datagram_ && IsClosedByPeer(socket_.fd()); }
  std::string address() const override { return path_; }

 private:
  const std::string path_;
  const bool datagram_;
  Socket socket_;
};

class TcpTransport final : public Transport {
 public:
  TcpTransport(std::string host, std::uint16_t port) : host_(std::move(host)), port_(port) {}

  bool Connect(std::string& problem) noexcept override {
    socket_.Reset(ConnectTcp(host_, port_, kConnectLimit, problem));
    return socket_.open();
  }
  Sent Send(std::string_view bytes, std::size_t& count, std::string& problem) noexcept override {
    return SendSome(socket_.fd(), bytes, count, problem);
  }
  void Disconnect() noexcept override { socket_.Close(); }
  bool PeerClosed() noexcept override { return IsClosedByPeer(socket_.fd()); }
  std::string address() const override { return host_ + ":" + std::to_string(port_); }

 private:
  const std::string host_;
  const std::uint16_t port_;
  Socket socket_;
};

}  // namespace

std::unique_ptr<Transport> NewUnixTransport(const std::string& path, bool datagram) {
  return std::make_unique<UnixTransport>(path, datagram);
}

std::unique_ptr<Transport> NewTcpTransport(const std::string& host, std::uint16_t port) {
  return std::make_unique<TcpTransport>(host, port);
}

}  // namespace gander::report
