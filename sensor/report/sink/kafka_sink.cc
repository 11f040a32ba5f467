// SPDX-License-Identifier: Apache-2.0
// Kafka by librdkafka: idempotent, acknowledged by all replicas in sync, each event told of by a delivery report. What no
// broker has acknowledged is in the spool, or without one in memory, and is sent again: at least once, in order per key.
// Where the broker refuses a batch, a producer would go on with the next one of the same partition, ahead of what it
// refused: it is told to stop instead (gap-less guarantee), and a new one begins with the oldest that is not acknowledged.
// One request at a time to each broker, since a broker that knows nothing of a producer takes its second batch without
// the first; they are of a megabyte where much is waiting.
#ifdef GANDER_WITH_KAFKA
#include <librdkafka/rdkafka.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <deque>
#include <memory>
#include <utility>

#include "report/sink/outputs.h"
#include "report/sink/spool.h"

namespace gander::report {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kFirstPause = std::chrono::milliseconds(500);   // before events that failed are sent again, then doubled
constexpr auto kLastPause = std::chrono::seconds(30);
constexpr int kPollMillis = 100;                               // for room among what is under way
constexpr std::size_t kMaxInFlight = 500'000;                  // events
constexpr int kPatienceMillis = 30'000;

// What the order and the safety of events hang on stands fixed.
constexpr std::array kOwnProperties = {
    "bootstrap.servers", "metadata.broker.list", "enable.idempotence", "enable.gapless.guarantee", "acks",
    "request.required.acks",
    "message.timeout.ms", "delivery.timeout.ms", "max.in.flight", "max.in.flight.requests.per.connection",
    "transactional.id", "queue.buffering.max.messages", "queue.buffering.max.kbytes", "retries", "message.send.max.retries"};

using Conf = std::unique_ptr<rd_kafka_conf_t, decltype(&rd_kafka_conf_destroy)>;
using Producer = std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)>;

std::string Set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  char why[512] = {};
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why, sizeof why) == RD_KAFKA_CONF_OK) return {};
  return why;
}

