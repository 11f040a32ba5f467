// SPDX-License-Identifier: Apache-2.0
// TLS over TCP by OpenSSL, as RFC 5425 asks of a syslog client: the server proves who it is, or nothing is sent.
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include "report/sink/socket_io.h"

namespace gander::report {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kConnectLimit = std::chrono::milliseconds(2000);
constexpr auto kHandshakeLimit = std::chrono::milliseconds(3000);
constexpr auto kSendWait = std::chrono::milliseconds(200);

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

std::string LastError() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "the connection was closed" : reason;
}

bool IsAddress(const std::string& name) {
  unsigned char ignored[sizeof(in6_addr)];
  return ::inet_pton(AF_INET, name.c_str(), ignored) == 1 || ::inet_pton(AF_INET6, name.c_str(), ignored) == 1;
}

class TlsTransport final : public Transport {
 public:
  TlsTransport(std::string host, std::uint16_t port, std::string name, Context context)
      : host_(std::move(host)), port_(port), name_(std::move(name)), context_(std::move(context)) {}
  ~TlsTransport() override { Disconnect(); }

  bool Connect(std::string& problem) noexcept override {
    Disconnect();
    socket_.Reset(ConnectTcp(host_, port_, kConnectLimit, problem));
    if (!socket_.open()) return false;
    ssl_.reset(SSL_new(context_.get()));
    if (ssl_ == nullptr || !AskForName() || SSL_set_fd(ssl_.get(), socket_.fd()) != 1) {
      problem = "TLS cannot be set up: " + LastError();
      return false;
    }
    if (Handshake(problem)) return true;
    Disconnect();
    return false;
  }

  Sent Send(std::string_view bytes, std::size_t& count, std::string& problem) noexcept override {
    for (int tries = 0; tries < 2; ++tries) {
      ERR_clear_error();
      std::size_t written = 0;
      if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written) == 1) {
        count = written;
        return Sent::kSome;
      }
      const int error = SSL_get_error(ssl_.get(), 0);
      if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
        problem = LastError();
        return Sent::kBroken;
      }
      if (tries == 0) WaitFor(socket_.fd(), error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, kSendWait);
    }
    return Sent::kNoRoom;
  }

  void Disconnect() noexcept override {
    if (ssl_ != nullptr && SSL_is_init_finished(ssl_.get()) == 1) (void)SSL_shutdown(ssl_.get());
    ssl_.reset();
    ERR_clear_error();
    socket_.Close();
  }

  // A server of syslog says nothing; what it sends are session tickets, alerts and the end.
  bool PeerClosed() noexcept override {
    char byte;
    std::size_t read = 0;
    ERR_clear_error();
    if (SSL_peek_ex(ssl_.get(), &byte, 1, &read) == 1) return false;
    const int error = SSL_get_error(ssl_.get(), 0);
    ERR_clear_error();
    return error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE;
  }

  std::string address() const override { return host_ + ":" + std::to_string(port_); }

 private:
  bool AskForName() {
    X509_VERIFY_PARAM* wanted = SSL_get0_param(ssl_.get());
    if (IsAddress(name_)) return X509_VERIFY_PARAM_set1_ip_asc(wanted, name_.c_str()) == 1;
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return X509_VERIFY_PARAM_set1_host(wanted, name_.c_str(), name_.size()) == 1 &&
           SSL_set_tlsext_host_name(ssl_.get(), name_.c_str()) == 1;
  }

  bool Handshake(std::string& problem) {
    const Clock::time_point end = Clock::now() + kHandshakeLimit;
    for (;;) {
      ERR_clear_error();
      const int done = SSL_connect(ssl_.get());
      if (done == 1) return true;
      const int error = SSL_get_error(ssl_.get(), done);
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
      if ((error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) || left.count() <= 0) {
        problem = Refusal(left.count() <= 0);
        return false;
      }
      WaitFor(socket_.fd(), error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, left);
    }
  }

  std::string Refusal(bool late) const {
    const long verified = SSL_get_verify_result(ssl_.get());
    if (verified != X509_V_OK) {
      ERR_clear_error();
      return std::string("its certificate is not accepted: ") + X509_verify_cert_error_string(verified);
    }
    return late ? "no TLS answer within 3 seconds" : "TLS failed: " + LastError();
  }

  const std::string host_;
  const std::uint16_t port_;
  const std::string name_;
  Context context_;
  Socket socket_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, &SSL_free};
};

Failure Unreadable(const std::string& file, const char* remedy) {
  return Fail(file, 0, "cannot be read as PEM: " + LastError(), remedy);
}

}  // namespace

Result<std::unique_ptr<Transport>> NewTlsTransport(const std::string& host, std::uint16_t port,
                                                   const TlsOptions& options) {
  Context context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  if (context == nullptr) return Fail("TLS", 0, "cannot be set up: " + LastError(), "check the OpenSSL installation");
  SSL_CTX* c = context.get();
  SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
  SSL_CTX_set_verify(c, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (options.ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(c);
  } else if (SSL_CTX_load_verify_locations(c, options.ca_file.c_str(), nullptr) != 1) {
    return Unreadable(options.ca_file, "ca_file is the PEM file of the authority that signed the collector");
  }
  if (!options.certificate.empty()) {
    if (SSL_CTX_use_certificate_chain_file(c, options.certificate.c_str()) != 1) {
      return Unreadable(options.certificate, "certificate is the PEM chain this sensor shows");
    }
    const std::string& key = options.key.empty() ? options.certificate : options.key;
    if (SSL_CTX_use_PrivateKey_file(c, key.c_str(), SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(c) != 1) {
      return Unreadable(key, "key is the PEM private key of `certificate`, readable by this user");
    }
  }
  return std::make_unique<TlsTransport>(host, port, options.name.empty() ? host : options.name, std::move(context));
}

}  // namespace gander::report
