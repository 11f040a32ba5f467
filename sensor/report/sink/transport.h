// SPDX-License-Identifier: Apache-2.0
// A connection to the reader of events, made anew when it breaks: Unix socket, TCP, TLS.
#ifndef GANDER_REPORT_SINK_TRANSPORT_H_
#define GANDER_REPORT_SINK_TRANSPORT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "report/sink/output_options.h"

namespace gander::report {

// Not for two threads at once. Reasons are words for people.
class Transport {
 public:
  enum class Sent : std::uint8_t {
    kSome,     // `count` bytes are on their way
    kNoRoom,   // the reader takes nothing; waited for it up to a fifth of a second
    kTooLong,  // datagrams only: larger than one may be
    kBroken,   // there is no connection any more
  };
  virtual ~Transport() = default;
  // One try, at most five seconds. False: not connected, `problem` says why.
  virtual bool Connect(std::string& problem) noexcept = 0;
  virtual Sent Send(std::string_view bytes, std::size_t& count, std::string& problem) noexcept = 0;
  virtual void Disconnect() noexcept = 0;
  // Whether the reader has gone, as far as it can be known without sending.
  virtual bool PeerClosed() noexcept = 0;
  virtual std::string address() const = 0;
};

std::unique_ptr<Transport> NewUnixTransport(const std::string& path, bool datagram);
std::unique_ptr<Transport> NewTcpTransport(const std::string& host, std::uint16_t port);
// TLS 1.2 or later; the server's certificate must lead to a certificate of `ca_file` and bear `name`. Errors: files that
// cannot be read, a key that does not belong to its certificate.
Result<std::unique_ptr<Transport>> NewTlsTransport(const std::string& host, std::uint16_t port,
                                                   const TlsOptions& options);

}  // namespace gander::report

#endif  // GANDER_REPORT_SINK_TRANSPORT_H_
