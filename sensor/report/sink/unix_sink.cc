// SPDX-License-Identifier: Apache-2.0
// Suricata's unix_stream and unix_dgram: the reader listens, the sensor connects.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>
#include <filesystem>

#include "base/hash.h"
#include "report/sink/outputs.h"
#include "report/sink/socket_io.h"
#include "report/sink/stream_sink.h"

namespace gander::report {
namespace {

// Fixed: all sensors of a machine must name a path alike.
constexpr HashKey kPathKey{0x67616e6465722d73ULL, 0x6f636b65742d6c6bULL};

// A name in the abstract namespace (unix(7)) that only one process can have: a lock that needs no file beside the
// reader's socket and is gone with its holder.
bool Claim(const std::string& path, Socket& claim) {
  std::error_code ignored;
  const auto whole = std::filesystem::weakly_canonical(std::filesystem::absolute(path, ignored), ignored);
  const std::string text = whole.empty() ? path : whole.string();
  const std::string name = "gander-output-" + std::to_string(SipHash24(kPathKey, AsBytes(text)));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + 1, name.data(), name.size());
  claim.Reset(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  return claim.open() && ::bind(claim.fd(), reinterpret_cast<const sockaddr*>(&address), size) == 0;
}

// Keeps the claim as long as the connection's maker lives.
class ClaimedTransport final : public Transport {
 public:
  explicit ClaimedTransport(const UnixOptions& options) : inner_(NewUnixTransport(options.path, options.datagram)) {}
  bool Connect(std::string& problem) noexcept override { return inner_->Connect(problem); }
  Sent Send(std::string_view bytes, std::size_t& count, std::string& problem) noexcept override {
    return inner_->Send(bytes, count, problem);
  }
  void Disconnect() noexcept override { inner_->Disconnect(); }
  bool PeerClosed() noexcept override { return inner_->PeerClosed(); }
  std::string address() const override { return inner_->address(); }
  Socket& claim() noexcept { return claim_; }

 private:
  std::unique_ptr<Transport> inner_;
  Socket claim_;
};

}  // namespace

Result<std::unique_ptr<Sink>> OpenUnixSink(const OutputOptions& output) {
  auto transport = std::make_unique<ClaimedTransport>(output.socket);
  if (output.socket.path.size() >= sizeof(sockaddr_un::sun_path)) {
    return Fail(output.socket.path, 0, "the path of a Unix socket has at most 107 bytes", "choose a shorter one");
  }
  if (!Claim(output.socket.path, transport->claim())) {
    return Fail(output.socket.path, 0, "another sensor writes to this socket",
                "give each sensor, and each output, a reader's socket of its own");
  }
  return std::make_unique<StreamSink>(
      StreamSink::Options{output.name, NameOf(output.type), output.socket.datagram, output.retry_max_s},
      std::move(transport), NewLineFramer());
}

}  // namespace gander::report
