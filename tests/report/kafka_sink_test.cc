// SPDX-License-Identifier: Apache-2.0
// Kafka against librdkafka's own mock cluster: a broker in this process that can be taken down. The real one is in
// tests/broker.
#ifdef GANDER_WITH_KAFKA
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>

#include "report/sink/outputs.h"
#include "report/sink_samples.h"

namespace gander::report {
namespace {

using test::Eventually;

constexpr const char* kTopic = "gander";

class Cluster {
 public:
  Cluster() {
    char why[256];
    owner_ = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why, sizeof why);
    cluster_ = rd_kafka_mock_cluster_new(owner_, 1);
    rd_kafka_mock_topic_create(cluster_, kTopic, 4, 1);
  }
  ~Cluster() {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(owner_);
  }
  std::string brokers() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  void Down() { rd_kafka_mock_broker_set_down(cluster_, 1); }
  void Up() { rd_kafka_mock_broker_set_up(cluster_, 1); }
  // The next batches, whatever their partition, are answered with this.
  void Refuse(rd_kafka_resp_err_t error, int times) {
    constexpr std::int16_t kProduce = 0;
    for (int i = 0; i < times; ++i) rd_kafka_mock_push_request_errors(cluster_, kProduce, 1, error);
  }

  // key -> values in the order of the topic, until `count` different ones have come.
  std::map<std::string, std::vector<std::string>> Consume(std::size_t count) const {
    char why[256];
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers().c_str(), why, sizeof why);
    rd_kafka_conf_set(conf, "group.id", "test", why, sizeof why);
    rd_kafka_conf_set(conf, "auto.offset.reset", "earliest", why, sizeof why);
    rd_kafka_t* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
    rd_kafka_topic_partition_list_t* all = rd_kafka_topic_partition_list_new(4);
    for (int i = 0; i < 4; ++i) rd_kafka_topic_partition_list_add(all, kTopic, i)->offset = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_assign(consumer, all);
    rd_kafka_topic_partition_list_destroy(all);
    std::map<std::string, std::vector<std::string>> out;
    std::set<std::string> seen;
    for (std::size_t idle = 0; seen.size() < count && idle < 300;) {
      rd_kafka_message_t* m = rd_kafka_consumer_poll(consumer, 100);
      ++idle;
      if (m == nullptr) continue;
      if (m->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        const std::string value(static_cast<const char*>(m->payload), m->len);
        out[{static_cast<const char*>(m->key), m->key_len}].push_back(value);
        seen.insert(value);
        idle = 0;
      }
      rd_kafka_message_destroy(m);
    }
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    return out;
  }

 private:
  rd_kafka_t* owner_;
  rd_kafka_mock_cluster_t* cluster_;
};

class KafkaSinkTest : public test::FolderTest {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "librdkafka starts its threads by thrd_create(), which this sanitizer does not follow";
#endif
    cluster_.emplace();
  }
  std::unique_ptr<Sink> Open(bool spool, std::vector<std::pair<std::string, std::string>> properties = {}) {
    OutputOptions output;
    output.type = OutputType::kKafka;
    output.name = "kafka";
    output.kafka.brokers = cluster_->brokers();
    output.kafka.topic = kTopic;
    properties.emplace_back("reconnect.backoff.max.ms", "200");
    output.kafka.properties = std::move(properties);
    if (spool) output.kafka.spool.directory = Path("spool");
    auto sink = OpenKafkaSink(output);
    EXPECT_TRUE(sink) << sink.error().ToString();
    return sink ? std::move(*sink) : nullptr;
  }
  // Numbers of one sequence under five keys.
  static SharedBatch Numbers(int from, int to) {
    EventBatch batch;
    for (int i = from; i < to; ++i) test::AddLine(batch, std::to_string(i) + "\n", "flow", false, 1 + i % 5);
    return std::make_shared<const EventBatch>(std::move(batch));
  }
  // By first appearance: what was on its way when a producer ended may come twice.
  static void ExpectOrder(const std::map<std::string, std::vector<std::string>>& by_key, std::size_t count) {
    std::set<int> all;
    for (const auto& [key, values] : by_key) {
      int last = -1;
      for (const std::string& value : values) {
        const int number = std::stoi(value);
        if (!all.insert(number).second) continue;
        ASSERT_GT(number, last) << "key " << key;
        last = number;
      }
    }
    EXPECT_EQ(all.size(), count);
  }
  // Threads of this process, by number, that keep a signal waiting.
  static std::set<std::string> ThreadsThatBlock(int signal) {
    std::set<std::string> out;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
      std::ifstream status(thread.path() / "status");
      for (std::string line; std::getline(status, line);) {
        if (!line.starts_with("SigBlk:")) continue;
        if ((std::stoull(line.substr(7), nullptr, 16) >> (signal - 1) & 1) != 0) out.insert(thread.path().filename());
      }
    }
    return out;
  }
  void ExpectAllInOrder(int count) {
    const auto by_key = cluster_->Consume(static_cast<std::size_t>(count));
    std::size_t sum = 0;
    for (const auto& [key, values] : by_key) {
      sum += values.size();
      for (std::size_t i = 1; i < values.size(); ++i) {
        ASSERT_EQ(std::stoi(values[i]), std::stoi(values[i - 1]) + 5) << "key " << key;
      }
    }
    EXPECT_EQ(by_key.size(), 5u);
    EXPECT_EQ(sum, static_cast<std::size_t>(count));
  }
  std::optional<Cluster> cluster_;
};

