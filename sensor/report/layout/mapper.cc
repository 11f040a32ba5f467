// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <utility>

#include "report/layout/field_map.h"
#include "report/layout/layout.h"
#include "report/layout/tables.h"

namespace gander::report {
namespace {

std::string EscapedVersion(const std::string& version) {
  std::string out;
  for (const char c : version) {
    if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') out += c;
  }
  return out;
}

// What both layouts do: read, let the layout say what no row can, apply the rows, and keep the rest in its own place.
class TableMapper : public LayoutMapper {
 public:
  TableMapper(std::span<const FieldRow> rows, const char* rest, const std::string& version)
      : map_(rows), rest_(rest), version_(Quoted(EscapedVersion(version))) {}

  bool Append(std::string_view line, std::string& out) override {
    if (!in_.Parse(line)) return false;
    const std::uint32_t type = in_.Find("event_type"), time = in_.Find("timestamp");
    if (type == 0 || time == 0 || in_.at(type).kind != JsonNode::Kind::kText ||
        in_.at(time).kind != JsonNode::Kind::kText) {
      return false;
    }
    shape_.Clear();
    MapEvent(in_.at(type).text());
    left_.clear();
    if (in_.AppendRest(0, left_)) shape_.Set(rest_, left_);
    shape_.Append(out);
    out += '\n';
    return true;
  }

 protected:
  virtual void MapEvent(std::string_view type) = 0;

  JsonTree in_;
  JsonShape shape_;
  const FieldMap map_;
  const char* const rest_;
  const std::string version_;

 private:
  std::string left_;
};

class EcsMapper final : public TableMapper {
 public:
  explicit EcsMapper(const std::string& version) : TableMapper(EcsTable(), "gander", version) {}

 private:
  void MapEvent(std::string_view type) override {
    map_.Apply(type, in_, shape_);
    shape_.Set("observer.version", version_);
  }
};

class OcsfMapper final : public TableMapper {
 public:
  explicit OcsfMapper(const std::string& version) : TableMapper(OcsfTable(), "unmapped", version) {}

 private:
  static constexpr int kDataSecurity = 2006, kDetection = 2004, kNetworkCategory = 4, kEmail = 4009, kOther = 99;

  void MapEvent(std::string_view type) override {
    if (type == "alert") return MapAlert();
    const OcsfClass& c = ClassOf(type);
    int activity = kOther;
    std::string number;
    const std::uint32_t node = in_.Find(c.from);
    if (FromWords(node != 0 ? in_.at(node).text() : "", c.words, number)) {
      std::from_chars(number.data(), number.data() + number.size(), activity);
    }
    SetClass(c.uid, c.name, activity);
    SetSeverity(1);
    map_.Apply(type, in_, shape_);
    if (in_.Find("tls.serial") != 0 && in_.Find("tls.issuerdn") != 0) map_.Apply("=certificate", in_, shape_);
    if (type == "http" && in_.Find("http.status") != 0) map_.Apply("=response", in_, shape_);
    if (c.uid / 1000 == kNetworkCategory && c.uid != kEmail) map_.Apply("=network", in_, shape_);
    shape_.Set("metadata.product.version", version_);
  }

  // About people's data, or about something else. What an alert says of its people stays whole under `unmapped`.
  void MapAlert() {
    const bool data = in_.Find("alert.context.pii") != 0;
    SetClass(data ? kDataSecurity : kDetection, data ? "Data Security Finding" : "Detection Finding", 1);
    const std::uint32_t node = in_.Find("alert.metadata.gander_severity.0");
    std::string number;
    int severity = 0;
    if (node != 0 && FromWords(in_.at(node).text(), "info=1;low=2;medium=3;high=4;critical=5", number)) {
      std::from_chars(number.data(), number.data() + number.size(), severity);
    }
    SetSeverity(severity);
    map_.Apply("alert", in_, shape_);
    map_.Apply(data ? "=2006" : "=2004", in_, shape_);
    shape_.Set("metadata.product.version", version_);
  }

  // A record without ends is none of the network's.
  const OcsfClass& ClassOf(std::string_view type) const {
    static constexpr OcsfClass kBase{"*", 0, "Base Event", "", "*=99"};
    for (const OcsfClass& c : OcsfClasses()) {
      if (!IsAmong(c.types, type)) continue;
      return c.uid != 0 && in_.Find("src_ip") == 0 && in_.Find("dest_ip") == 0 ? kBase : c;
    }
    return kBase;
  }

  void SetClass(int uid, const char* name, int activity) {
    static constexpr const char* kCategories[] = {"Uncategorized", "", "Findings", "", "Network Activity"};
    std::string caption;
    if (!FromWords(std::to_string(activity), OcsfActivityNames(uid), caption)) caption = "Other";
    shape_.Set("activity_id", std::to_string(activity));
    shape_.Set("activity_name", Quoted(caption));
    shape_.Set("category_uid", std::to_string(uid / 1000));
    shape_.Set("category_name", Quoted(kCategories[uid / 1000]));
    shape_.Set("class_uid", std::to_string(uid));
    shape_.Set("class_name", Quoted(name));
    shape_.Set("type_uid", std::to_string(uid * 100 + activity));
    shape_.Set("type_name", Quoted(std::string(name) + ": " + caption));
  }

  void SetSeverity(int severity) {
    static constexpr const char* kSeverities[] = {"Unknown", "Informational", "Low", "Medium", "High", "Critical"};
    shape_.Set("severity_id", std::to_string(severity));
    shape_.Set("severity", Quoted(kSeverities[severity]));
  }
};

}  // namespace

std::unique_ptr<LayoutMapper> NewLayoutMapper(Layout layout, std::string version) {
  switch (layout) {
    case Layout::kEve: break;
    case Layout::kEcs: return std::make_unique<EcsMapper>(version);
    case Layout::kOcsf: return std::make_unique<OcsfMapper>(version);
  }
  return nullptr;
}

}  // namespace gander::report
