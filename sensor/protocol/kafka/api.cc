// SPDX-License-Identifier: Apache-2.0
#include "protocol/kafka/api.h"

#include <algorithm>
#include <iterator>

#include "protocol/kafka/kafka.h"
#include "protocol/kafka/wire_reader.h"

namespace gander::protocol::kafka {
namespace {

struct ApiFacts {
  const char* name;
  std::int16_t flexible_from;
};
constexpr std::int16_t kNever = INT16_MAX;
constexpr ApiFacts kApis[] = {
    {"Produce", 9}, {"Fetch", 12}, {"ListOffsets", 6}, {"Metadata", 9}, {"LeaderAndIsr", 4}, {"StopReplica", 2},
    {"UpdateMetadata", 6}, {"ControlledShutdown", 3}, {"OffsetCommit", 8}, {"OffsetFetch", 6}, {"FindCoordinator", 3},
    {"JoinGroup", 6}, {"Heartbeat", 4}, {"LeaveGroup", 4}, {"SyncGroup", 4}, {"DescribeGroups", 5}, {"ListGroups", 3},
    {"SaslHandshake", kNever}, {"ApiVersions", 3}, {"CreateTopics", 5}, {"DeleteTopics", 4}, {"DeleteRecords", 2},
    {"InitProducerId", 2}, {"OffsetForLeaderEpoch", 4}, {"AddPartitionsToTxn", 3}, {"AddOffsetsToTxn", 3}, {"EndTxn", 3},
    {"WriteTxnMarkers", 1}, {"TxnOffsetCommit", 3}, {"DescribeAcls", 2}, {"CreateAcls", 2}, {"DeleteAcls", 2},
    {"DescribeConfigs", 4}, {"AlterConfigs", 2}, {"AlterReplicaLogDirs", 2}, {"DescribeLogDirs", 2},
    {"SaslAuthenticate", 2}, {"CreatePartitions", 2}, {"CreateDelegationToken", 2}, {"RenewDelegationToken", 2},
    {"ExpireDelegationToken", 2}, {"DescribeDelegationToken", 2}, {"DeleteGroups", 2}, {"ElectLeaders", 2},
    {"IncrementalAlterConfigs", 1}, {"AlterPartitionReassignments", 0}, {"ListPartitionReassignments", 0},
    {"OffsetDelete", kNever}, {"DescribeClientQuotas", 1}, {"AlterClientQuotas", 1}, {"DescribeUserScramCredentials", 0},
    {"AlterUserScramCredentials", 0}, {"Vote", 0}, {"BeginQuorumEpoch", 1}, {"EndQuorumEpoch", 1}, {"DescribeQuorum", 0},
    {"AlterPartition", 0}, {"UpdateFeatures", 0}, {"Envelope", 0}, {"FetchSnapshot", 0}, {"DescribeCluster", 0},
    {"DescribeProducers", 0}, {"BrokerRegistration", 0}, {"BrokerHeartbeat", 0}, {"UnregisterBroker", 0},
    {"DescribeTransactions", 0}, {"ListTransactions", 0}, {"AllocateProducerIds", 0}, {"ConsumerGroupHeartbeat", 0},
    {"ConsumerGroupDescribe", 0}, {"ControllerRegistration", 0}, {"GetTelemetrySubscriptions", 0}, {"PushTelemetry", 0},
    {"AssignReplicasToDirs", 0}, {"ListConfigResources", 0}, {"DescribeTopicPartitions", 0}, {"ShareGroupHeartbeat", 0},
    {"ShareGroupDescribe", 0}, {"ShareFetch", 0}, {"ShareAcknowledge", 0}, {"AddRaftVoter", 0}, {"RemoveRaftVoter", 0},
    {"UpdateRaftVoter", 0}};
// No API has had more.
constexpr std::int16_t kMaxVersion = 24;

}  // namespace

const char* ApiName(std::int16_t key) noexcept {
  return key >= 0 && static_cast<std::size_t>(key) < std::size(kApis) ? kApis[key].name : nullptr;
}

bool IsFlexible(std::int16_t key, std::int16_t version) noexcept {
  return ApiName(key) != nullptr && version >= kApis[key].flexible_from;
}

bool ReadRequestHead(Bytes message, RequestHead& out, bool* cut) noexcept {
  WireReader in(message);
  out.key = in.I16();
  out.version = in.I16();
  *cut = in.failed();
  if (*cut || ApiName(out.key) == nullptr || out.version < 0 || out.version > kMaxVersion) return false;
  out.correlation = in.I32();
  const std::int16_t length = in.I16();
  *cut = in.failed();
  if (*cut || length < -1 || length > static_cast<std::int16_t>(kMaxName)) return false;
  out.client = AsText(in.Take(static_cast<std::size_t>(std::max<int>(length, 0))));
  if (std::any_of(out.client.begin(), out.client.end(), [](char c) { return c < ' ' || c == 0x7f; })) return false;
  in.set_flexible(IsFlexible(out.key, out.version));
  in.SkipTags();
  out.body = in.position();
  *cut = in.failed();
  return !*cut;
}

}  // namespace gander::protocol::kafka
