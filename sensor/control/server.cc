// SPDX-License-Identifier: Apache-2.0
#include "control/server.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>
#include <thread>

#include "base/file.h"
#include "control/message.h"

namespace gander::control {
namespace {

using Clock = std::chrono::steady_clock;

Result<sockaddr_un> AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return Fail(path, 0, "is no name for a socket: 1 to 107 bytes are expected", "name a shorter path in control.socket");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

const sockaddr* Plain(const sockaddr_un& address) { return reinterpret_cast<const sockaddr*>(&address); }

std::string NameOf(uid_t uid) {
  const passwd* user = ::getpwuid(uid);
  return user != nullptr ? user->pw_name : std::to_string(uid);
}

struct Client {
  File socket;
  ucred peer{};
  std::string in, out;
  Clock::time_point last = Clock::now();
};

}  // namespace

struct Server::Impl {
  Options options;
  Verbs verbs;
  File lock, listener, wake;
  std::vector<uid_t> operators;
  std::vector<Client> clients;
  mutable std::mutex mutex;
  Counters counters;
  std::thread thread;

  ~Impl() {
    if (thread.joinable()) {
      const std::uint64_t one = 1;
      (void)!::write(wake.fd(), &one, sizeof one);
      thread.join();
    }
    if (listener.is_open()) ::unlink(options.socket.c_str());
    if (lock.is_open()) ::unlink((options.socket + ".lock").c_str());
  }

  Result<bool> Resolve(gid_t& group) {
    group = ::getgid();
    if (!options.group.empty()) {
      const struct group* found = ::getgrnam(options.group.c_str());
      if (found == nullptr) {
        return Fail("control.group", 0, "there is no group `" + options.group + "`", "groupadd --system " + options.group);
      }
      group = found->gr_gid;
    }
    operators = {0, ::geteuid()};
    for (const std::string& name : options.operators) {
      const passwd* user = ::getpwnam(name.c_str());
      if (user == nullptr) {
        return Fail("control.operators", 0, "there is no user `" + name + "`", "name users of this machine");
      }
      operators.push_back(user->pw_uid);
    }
    return true;
  }

