// SPDX-License-Identifier: Apache-2.0
// Inside config/ only: one function for each kind of item in a policy document. Each throws PolicyStop.
#ifndef GANDER_CONFIG_POLICY_PARTS_H_
#define GANDER_CONFIG_POLICY_PARTS_H_

#include "config/policy_nodes.h"

namespace gander::config {

policy::Zone ReadZone(const PolicyNodes& in, const YAML::Node& node);
policy::PolicySource::Override ReadOverride(const PolicyNodes& in, const YAML::Node& node);
// `notes`: what has no effect.
policy::Asset ReadAsset(const PolicyNodes& in, const YAML::Node& node, std::vector<Error>& notes);
policy::Agreement ReadAgreement(const PolicyNodes& in, const YAML::Node& node);
policy::Recipient ReadRecipient(const PolicyNodes& in, const YAML::Node& node);
policy::DataClass ReadDataClass(const PolicyNodes& in, const YAML::Node& node);
policy::TransferEntry ReadTransfer(const PolicyNodes& in, const YAML::Node& node);
policy::Advisory ReadAdvisory(const PolicyNodes& in, const YAML::Node& node);
policy::LegalMeter ReadMeter(const PolicyNodes& in, const YAML::Node& node);

// The kinds of legal basis.
const std::vector<std::string>& KnownBases();

}  // namespace gander::config

#endif  // GANDER_CONFIG_POLICY_PARTS_H_