// librdkafka's threads block all signals; one that blocks SIGSYS dies with the process at its first refused system call,
// which is counted otherwise (sandbox/refusals.h).
rd_kafka_resp_err_t OnThread(rd_kafka_t*, rd_kafka_thread_type_t, const char*, void*) {
  sigset_t refused;
  sigemptyset(&refused);
  sigaddset(&refused, SIGSYS);
  pthread_sigmask(SIG_UNBLOCK, &refused, nullptr);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t OnNew(rd_kafka_t* producer, const rd_kafka_conf_t*, void*, char*, std::size_t) {
  return rd_kafka_interceptor_add_on_thread_start(producer, "gander", &OnThread, nullptr);
}

// Never taken, whatever is tried again. Of a batch the broker says so where one event, or all of them together, are too
// much: each is sent by itself before it is given up.
bool IsForGood(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE || error == RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE ||
         error == RD_KAFKA_RESP_ERR_INVALID_RECORD;
}

// Of what came after an event that failed.
bool IsConsequence(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR__PURGE_QUEUE || error == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT ||
         error == RD_KAFKA_RESP_ERR__FATAL;
}

class KafkaSink final : public Sink {
 public:
  explicit KafkaSink(const OutputOptions& output)
      : Sink(output.name, NameOf(output.type)), options_(output.kafka) {}

  Result<bool> Open() {
    for (const auto& [name, value] : options_.properties) {
      if (std::find(kOwnProperties.begin(), kOwnProperties.end(), name) == kOwnProperties.end()) continue;
      return Fail("properties", 0, "`" + name + "` is not for the configuration to set",
                  "leave it out: Gander sets it, so that no event is lost or overtaken");
    }
    if (auto started = Start(); !started) return started;
    if (options_.spool.directory.empty()) return true;
    auto spool = Spool::Open(options_.spool);
    if (!spool) return Failure(spool.error());
    spool_ = std::move(*spool);
    TellSpool();
    return true;
  }

  std::size_t Write(const EventBatch& batch, std::size_t from) noexcept override {
    if (spool_ == nullptr) return Gather(batch, from);
    LostEvents lost;
    int error = 0;
    const std::size_t next = spool_->Append(batch, from, lost, error);
    meter().Lost(Loss::kSpoolFull, lost);
    if (next < batch.lines.size()) {
      meter().Blocked(Loss::kDiskFull);
      meter().Failed();
      meter().Problem("the spool " + options_.spool.directory + ": " + std::string(std::strerror(error)));
    }
    Tick();
    return next;
  }

  void Tick() noexcept override {
    Serve(0);
    FromSpool();
    SendGathered();
    Serve(0);
    if (spool_ != nullptr) spool_->Tick();
    TellSpool();
  }

  bool Drained() noexcept override {
    if (spool_ != nullptr && down_) return true;  // the next run goes on
    Tick();
    return under_way_.empty() && (spool_ == nullptr || !spool_->unread());
  }

  void Close() noexcept override {
    Stop();
    LostEvents lost;
    for (const Event& e : under_way_) {
      if (!e.done) ++(e.high ? lost.high : lost.low);
    }
    if (spool_ == nullptr) meter().Lost(Loss::kClosed, lost);
    under_way_.clear();
    spool_.reset();
    meter().Connected(false);
  }

  int patience_ms() const noexcept override { return kPatienceMillis; }

 private:
  struct Event {
    std::string text, key;
    bool high = false, done = false;
    Spool::Place end;
    bool refused = false;  // in a batch
  };

  Result<bool> Start() {
    Conf conf(rd_kafka_conf_new(), &rd_kafka_conf_destroy);
    std::vector<std::pair<std::string, std::string>> all = {
        {"client.id", "gander"},
        {"bootstrap.servers", options_.brokers},
        {"enable.idempotence", "true"},
        {"enable.gapless.guarantee", "true"},
        {"max.in.flight", "1"},
        {"message.timeout.ms", "0"},
        {"queue.buffering.max.messages", "1000000"},
        {"queue.buffering.max.kbytes", std::to_string(2 * (options_.in_flight >> 10))},
        {"linger.ms", "50"},
        {"log.connection.close", "false"}};
    all.insert(all.end(), options_.properties.begin(), options_.properties.end());
    if (singly_ > 0) all.emplace_back("batch.num.messages", "1");
    for (const auto& [name, value] : all) {
      if (const std::string why = Set(conf.get(), name, value); !why.empty()) {
        return Fail("properties", 0, "`" + name + "`: " + why, "librdkafka's CONFIGURATION.md lists what it takes");
      }
    }
    rd_kafka_conf_set_opaque(conf.get(), this);
    rd_kafka_conf_set_dr_msg_cb(conf.get(), &OnDelivery);
    rd_kafka_conf_set_error_cb(conf.get(), &OnError);
    rd_kafka_conf_set_log_cb(conf.get(), &OnLog);
    (void)rd_kafka_conf_interceptor_add_on_new(conf.get(), "gander", &OnNew, nullptr);
    char why[512] = {};
    producer_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), why, sizeof why));
    if (producer_ == nullptr) {
      return Fail("kafka", 0, std::string("librdkafka does not start: ") + why, "check `brokers` and `properties`");
    }
    (void)conf.release();  // the producer's now
    sent_ = 0;
    return true;
  }

  // What is under way stays so, and is sent by the next producer.
  void Stop() {
    if (producer_ == nullptr) return;
    stopping_ = true;
    rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_poll(producer_.get(), 0);
    producer_.reset();
    stopping_ = false;
    sent_ = 0;
  }

  std::size_t Gather(const EventBatch& batch, std::size_t from) {
    std::size_t i = from;
    while (i < batch.lines.size()) {
      for (; i < batch.lines.size() && HasRoom(); ++i) {
        const EventLine& line = batch.lines[i];
        Add({std::string(batch.line(i)), std::to_string(line.key), line.high, false, {}});
      }
      Tick();
      if (i >= batch.lines.size() || HasRoom()) continue;
      Serve(kPollMillis);
      if (HasRoom()) continue;
      meter().Blocked(up_ ? Loss::kStalled : Loss::kNotConnected);
      break;
    }
    return i;
  }

  void FromSpool() {
    if (spool_ == nullptr) return;
    LostEvents lost;
    for (Spool::Item item; HasRoom() && spool_->Next(item, lost);) {
      Add({std::move(item.text), std::to_string(item.key), item.high, false, item.end});
    }
    meter().Lost(Loss::kWriteFailed, lost);
  }

  bool HasRoom() const { return bytes_ < options_.in_flight && under_way_.size() < kMaxInFlight; }

  void Add(Event event) {
    bytes_ += event.text.size();
    under_way_.push_back(std::move(event));
  }

  // A deque does not move its elements, so librdkafka reads the text where it is. The newline stays behind.
  void SendGathered() {
    if (producer_ == nullptr && Clock::now() >= next_start_) Restart();
    if (producer_ == nullptr) return;
    const std::size_t end = singly_ > 0 ? std::min(singly_, under_way_.size()) : under_way_.size();
    for (; sent_ < end; ++sent_) {
      Event& e = under_way_[sent_];
      if (e.done) continue;
      const std::size_t size = e.text.size() - (e.text.ends_with('\n') ? 1 : 0);
      const rd_kafka_resp_err_t error = rd_kafka_producev(
          producer_.get(), RD_KAFKA_V_TOPIC(options_.topic.c_str()), RD_KAFKA_V_KEY(e.key.data(), e.key.size()),
          RD_KAFKA_V_VALUE(e.text.data(), size), RD_KAFKA_V_MSGFLAGS(0), RD_KAFKA_V_OPAQUE(&e), RD_KAFKA_V_END);
      if (error == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
      if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) return;
      if (IsForGood(error)) {
        GiveUp(e, error);
        continue;
      }
      Delivered(e, error);
      if (failed_) return;
    }
  }

  void Serve(int wait_ms) {
    if (producer_ == nullptr) return;
    rd_kafka_poll(producer_.get(), wait_ms);
    while (!under_way_.empty() && under_way_.front().done) {
      const Event& e = under_way_.front();
      if (spool_ != nullptr) spool_->Commit(e.end);
      bytes_ -= e.text.size();
      under_way_.pop_front();
      if (sent_ > 0) --sent_;
      if (singly_ > 0 && --singly_ == 0) Stop();  // with nothing on its way; the next producer sends batches again
    }
    if (!failed_) return;
    if (producer_ != nullptr) rd_kafka_poll(producer_.get(), kPollMillis);  // what it failed of may come a moment later
    if (!down_ && !refused_) Down("a batch failed");  // ... or, on a busy machine, too late
    Stop();
    failed_ = false;
    if (std::exchange(refused_, false)) SendSingly();
    if (std::exchange(progress_, false)) return;  // not for the same reason again
    pause_ = std::min<Clock::duration>(pause_ == Clock::duration{} ? kFirstPause : pause_ * 2, kLastPause);
    next_start_ = Clock::now() + pause_;
  }

  // All up to the last that was refused in a batch, by the next producer.
  void SendSingly() {
    singly_ = 0;
    for (std::size_t i = 0; i < under_way_.size(); ++i) {
      if (under_way_[i].refused && !under_way_[i].done) singly_ = i + 1;
    }
    progress_ = true;
  }

  void Restart() {
    if (auto started = Start(); started) return;
    next_start_ = Clock::now() + kLastPause;
  }

  void Delivered(Event& e, rd_kafka_resp_err_t error) {
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      e.done = true;
      meter().Written(1, e.text.size());
      pause_ = {};
      down_ = false;
      if (!up_) {
        up_ = true;
        meter().Connected(true);
        meter().Problem("");
      }
    } else if (IsForGood(error) && singly_ == 0) {
      e.refused = refused_ = failed_ = true;
    } else if (IsForGood(error)) {
      GiveUp(e, error);
    } else if (!stopping_) {
      failed_ = true;
      if (!IsConsequence(error)) Down(rd_kafka_err2str(error));
    }
  }

  void GiveUp(Event& e, rd_kafka_resp_err_t error) {
    e.done = progress_ = true;
    meter().Lost(Loss::kRejected, e.high ? LostEvents{1, 0} : LostEvents{0, 1});
    meter().Problem("an event was refused: " + std::string(rd_kafka_err2str(error)));
  }

  void Down(const std::string& why) {
    up_ = false;
    down_ = true;
    meter().Connected(false);
    meter().Failed();
    meter().Problem(options_.brokers + ": " + why);
  }

  void TellSpool() {
    if (spool_ != nullptr) meter().Spool(spool_->bytes(), spool_->events());
  }

  static void OnDelivery(rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
    static_cast<KafkaSink*>(self)->Delivered(*static_cast<Event*>(message->_private), message->err);
  }

  static void OnError(rd_kafka_t* producer, int error, const char* reason, void* opaque) {
    auto* self = static_cast<KafkaSink*>(opaque);
    if (self->stopping_) return;
    // What made the last one go down has been told.
    if (self->down_ && error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) return;
    const auto code = static_cast<rd_kafka_resp_err_t>(error);
    if (code == RD_KAFKA_RESP_ERR__FATAL) {
      char text[256] = {};
      const rd_kafka_resp_err_t why = rd_kafka_fatal_error(producer, text, sizeof text);
      self->failed_ = true;
      // The event that this one is about says more.
      if (why != RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE) self->Down(text);
    } else if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || code == RD_KAFKA_RESP_ERR__AUTHENTICATION ||
               code == RD_KAFKA_RESP_ERR__SSL || code == RD_KAFKA_RESP_ERR__RESOLVE || !self->up_) {
      // A reason names the broker's thread and how long it tried: the same trouble would be told again and again.
      self->Down(rd_kafka_err2str(code) + (code == RD_KAFKA_RESP_ERR__AUTHENTICATION ? std::string(": ") + reason : ""));
    }
  }

  static void OnLog(const rd_kafka_t*, int, const char*, const char*) {}  // errors come by OnError

  const KafkaOptions options_;
  Producer producer_{nullptr, &rd_kafka_destroy};
  std::unique_ptr<Spool> spool_;
  std::deque<Event> under_way_;   // not acknowledged, oldest first, and what waits for those
  std::size_t sent_ = 0;          // of them, handed to the producer
  std::size_t singly_ = 0;        // of them, each in a batch of its own, before any other is sent
  std::uint64_t bytes_ = 0;
  bool up_ = false, down_ = false, failed_ = false, stopping_ = false, refused_ = false;
  bool progress_ = false;         // what it failed of is done with, or will be tried otherwise
  Clock::duration pause_{};
  Clock::time_point next_start_{};
};

}  // namespace

Result<std::unique_ptr<Sink>> OpenKafkaSink(const OutputOptions& output) {
  auto sink = std::make_unique<KafkaSink>(output);
  if (auto opened = sink->Open(); !opened) return Failure(opened.error());
  return sink;
}

}  // namespace gander::report
#endif
