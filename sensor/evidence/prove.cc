// SPDX-License-Identifier: Apache-2.0
#include "evidence/prove.h"

#include <nlohmann/json.hpp>

#include "evidence/log_files.h"

namespace gander::evidence {
namespace {

constexpr const char* kFormat = "gander-evidence-proof-1";

Failure Refuse(const std::string& name, std::string cause) {
  return Fail(name, 0, "the proof does not hold: " + std::move(cause),
              "ask for the proof again; if it stays so, the record is not what the sensor signed");
}

std::string TimeOf(const Checkpoint& c) {
  for (const std::string& line : c.extensions) {
    if (line.starts_with("time ")) return line.substr(5);
  }
  return {};
}

// Empty when it holds.
std::string CheckRecord(const nlohmann::json& item, const Checkpoint& checkpoint) {
  if (!item.is_object()) return "a record is no object";
  const auto index = item.find("index"), record = item.find("record"), path = item.find("path");
  if (index == item.end() || !index->is_number_unsigned() || record == item.end() || !record->is_string() ||
      path == item.end() || !path->is_array()) {
    return "a record lacks index, record or path";
  }
  std::vector<Hash> hashes;
  for (const auto& hex : *path) {
    const auto hash = hex.is_string() ? FromHex(hex.get_ref<const std::string&>()) : std::nullopt;
    if (!hash) return "its path is no list of hashes";
    hashes.push_back(*hash);
  }
  const auto& line = record->get_ref<const std::string&>();
  const auto n = index->get<std::uint64_t>();
  const auto head = ReadHead(line);
  if (!head || head->sequence != n) return "the record does not have the sequence it is said to have";
  const auto root = RootByInclusion(LeafHash(line), n, checkpoint.size, hashes);
  if (!root || *root != checkpoint.root) return "record " + std::to_string(n) + " is not under the signed root";
  return {};
}

}  // namespace

Result<std::vector<Picked>> Pick(const std::string& directory, const std::function<bool(const RecordHead&)>& wanted) {
  const auto segments = ListSegments(directory);
  if (!segments) return Failure(segments.error());
  std::vector<Picked> out;
  for (const Segment& segment : *segments) {
    if (segment.leaves_only) continue;
    LineReader reader(segment.path);
    std::string_view line;
    for (bool whole = false; reader.Next(line, whole);) {
      const auto head = ReadHead(line);
      if (whole && head && wanted(*head)) out.push_back({head->sequence, std::string(line)});
    }
  }
  return out;
}

Result<std::string> Prove(const Verified& log, const std::vector<Picked>& records) {
  const std::uint64_t size = log.last_checkpoint.size;
  nlohmann::ordered_json proof;
  proof["format"] = kFormat;
  proof["origin"] = log.last_checkpoint.origin;
  proof["checkpoint"] = log.last_note;
  proof["records"] = nlohmann::ordered_json::array();
  for (const Picked& picked : records) {
    if (picked.sequence >= size) {
      return Fail("evidence", 0, "no checkpoint covers record " + std::to_string(picked.sequence) + " yet",
                  "wait for the next one (evidence.checkpoint_interval_s) or for the end of the run");
    }
    nlohmann::ordered_json item;
    item["index"] = picked.sequence;
    item["record"] = picked.line;
    item["path"] = nlohmann::ordered_json::array();
    for (const Hash& hash : InclusionPath(std::span(log.leaves).first(size), picked.sequence)) {
      item["path"].push_back(ToHex(hash));
    }
    proof["records"].push_back(std::move(item));
  }
  return proof.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Result<Proven> CheckProof(const std::string& name, const std::string& text, const PublicKey& key) {
  const auto proof = nlohmann::json::parse(text, nullptr, false);
  if (!proof.is_object() || proof.value("format", nlohmann::json()) != kFormat || !proof.contains("checkpoint") ||
      !proof["checkpoint"].is_string() || !proof.contains("records") || !proof["records"].is_array() ||
      proof["records"].empty()) {
    return Refuse(name, "it is no proof of this format");
  }
  Checkpoint checkpoint;
  switch (ReadNote(proof["checkpoint"].get_ref<const std::string&>(), key, checkpoint)) {
    case NoteStatus::kGood:
      break;
    case NoteStatus::kMalformed:
      return Refuse(name, "its checkpoint is none");
    case NoteStatus::kOtherKey:
      return Refuse(name, "its checkpoint is not signed by this key");
    case NoteStatus::kBadSignature:
      return Refuse(name, "the signature of its checkpoint does not fit");
  }
  Proven proven{checkpoint.origin, TimeOf(checkpoint), checkpoint.size, {}};
  for (const auto& item : proof["records"]) {
    if (std::string wrong = CheckRecord(item, checkpoint); !wrong.empty()) return Refuse(name, std::move(wrong));
    proven.records.push_back(item["record"].get<std::string>());
  }
  return proven;
}

}  // namespace gander::evidence
