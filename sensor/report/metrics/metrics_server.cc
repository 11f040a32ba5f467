// SPDX-License-Identifier: Apache-2.0
// The endpoint on GNU libmicrohttpd, which speaks TLS through GnuTLS. (Debian's civetweb loads OpenSSL by the names of
// version 1.1: with OpenSSL 3 it ends each connection after the handshake.) A scrape renders the newest published
// state in the server's own thread; the sensor only swaps a pointer.
#include <microhttpd.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <cstring>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "report/metrics/listen_address.h"
#include "report/metrics/listen_socket.h"
#include "report/metrics/metrics.h"
#include "report/metrics/password_gate.h"
#include "report/metrics/process_state.h"
#include "report/metrics/tls_identity.h"
#include "report/summary/summary.h"

namespace gander::report {
namespace {

constexpr const char* kText = "text/plain; charset=utf-8";
constexpr const char* kExposition = "text/plain; version=0.0.4; charset=utf-8";
constexpr const char* kJson = "application/json";
constexpr const char* kRealm = "gander";
constexpr const char* kTlsVersions = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
constexpr unsigned kMaxConnections = 64, kMaxOfOneAddress = 32, kIdleSeconds = 5;
constexpr std::size_t kConnectionBytes = 32 << 10;  // request line and headers; more is refused

struct Reply {
  unsigned status = 200;
  const char* type = kText;
  std::string body;
};

double SteadySeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// The library prints nothing; why a start failed is told by Start's error.
void Silence(void*, const char*, va_list) {}

class HttpServer final : public MetricsServer {
 public:
  HttpServer(MetricsOptions options, std::optional<TlsIdentity> identity, std::optional<PasswordFile> passwords,
             ConfinementReader confined, bool local)
      : options_(std::move(options)), identity_(std::move(identity)), confined_(std::move(confined)), local_(local) {
    if (passwords) gate_.emplace(std::move(*passwords));
  }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer() override {
    if (daemon_ != nullptr) MHD_stop_daemon(daemon_);  // and closes the socket
  }

  bool Serve(int socket, std::string address) {
    address_ = std::move(address);
    std::vector<MHD_OptionItem> items = {
        {MHD_OPTION_LISTEN_SOCKET, socket, nullptr},
        {MHD_OPTION_CONNECTION_LIMIT, kMaxConnections, nullptr},
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT, kMaxOfOneAddress, nullptr},
        {MHD_OPTION_CONNECTION_TIMEOUT, kIdleSeconds, nullptr},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionBytes, nullptr},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, nullptr},
        {MHD_OPTION_EXTERNAL_LOGGER, reinterpret_cast<intptr_t>(&Silence), nullptr},
    };
    unsigned flags = MHD_USE_AUTO_INTERNAL_THREAD;
    if (identity_) {
      flags |= MHD_USE_TLS;
      items.push_back({MHD_OPTION_HTTPS_MEM_CERT, 0, identity_->certificate.data()});
      items.push_back({MHD_OPTION_HTTPS_MEM_KEY, 0, identity_->key.data()});
      items.push_back({MHD_OPTION_HTTPS_PRIORITIES, 0, const_cast<char*>(kTlsVersions)});
    }
    items.push_back({MHD_OPTION_END, 0, nullptr});
    daemon_ = MHD_start_daemon(flags, 0, nullptr, nullptr, &HttpServer::Handle, this, MHD_OPTION_ARRAY, items.data(),
                               MHD_OPTION_END);
    return daemon_ != nullptr;
  }

  void Publish(std::shared_ptr<const RunState> state) override {
    const std::lock_guard lock(mutex_);
    state_.swap(state);  // the old one is freed behind the lock
  }
  void SetReady(bool ready) override { ready_ = ready; }
  std::string address() const override { return address_; }
  std::string url() const override { return (identity_ ? "https://" : "http://") + address_; }

 private:
  std::shared_ptr<const RunState> state() const {
    const std::lock_guard lock(mutex_);
    return state_;
  }

  static MHD_Result Handle(void* self, MHD_Connection* connection, const char* path, const char* method, const char*,
                           const char*, size_t* body_bytes, void** seen) {
    const std::string_view verb = method;
    const bool reads = verb == "GET" || verb == "HEAD";
    if (reads && *seen == nullptr) {
      *seen = self;  // called again when the whole request is there
      return MHD_YES;
    }
    if (*body_bytes > 0) return MHD_NO;  // a GET with a body: nothing is to be had here for one
    return static_cast<HttpServer*>(self)->Answer(connection, reads, path);
  }

  MHD_Result Answer(MHD_Connection* connection, bool reads, std::string_view path) {
    Reply reply = reads ? Route(connection, path) : Reply{405, kText, "only GET and HEAD\n"};
    MHD_Response* response =
        MHD_create_response_from_buffer(reply.body.size(), reply.body.data(), MHD_RESPMEM_MUST_COPY);
    if (response == nullptr) return MHD_NO;
    MHD_add_response_header(response, "Content-Type", reply.type);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (reply.status == 405) MHD_add_response_header(response, "Allow", "GET, HEAD");
    if (reply.status == 429) MHD_add_response_header(response, "Retry-After", "1");
    const MHD_Result queued = reply.status == 401
                                  ? MHD_queue_basic_auth_fail_response(connection, kRealm, response)
                                  : MHD_queue_response(connection, reply.status, response);
    MHD_destroy_response(response);
    return queued;
  }

  // What needs no password says one word of the sensor and nothing of the traffic.
  Reply Route(MHD_Connection* connection, std::string_view path) {
    if (path == "/healthz") return {200, kText, "ok\n"};
    if (path == "/readyz") return ready_ ? Reply{200, kText, "ready\n"} : Reply{503, kText, "not ready\n"};
    if (gate_) {
      switch (Ask(connection)) {
        case PasswordGate::Answer::kAdmitted: break;
        case PasswordGate::Answer::kRefused: return {401, kText, "a user and a password are needed\n"};
        case PasswordGate::Answer::kLater: return {429, kText, "too many wrong passwords\n"};
      }
    }
    if (path != "/metrics" && path != "/status") return {404, kText, "/metrics /healthz /readyz /status\n"};
    if (path == "/status" && !gate_ && !local_) {
      return {403, kText, "it has addresses: set report.metrics.password_file, or listen on loopback\n"};
    }
    const auto current = state();
    if (current == nullptr) return {503, kText, "no epoch has ended yet\n"};
    if (path == "/status") return Status(*current);
    ProcessState process = process_.Read();
    if (identity_) process.certificate_ends_s = identity_->expires_s;
    return {200, kExposition, RenderMetrics(*current, options_, &process)};
  }

  Reply Status(const RunState& state) const {
    if (!confined_) return {200, kJson, JsonSummary(state)};
    const ConfinementState confined = confined_();
    return {200, kJson, JsonSummary(state, &confined)};
  }

  PasswordGate::Answer Ask(MHD_Connection* connection) {
    char* password = nullptr;
    char* user = MHD_basic_auth_get_username_password(connection, &password);
    auto answer = PasswordGate::Answer::kRefused;
    if (user != nullptr && password != nullptr) answer = gate_->Ask(user, password, SteadySeconds());
    if (password != nullptr) explicit_bzero(password, std::strlen(password));
    MHD_free(password);
    MHD_free(user);
    return answer;
  }

  MetricsOptions options_;
  std::optional<TlsIdentity> identity_;
  ConfinementReader confined_;
  std::optional<PasswordGate> gate_;  // of the server's thread
  bool local_ = true;
  const ProcessFile process_;
  MHD_Daemon* daemon_ = nullptr;
  std::string address_;
  std::atomic<bool> ready_{false};
  mutable std::mutex mutex_;
  std::shared_ptr<const RunState> state_;
};

