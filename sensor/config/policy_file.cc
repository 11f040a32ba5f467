// SPDX-License-Identifier: Apache-2.0
// Reads the policy document. Only shapes and words are checked here; what entries mean together is Policy::Build's.
#include "config/policy_file.h"

#include <filesystem>

#include "config/policy_parts.h"
#include "policy/keep_places.h"

namespace gander::config {
namespace {

using policy::PolicySource;

class PolicyReader {
 public:
  PolicyReader(const YamlFile& file, std::vector<Error>& errors) : in_(file), errors_(errors) {}

  PolicySource Read() {
    source_.file = in_.path();
    source_.name = std::filesystem::path(in_.path()).stem().string();
    Try([this] {
      in_.Keys(in_.root(), {"policy", "zones", "overrides", "assets", "recipients", "agreements", "classes", "purposes",
                            "meters", "advisories", "transfers", "collectors"});
    });
    if (!in_.root().IsMap()) return std::move(source_);
    Try([this] {
      if (const YAML::Node head = in_.root()["policy"]) ReadHead(head);
    });
    Try([this] { source_.purposes = in_.Texts(in_.root(), "purposes"); });
    Each("zones", [this](const YAML::Node& n) { source_.zones.push_back(ReadZone(in_, n)); });
    Each("overrides", [this](const YAML::Node& n) { source_.overrides.push_back(ReadOverride(in_, n)); });
    Each("assets", [this](const YAML::Node& n) { source_.assets.push_back(ReadAsset(in_, n, source_.notes)); });
    Each("recipients", [this](const YAML::Node& n) { source_.recipients.push_back(ReadRecipient(in_, n)); });
    Each("agreements", [this](const YAML::Node& n) { source_.agreements.push_back(ReadAgreement(in_, n)); });
    Each("classes", [this](const YAML::Node& n) { source_.classes.push_back(ReadDataClass(in_, n)); });
    Each("meters", [this](const YAML::Node& n) { source_.meters.push_back(ReadMeter(in_, n)); });
    Each("advisories", [this](const YAML::Node& n) { source_.advisories.push_back(ReadAdvisory(in_, n)); });
    Each("transfers", [this](const YAML::Node& n) { source_.transfers.push_back(ReadTransfer(in_, n)); });
    // A collectors line is a transfer whose id may be left out.
    Each("collectors", [this](const YAML::Node& n) {
      policy::TransferEntry e = ReadTransfer(in_, n);
      if (e.id.empty()) e.id = "collector-line-" + std::to_string(e.line);
      source_.transfers.push_back(std::move(e));
    });
    return std::move(source_);
  }

 private:
  // An item that is wrong is told and left out.
  template <class F>
  void Try(F&& read) {
    try {
      read();
    } catch (PolicyStop& stop) {
      errors_.push_back(std::move(stop.error));
    } catch (const YAML::Exception& e) {
      errors_.push_back({in_.path(), e.mark.is_null() ? 0 : e.mark.line + 1, "cannot be read as a policy: " + e.msg,
                         "compare the shape of this line with the example policy"});
    }
  }

  template <class F>
  void Each(const char* key, F&& read) {
    Try([&] {
      const YAML::Node list = in_.root()[key];
      if (!list || list.IsNull()) return;
      if (!list.IsSequence()) {
        in_.Refuse(list, std::string("`") + key + "` must be a list", "begin each item with `- `");
      }
      for (const auto& item : list) Try([&] { read(item); });
    });
  }

  void ReadHead(const YAML::Node& head) {
    in_.Keys(head, {"name", "version", "default", "max_entry_days", "geoip", "asn"});
    if (std::string name = in_.Text(head, "name"); !name.empty()) source_.name = std::move(name);
    source_.version = static_cast<int>(in_.Number(head, "version", 0, 1'000'000'000));
    source_.max_entry_days = static_cast<int>(in_.Number(head, "max_entry_days", 400, 400));
    in_.Word(head, "default", {"alert"});
    source_.geoip_file = in_.Path(head, "geoip");
    source_.asn_file = in_.Path(head, "asn");
  }

  const PolicyNodes in_;
  std::vector<Error>& errors_;
  PolicySource source_;
};

}  // namespace

PolicySource ReadPolicy(const YamlFile& file, std::vector<Error>& errors) { return PolicyReader(file, errors).Read(); }

Result<PolicySource> ReadPolicy(const YamlFile& file) {
  std::vector<Error> errors;
  PolicySource source = ReadPolicy(file, errors);
  if (!errors.empty()) return Failure(std::move(errors.front()));
  return source;
}

Result<PolicySource> LoadPolicy(const std::string& path) {
  const auto file = LoadYaml(path);
  if (!file) return Failure(file.error());
  return ReadPolicy(*file);
}

std::shared_ptr<const policy::Policy> BuildPolicy(const YamlFile& file, const PolicyReading& reading,
                                                  std::vector<Error>& errors, std::vector<Error>* warnings) {
  const std::size_t before = errors.size();
  PolicySource source = ReadPolicy(file, errors);
  source.read_at = reading.now;
  source.known_classes = reading.known_classes;
  if (reading.before != nullptr) policy::KeepPlaces(*reading.before, source);
  auto policy = policy::Policy::Build(std::move(source), errors, warnings);
  return errors.size() > before ? nullptr : policy;
}

std::shared_ptr<const policy::Policy> BuildPolicy(const std::string& path, const PolicyReading& reading,
                                                  std::vector<Error>& errors, std::vector<Error>* warnings) {
  const auto file = LoadYaml(path);
  if (file) return BuildPolicy(*file, reading, errors, warnings);
  errors.push_back(file.error());
  return nullptr;
}

Error Joined(const std::vector<Error>& errors) {
  Error all = errors.empty() ? Error{} : errors.front();
  for (std::size_t i = 1; i < errors.size(); ++i) all.remedy += "\n" + errors[i].ToString();
  return all;
}

}  // namespace gander::config
