// SPDX-License-Identifier: Apache-2.0
#include "detect/alerting/suppressions.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/format.h"

namespace gander::detect {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::uint64_t kMostBytes = 16u << 20;

bool ReadOne(const Json& item, Suppression& out) {
  const auto text = [&](const char* name, std::string& to) {
    if (!item.contains(name) || !item[name].is_string()) return false;
    to = item[name].get<std::string>();
    return true;
  };
  std::string until;
  return item.is_object() && text("name", out.name) && text("detector", out.detector) && text("key", out.key) &&
         text("reason", out.reason) && text("user", out.user) && text("until", until) && ParseDate(until, out.until);
}

// "2027-01-31T00:00:00Z", as ParseDate reads it.
std::string DateOf(Timestamp t) { return FormatEveTime(t).substr(0, 19) + "Z"; }

}  // namespace

bool Suppression::Covers(const Alert& alert, Timestamp now) const {
  return now < until && (detector.empty() || detector == alert.detector) &&
         (!source || source->Contains(alert.tuple.source)) &&
         (!destination || destination->Contains(alert.tuple.destination)) &&
         (key.empty() || key == DedupHash(alert));
}

std::string DedupHash(const Alert& alert) {
  const std::string text = std::string(alert.detector) + "\n" + alert.dedup_key;
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> hash;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
  std::array<char, 2 * SHA256_DIGEST_LENGTH> hex;
  return std::string(WriteHex(hash.data(), hash.size(), hex.data()));
}

Result<std::unique_ptr<Acknowledgements>> Acknowledgements::Open(const std::string& path) {
  auto out = std::unique_ptr<Acknowledgements>(new Acknowledgements(path));
  std::string text;
  if (path.empty() || (!ReadFile(path, text, kMostBytes) && errno == ENOENT)) return out;
  const Json json = Json::parse(text, nullptr, false);
  bool good = json.is_array() && json.size() <= kMost;
  for (std::size_t i = 0; good && i < json.size(); ++i) {
    Suppression one;
    good = ReadOne(json[i], one);
    out->list_.push_back(std::move(one));
  }
  if (good) return out;
  return Fail(path, 0, "holds no acknowledgements of alerts",
              "name another file in detect.acknowledgements, or move this one away");
}

Result<bool> Acknowledgements::Save(Timestamp now) {
  std::erase_if(list_, [&](const Suppression& s) { return s.until <= now; });
  if (path_.empty()) return true;
  Json json = Json::array();
  for (const Suppression& s : list_) {
    json.push_back({{"name", s.name},
                    {"detector", s.detector},
                    {"key", s.key},
                    {"until", DateOf(s.until)},
                    {"reason", s.reason},
                    {"user", s.user}});
  }
  if (ReplaceFile(path_, json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n")) return true;
  return Fail(path_, 0, std::string("acknowledgements cannot be written: ") + std::strerror(errno),
              "let the sensor's user write there; until then they last as long as this run");
}

Result<bool> Acknowledgements::Add(Suppression acknowledgement, Timestamp now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(list_, [&](const Suppression& s) { return s.key == acknowledgement.key || s.until <= now; });
  if (list_.size() >= kMost) {
    return Fail(path_, 0, "holds " + std::to_string(kMost) + " acknowledgements already",
                "suppress whole detectors or networks with detect.suppress instead");
  }
  list_.push_back(std::move(acknowledgement));
  return Save(now);
}

bool Acknowledgements::Remove(const std::string& name, Timestamp now) {
  const std::lock_guard lock(mutex_);
  if (std::erase_if(list_, [&](const Suppression& s) { return s.name == name; }) == 0) return false;
  (void)Save(now);  // what stays in the file ends by itself
  return true;
}

std::optional<Suppression> Acknowledgements::Find(const Alert& alert, Timestamp now) const {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(list_.begin(), list_.end(), [&](const Suppression& s) { return s.Covers(alert, now); });
  if (found == list_.end()) return std::nullopt;
  return *found;
}

Suppressions Acknowledgements::List(Timestamp now) const {
  const std::lock_guard lock(mutex_);
  Suppressions out;
  std::copy_if(list_.begin(), list_.end(), std::back_inserter(out), [&](const Suppression& s) { return now < s.until; });
  return out;
}

}  // namespace gander::detect
