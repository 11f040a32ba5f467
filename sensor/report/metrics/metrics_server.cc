// SPDX-License-Identifier: Apache-2.0
// The endpoint on civetweb. A scrape renders the newest published state in civetweb's own thread; the sensor only
// swaps a pointer.
#include <civetweb.h>

#include <atomic>
#include <mutex>
#include <string_view>
#include <utility>

#include "report/metrics/listen_address.h"
#include "report/metrics/metrics.h"
#include "report/summary/summary.h"

namespace gander::report {
namespace {

constexpr const char* kText = "text/plain; charset=utf-8";
constexpr const char* kExposition = "text/plain; version=0.0.4; charset=utf-8";
constexpr const char* kJson = "application/json";

const char* Reason(int status) noexcept {
  switch (status) {
    case 200: return "OK";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    default: return "Service Unavailable";
  }
}

int Answer(mg_connection* connection, bool head, int status, const char* type, const std::string& body) {
  mg_printf(connection,
            "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nCache-Control: no-store\r\n"
            "X-Content-Type-Options: nosniff\r\nConnection: close\r\n%s\r\n",
            status, Reason(status), type, body.size(), status == 405 ? "Allow: GET, HEAD\r\n" : "");
  if (!head) mg_write(connection, body.data(), body.size());
  return status;
}

// The library prints nothing; why a start failed is told by Start's error.
int Silence(const mg_connection*, const char*) { return 1; }

class CivetServer final : public MetricsServer {
 public:
  explicit CivetServer(MetricsOptions options) : options_(std::move(options)) { mg_init_library(0); }
  CivetServer(const CivetServer&) = delete;
  CivetServer& operator=(const CivetServer&) = delete;
  ~CivetServer() override {
    if (context_ != nullptr) mg_stop(context_);
    mg_exit_library();
  }

  bool Listen(const ListenAddress& address) {
    const std::string where = address.ToString();
    const char* settings[] = {"listening_ports",   where.c_str(), "num_threads",       "2",
                              "request_timeout_ms", "5000",        "enable_keep_alive", "no", nullptr};
    mg_callbacks callbacks{};
    callbacks.log_message = Silence;
    context_ = mg_start(&callbacks, this, settings);
    if (context_ == nullptr) return false;
    mg_set_request_handler(context_, "/", &CivetServer::Handle, this);
    mg_server_port bound{};
    if (mg_get_server_ports(context_, 1, &bound) < 1) return false;
    address_ = ListenAddress{address.host, static_cast<std::uint16_t>(bound.port)}.ToString();
    return true;
  }

  void Publish(std::shared_ptr<const RunState> state) override {
    const std::lock_guard lock(mutex_);
    state_.swap(state);  // the old one is freed behind the lock
  }
  void SetReady(bool ready) override { ready_ = ready; }
  std::string address() const override { return address_; }

 private:
  std::shared_ptr<const RunState> state() const {
    const std::lock_guard lock(mutex_);
    return state_;
  }

  static int Handle(mg_connection* connection, void* self) {
    return static_cast<CivetServer*>(self)->Route(connection);
  }

  int Route(mg_connection* connection) const {
    const mg_request_info* request = mg_get_request_info(connection);
    const std::string_view method = request->request_method, path = request->local_uri;
    const bool head = method == "HEAD";
    if (!head && method != "GET") return Answer(connection, head, 405, kText, "only GET and HEAD\n");
    if (path == "/healthz") return Answer(connection, head, 200, kText, "ok\n");
    if (path == "/readyz") {
      return ready_ ? Answer(connection, head, 200, kText, "ready\n")
                    : Answer(connection, head, 503, kText, "not ready\n");
    }
    if (path == "/metrics" || path == "/status") {
      const auto current = state();
      if (current == nullptr) return Answer(connection, head, 503, kText, "no epoch has ended yet\n");
      return path == "/metrics" ? Answer(connection, head, 200, kExposition, RenderMetrics(*current, options_))
                                : Answer(connection, head, 200, kJson, JsonSummary(*current));
    }
    return Answer(connection, head, 404, kText, "/metrics /healthz /readyz /status\n");
  }

  MetricsOptions options_;
  mg_context* context_ = nullptr;
  std::string address_;
  std::atomic<bool> ready_{false};
  mutable std::mutex mutex_;
  std::shared_ptr<const RunState> state_;
};

}  // namespace

Result<std::unique_ptr<MetricsServer>> MetricsServer::Start(const MetricsOptions& options) {
  const Result<ListenAddress> address = ParseListenAddress(options.listen);
  if (!address) return Failure(address.error());
  auto server = std::make_unique<CivetServer>(options);
  if (!server->Listen(*address)) {
    return Fail("metrics.listen", 0, "cannot listen on " + address->ToString(),
                "choose a free port and an address of this machine; ports under 1024 need CAP_NET_BIND_SERVICE");
  }
  return std::unique_ptr<MetricsServer>(std::move(server));
}

}  // namespace gander::report
