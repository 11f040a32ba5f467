// SPDX-License-Identifier: Apache-2.0
#ifdef GANDER_WITH_FLEET_LOADER
#include "fleet/consumer.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <utility>

namespace gander::fleet {
namespace {

using Clock = std::chrono::steady_clock;
using Conf = std::unique_ptr<rd_kafka_conf_t, decltype(&rd_kafka_conf_destroy)>;
using Partitions = std::unique_ptr<rd_kafka_topic_partition_list_t, decltype(&rd_kafka_topic_partition_list_destroy)>;

// What the safety of offsets hangs on stands fixed.
constexpr std::array kOwn = {"bootstrap.servers",   "metadata.broker.list",     "group.id",
                             "enable.auto.commit",  "enable.auto.offset.store", "auto.offset.reset",
                             "max.poll.interval.ms"};

class KafkaConsumer final : public Consumer {
 public:
  explicit KafkaConsumer(const LoaderOptions& options) : options_(options) {}
  KafkaConsumer(const KafkaConsumer&) = delete;
  KafkaConsumer& operator=(const KafkaConsumer&) = delete;
  ~KafkaConsumer() override {
    if (handle_ == nullptr) return;
    rd_kafka_consumer_close(handle_);
    rd_kafka_destroy(handle_);
  }

  Result<bool> Start() {
    Conf conf(rd_kafka_conf_new(), &rd_kafka_conf_destroy);
    std::vector<std::pair<std::string, std::string>> all = {
        {"client.id", "gander-fleet-load"},
        {"bootstrap.servers", options_.brokers},
        {"group.id", options_.group},
        {"enable.auto.commit", "false"},
        {"auto.offset.reset", "earliest"},
        // Who waits longer than this for the database, or hangs, gives his partitions up to another; what he had is
        // read again.
        {"max.poll.interval.ms", "300000"},
        {"topic.metadata.refresh.interval.ms", "10000"},
        {"queued.max.messages.kbytes", "32768"},
        {"log.connection.close", "false"}};
    for (const std::string& property : options_.properties) {
      const std::size_t equals = property.find('=');
      if (equals == std::string::npos)
        return Fail("--property", 0, "`" + property + "` has no `=`", "write name=value");
      const std::string name = property.substr(0, equals);
      if (std::find(kOwn.begin(), kOwn.end(), name) != kOwn.end()) {
        return Fail("--property", 0, "`" + name + "` is not for you to set", "leave it out: no message may be lost");
      }
      all.emplace_back(name, property.substr(equals + 1));
    }
    for (const auto& [name, value] : all) {
      char why[512] = {};
      if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), why, sizeof why) != RD_KAFKA_CONF_OK) {
        return Fail("--property", 0, "`" + name + "`: " + why, "librdkafka's CONFIGURATION.md lists what it takes");
      }
    }
    rd_kafka_conf_set_opaque(conf.get(), this);
    rd_kafka_conf_set_error_cb(conf.get(), &OnError);
    rd_kafka_conf_set_offset_commit_cb(conf.get(), &OnCommit);
    rd_kafka_conf_set_log_cb(conf.get(), [](const rd_kafka_t*, int, const char*, const char*) {});
    char why[512] = {};
    handle_ = rd_kafka_new(RD_KAFKA_CONSUMER, conf.get(), why, sizeof why);
    if (handle_ == nullptr) return Fail("kafka", 0, why, "check --brokers and --property");
    (void)conf.release();
    rd_kafka_poll_set_consumer(handle_);
    const Partitions topics(rd_kafka_topic_partition_list_new(static_cast<int>(options_.topics.size())),
                            &rd_kafka_topic_partition_list_destroy);
    for (const std::string& topic : options_.topics) {
      rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
    }
    if (const auto error = rd_kafka_subscribe(handle_, topics.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return Fail("--topic", 0, rd_kafka_err2str(error), "name topics that Kafka allows");
    }
    return true;
  }

  Batch Poll(std::size_t most, int wait_ms) override {
    Batch out;
    const auto until = Clock::now() + std::chrono::milliseconds(wait_ms);
    while (out.size() < most) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
      rd_kafka_message_t* const m = rd_kafka_consumer_poll(handle_, static_cast<int>(std::max<std::int64_t>(left, 0)));
      if (m == nullptr) break;
      if (m->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        out.push_back({rd_kafka_topic_name(m->rkt), m->partition, m->offset,
                       std::string(static_cast<const char*>(m->payload), m->payload != nullptr ? m->len : 0),
                       Ignored{}});
        problem_.clear();
      } else {
        problem_ = rd_kafka_err2str(m->err);  // a topic that is not there yet, most of all
      }
      rd_kafka_message_destroy(m);
      if (left <= 0 && out.empty()) break;
    }
    return out;
  }

  void Commit(const Batch& batch) override {
    std::map<std::pair<std::string, std::int32_t>, std::int64_t> next;
    for (const Item& item : batch) {
      std::int64_t& offset = next[{item.topic, item.partition}];
      offset = std::max(offset, item.offset + 1);
    }
    const Partitions list(rd_kafka_topic_partition_list_new(static_cast<int>(next.size())),
                          &rd_kafka_topic_partition_list_destroy);
    for (const auto& [where, offset] : next) {
      rd_kafka_topic_partition_list_add(list.get(), where.first.c_str(), where.second)->offset = offset;
    }
    // Not waited for: one that waits for a broker that is gone waits for ever, and its partitions with it.
    const auto error = rd_kafka_commit(handle_, list.get(), 1);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) OnCommit(handle_, error, nullptr, this);
  }

  std::uint64_t uncommitted() const noexcept override { return uncommitted_; }

  const std::string& problem() const noexcept override { return problem_; }

  std::int64_t lag() const override {
    rd_kafka_topic_partition_list_t* assigned = nullptr;
    if (rd_kafka_assignment(handle_, &assigned) != RD_KAFKA_RESP_ERR_NO_ERROR) return 0;
    const Partitions list(assigned, &rd_kafka_topic_partition_list_destroy);
    rd_kafka_position(handle_, list.get());
    std::int64_t behind = 0;
    for (int i = 0; i < list->cnt; ++i) {
      const rd_kafka_topic_partition_t& p = list->elems[i];
      std::int64_t low = 0, high = 0;
      if (rd_kafka_get_watermark_offsets(handle_, p.topic, p.partition, &low, &high) != RD_KAFKA_RESP_ERR_NO_ERROR)
        continue;
      if (high > 0) behind += std::max<std::int64_t>(0, high - std::max(p.offset, low));
    }
    return behind;
  }

 private:
  static void OnCommit(rd_kafka_t*, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t*, void* opaque) {
    auto* self = static_cast<KafkaConsumer*>(opaque);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR__NO_OFFSET) return;
    ++self->uncommitted_;
    self->problem_ = rd_kafka_err2str(error);
  }

  static void OnError(rd_kafka_t*, int error, const char*, void* self) {
    static_cast<KafkaConsumer*>(self)->problem_ = rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(error));
  }

  const LoaderOptions options_;
  rd_kafka_t* handle_ = nullptr;
  std::string problem_;
  std::uint64_t uncommitted_ = 0;
};

}  // namespace

Result<std::unique_ptr<Consumer>> Consumer::Open(const LoaderOptions& options) {
  auto consumer = std::make_unique<KafkaConsumer>(options);
  if (auto started = consumer->Start(); !started) return Failure(started.error());
  return consumer;
}

}  // namespace gander::fleet
#endif