TEST_F(KafkaSinkTest, WritesWithKeysAndCountsWhatIsAcknowledged) {
  SinkQueue queue(Open(false), {});
  queue.Push(Numbers(0, 1000));
  ASSERT_TRUE(Eventually([&] { return queue.state().written == 1000; }));
  EXPECT_TRUE(queue.state().connected);
  ExpectAllInOrder(1000);
}

TEST_F(KafkaSinkTest, ABrokerThatGoesAwayCostsNothingWithASpool) {
  SinkQueue queue(Open(true), {});
  queue.Push(Numbers(0, 500));
  ASSERT_TRUE(Eventually([&] { return queue.state().written == 500; }));
  cluster_->Down();
  for (int i = 5; i < 20; ++i) queue.Push(Numbers(i * 100, i * 100 + 100));
  ASSERT_TRUE(Eventually([&] { return queue.state().spool_events == 1500 && !queue.state().problem.empty(); }));
  EXPECT_FALSE(queue.state().connected);
  cluster_->Up();
  ASSERT_TRUE(Eventually([&] { return queue.state().written == 2000; }));
  EXPECT_EQ(queue.state().lost_events(), 0u);
  ExpectAllInOrder(2000);
}

// A producer that goes on with the next batch of a partition would overtake the one that failed.
TEST_F(KafkaSinkTest, ABatchThatFailsIsNotOvertaken) {
  for (const bool spool : {false, true}) {
    SinkQueue queue(Open(spool, {{"batch.num.messages", "20"}}), {});
    const int from = spool ? 2000 : 0;
    cluster_->Refuse(RD_KAFKA_RESP_ERR_POLICY_VIOLATION, 1);
    for (int i = 0; i < 20; ++i) queue.Push(Numbers(from + i * 100, from + i * 100 + 100));
    ASSERT_TRUE(Eventually([&] { return queue.state().written == 2000; }));
    EXPECT_GT(queue.state().failures, 0u);
    EXPECT_EQ(queue.state().lost_events(), 0u);
  }
  ExpectOrder(cluster_->Consume(4000), 4000);
}

TEST_F(KafkaSinkTest, ABatchThatIsTooLargeIsSentInPieces) {
  SinkQueue queue(Open(true), {});
  cluster_->Refuse(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, 1);
  queue.Push(Numbers(0, 500));
  ASSERT_TRUE(Eventually([&] { return queue.state().written == 500; }));
  queue.Push(Numbers(500, 700));
  ASSERT_TRUE(Eventually([&] { return queue.state().written == 700; }));
  EXPECT_EQ(queue.state().lost_events(), 0u);
  ExpectOrder(cluster_->Consume(700), 700);
}

TEST_F(KafkaSinkTest, AnEventThatIsTooLargeByItselfIsGivenUp) {
  SinkQueue queue(Open(true), {});
  cluster_->Refuse(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, 2);
  queue.Push(Numbers(0, 1));
  ASSERT_TRUE(Eventually([&] { return test::LostTo(queue.state(), Loss::kRejected) == 1; }));
  queue.Push(Numbers(1, 100));
  ASSERT_TRUE(Eventually([&] { return queue.state().written == 99; }));
}

// Its threads block all signals, and one that blocks SIGSYS ends the process where a system call is refused.
TEST_F(KafkaSinkTest, ThreadsOfTheLibraryTakeARefusedCall) {
  const std::set<std::string> before = ThreadsThatBlock(SIGSYS);
  SinkQueue queue(Open(false), {});
  queue.Push(Numbers(0, 10));
  ASSERT_TRUE(Eventually([&] { return queue.state().written == 10; }));
  EXPECT_EQ(ThreadsThatBlock(SIGSYS), before);
}

TEST_F(KafkaSinkTest, WhatTheSpoolHoldsIsSentByTheNextSensor) {
  cluster_->Down();
  {
    SinkQueue queue(Open(true), {});
    queue.Push(Numbers(0, 700));
    ASSERT_TRUE(Eventually([&] { return queue.state().spool_events == 700 && queue.state().failures > 0; }));
    queue.Close();
    EXPECT_EQ(queue.state().lost_events(), 0u);
  }
  cluster_->Up();
  SinkQueue queue(Open(true), {});
  queue.Push(Numbers(700, 1000));
  ASSERT_TRUE(Eventually([&] { return queue.state().written == 1000; }));
  ExpectAllInOrder(1000);
}

TEST_F(KafkaSinkTest, WithoutASpoolWhatIsWaitingAtTheEndIsCounted) {
  cluster_->Down();
  SinkQueue queue(Open(false), {.offline = false});
  queue.Push(Numbers(0, 100));
  queue.Close();
  EXPECT_EQ(test::LostTo(queue.state(), Loss::kClosed), 100u);
}

TEST_F(KafkaSinkTest, PropertiesAreCheckedAtTheStart) {
  OutputOptions output;
  output.kafka.brokers = "localhost:9";
  output.kafka.topic = kTopic;
  for (const char* name : {"no.such.property", "acks", "enable.idempotence", "enable.gapless.guarantee"}) {
    output.kafka.properties = {{name, "1"}};
    const auto sink = OpenKafkaSink(output);
    ASSERT_FALSE(sink) << name;
    EXPECT_NE(sink.error().cause.find(name), std::string::npos);
  }
}

}  // namespace
}  // namespace gander::report
#endif