Result<bool> AreReasonable(const MetricsOptions& options, const ListenAddress& address) {
  if (options.tls_certificate.empty() != options.tls_key.empty()) {
    return Fail("report.metrics", 0, "a certificate needs its key, and a key its certificate",
                "set tls_certificate and tls_key, or neither");
  }
  if (!options.password_file.empty() && options.tls_certificate.empty() && !address.IsLoopback()) {
    return Fail("report.metrics", 0, "passwords would cross the network in clear",
                "set tls_certificate and tls_key, or listen on 127.0.0.1");
  }
  return true;
}

struct Secrets {
  std::optional<TlsIdentity> identity;
  std::optional<PasswordFile> passwords;
};

Result<Secrets> ReadSecrets(const MetricsOptions& options, const ListenAddress& address) {
  if (auto good = AreReasonable(options, address); !good) return Failure(good.error());
  Secrets out;
  if (!options.tls_certificate.empty()) {
    auto identity = ReadTlsIdentity(options.tls_certificate, options.tls_key, std::time(nullptr));
    if (!identity) return Failure(identity.error());
    out.identity = std::move(*identity);
  }
  if (!options.password_file.empty()) {
    auto passwords = PasswordFile::Read(options.password_file);
    if (!passwords) return Failure(passwords.error());
    out.passwords = std::move(*passwords);
  }
  return out;
}

}  // namespace

Result<bool> CheckMetricsOptions(const MetricsOptions& options) {
  const Result<ListenAddress> address = ParseListenAddress(options.listen);
  if (!address) return Failure(address.error());
  const auto secrets = ReadSecrets(options, *address);
  if (!secrets) return Failure(secrets.error());
  return true;
}

Result<std::unique_ptr<MetricsServer>> MetricsServer::Start(const MetricsOptions& options, ConfinementReader confined) {
  const Result<ListenAddress> address = ParseListenAddress(options.listen);
  if (!address) return Failure(address.error());
  auto secrets = ReadSecrets(options, *address);
  if (!secrets) return Failure(secrets.error());
  const auto socket = OpenListenSocket(*address);
  if (!socket) return Failure(socket.error());
  auto server = std::make_unique<HttpServer>(options, std::move(secrets->identity), std::move(secrets->passwords),
                                             std::move(confined), address->IsLoopback());
  if (!server->Serve(socket->fd, socket->bound.ToString())) {
    close(socket->fd);
    return Fail("report.metrics", 0, "the HTTP server did not start",
                "raise the limits of threads and open files; with TLS, try a certificate of RSA or P-256");
  }
  return std::unique_ptr<MetricsServer>(std::move(server));
}

}  // namespace gander::report
