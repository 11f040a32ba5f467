// SPDX-License-Identifier: Apache-2.0
// Saved forms of the small types that several tables hold.
#ifndef GANDER_DETECT_STATE_SNAPSHOT_FIELDS_H_
#define GANDER_DETECT_STATE_SNAPSHOT_FIELDS_H_

#include "base/net.h"
#include "base/snapshot_io.h"
#include "detect/account/samples.h"
#include "policy/policy.h"

namespace gander::detect {

inline constexpr std::size_t kMaxSavedText = 4096;  // bytes of a name or a reason

void SaveAddress(const IpAddress& address, SnapshotWriter& out);
void LoadAddress(IpAddress& address, SnapshotReader& in);
void SaveParty(const policy::Party& party, SnapshotWriter& out);
void LoadParty(policy::Party& party, SnapshotReader& in);
void SaveJurisdiction(policy::Jurisdiction j, SnapshotWriter& out);
void LoadJurisdiction(policy::Jurisdiction& j, SnapshotReader& in);
// The register entry is left out: its number is of one policy.
void SaveJudgement(const policy::Judgement& judgement, SnapshotWriter& out);
void LoadJudgement(policy::Judgement& judgement, SnapshotReader& in);
void SaveFlowSample(const FlowSample& sample, SnapshotWriter& out);
void LoadFlowSample(FlowSample& sample, SnapshotReader& in);
// Without the tags, which are of workers: those that come later may repeat a person.
void SaveMaskSamples(const MaskSamples& samples, SnapshotWriter& out);
void LoadMaskSamples(MaskSamples& samples, SnapshotReader& in);

}  // namespace gander::detect

#endif  // GANDER_DETECT_STATE_SNAPSHOT_FIELDS_H_