  Result<bool> Listen() {
    gid_t group = 0;
    if (auto resolved = Resolve(group); !resolved) return resolved;
    const auto address = AddressOf(options.socket);
    if (!address) return Failure(address.error());
    // The lock outlives a crash as a file, not as a lock: a socket that was left behind is known by that.
    lock = File(::open((options.socket + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock.is_open()) return Refused("the folder");
    if (::flock(lock.fd(), LOCK_EX | LOCK_NB) != 0) {
      lock = File();
      return Fail(options.socket, 0, "another sensor answers there", "give each sensor a control.socket of its own");
    }
    ::unlink(options.socket.c_str());
    listener = File(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const mode_t before = ::umask(0117);
    const bool bound = listener.is_open() && ::bind(listener.fd(), Plain(*address), sizeof *address) == 0;
    ::umask(before);
    if (!bound || ::listen(listener.fd(), static_cast<int>(kMostClients)) != 0) return Refused("the socket");
    if (group != ::getgid() && ::chown(options.socket.c_str(), static_cast<uid_t>(-1), group) != 0) {
      return Refused("its group");
    }
    wake = File(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake.is_open()) return Refused("its wake-up");
    return true;
  }

  Failure Refused(const char* what) const {
    return Fail(options.socket, 0, std::string("the control socket cannot be made: ") + what + ": " + std::strerror(errno),
                "name a path in control.socket in a folder that this user may write to");
  }

  void Run() {
    sigset_t all;
    sigfillset(&all);
    sigdelset(&all, SIGSYS);  // a refused system call is counted (sandbox/refusals.h), and the end of all where this is blocked
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    for (;;) {
      std::vector<pollfd> waiting{{wake.fd(), POLLIN, 0}, {listener.fd(), POLLIN, 0}};
      for (const Client& c : clients) {
        waiting.push_back({c.socket.fd(), static_cast<short>(c.out.empty() ? POLLIN : POLLOUT), 0});
      }
      (void)::poll(waiting.data(), waiting.size(), 1000);
      if (waiting[0].revents != 0) return;
      for (std::size_t i = 0; i + 2 < waiting.size(); ++i) {
        if (waiting[i + 2].revents != 0) Serve(clients[i]);
      }
      Leave();
      if (waiting[1].revents != 0) Accept();
    }
  }

  void Accept() {
    File socket(::accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.is_open()) return;
    Client client;
    socklen_t size = sizeof client.peer;
    if (clients.size() >= kMostClients ||
        ::getsockopt(socket.fd(), SOL_SOCKET, SO_PEERCRED, &client.peer, &size) != 0) {
      Count(&Counters::turned_away);
      return;
    }
    client.socket = std::move(socket);
    clients.push_back(std::move(client));
  }

  // One step of one client; it is left when its socket is closed.
  void Serve(Client& client) {
    client.last = Clock::now();
    if (!client.out.empty()) return Send(client);
    std::array<char, 4096> piece;
    const ssize_t n = ::recv(client.socket.fd(), piece.data(), piece.size(), 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0) return client.socket = File(), void();
    client.in.append(piece.data(), static_cast<std::size_t>(n));
    const std::size_t end = client.in.find('\n');
    if (end == std::string::npos) {
      if (client.in.size() > kMostRequestBytes) {
        Count(&Counters::malformed);
        client.socket = File();
      }
      return;
    }
    client.out = WriteReply(Answer(client.in.substr(0, end), client.peer));
    client.in.erase(0, end + 1);
    if (client.out.size() > kMostReplyBytes) client.out = WriteReply({false, "", "the answer is too large", "report it"});
    Send(client);
  }

  static void Send(Client& client) {
    const ssize_t n = ::send(client.socket.fd(), client.out.data(), client.out.size(), MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n < 0) return client.socket = File(), void();
    client.out.erase(0, static_cast<std::size_t>(n));
  }

  Reply Answer(const std::string& line, const ucred& peer) {
    auto request = ReadRequest(line);
    if (!request) {
      Count(&Counters::malformed);
      return {false, "", "that is no request", "send one JSON object a line: {\"verb\":\"status\"}"};
    }
    Count(&Counters::requests);
    const auto verb = verbs.find(request->verb);
    if (verb == verbs.end()) {
      std::string known;
      for (const auto& [name, ignored] : verbs) known += (known.empty() ? "" : ", ") + name;
      return {false, "", "there is no verb `" + request->verb + "`", "these are: " + known};
    }
    request->user = NameOf(peer.uid);
    const bool may = std::find(operators.begin(), operators.end(), peer.uid) != operators.end();
    request->role = may ? Role::kOperator : Role::kReader;
    if (verb->second.needed == Role::kOperator && !may) {
      Count(&Counters::refused);
      return {false, "", request->user + " may not " + request->verb, "root may, and who stands in control.operators"};
    }
    return verb->second.run(*request);
  }

  void Leave() {
    const auto now = Clock::now();
    std::erase_if(clients, [&](const Client& c) {
      if (!c.socket.is_open()) return true;
      if (now - c.last < std::chrono::seconds(kIdleSeconds)) return false;
      Count(&Counters::timed_out);
      return true;
    });
  }

  void Count(std::uint64_t Counters::* counter) {
    const std::lock_guard guard(mutex);
    ++(counters.*counter);
  }
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::Open(const Options& options, Verbs verbs) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  impl->verbs = std::move(verbs);
  if (auto listening = impl->Listen(); !listening) return Failure(listening.error());
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

void Server::Start() {
  Impl& running = *impl_;
  running.operators.push_back(::geteuid());
  running.thread = std::thread([&running] { running.Run(); });
}

Counters Server::counters() const {
  const std::lock_guard guard(impl_->mutex);
  return impl_->counters;
}

Result<Reply> Ask(const std::string& path, const Request& request, int seconds) {
  const auto address = AddressOf(path);
  if (!address) return Failure(address.error());
  const File socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval limit{seconds, 0};
  ::setsockopt(socket.fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket.fd(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (::connect(socket.fd(), Plain(*address), sizeof *address) != 0) {
    const bool denied = errno == EACCES || errno == EPERM;
    return Fail(path, 0, std::string("no sensor answers there: ") + std::strerror(errno),
                denied ? "run as root, or as a member of control.group"
                       : "start one with control.socket set, or name its socket with --socket");
  }
  const std::string line = WriteRequest(request);
  std::string answer;
  std::array<char, 65536> piece;
  bool sent = ::send(socket.fd(), line.data(), line.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(line.size());
  while (sent && answer.find('\n') == std::string::npos && answer.size() <= kMostReplyBytes) {
    const ssize_t n = ::recv(socket.fd(), piece.data(), piece.size(), 0);
    if (n <= 0) break;
    answer.append(piece.data(), static_cast<std::size_t>(n));
  }
  const auto reply = ReadReply(std::string_view(answer).substr(0, answer.find('\n')));
  if (reply) return *reply;
  return Fail(path, 0, "the sensor did not answer within " + std::to_string(seconds) + " s",
              "look at its log; `gander doctor` looks at the machine");
}

}  // namespace gander::control
