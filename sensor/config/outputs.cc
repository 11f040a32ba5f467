// SPDX-License-Identifier: Apache-2.0
// One table of keys serves reading, range checks and showing.
#include "config/outputs.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "config/setting_types.h"

namespace gander::config {
namespace {

using report::OutputOptions;
using report::OutputType;

constexpr unsigned kFile = 1, kUnix = 2, kSyslog = 4, kKafka = 8, kNetwork = kUnix | kSyslog, kAll = 15;

unsigned BitOf(OutputType type) { return 1u << static_cast<unsigned>(type); }

struct Key {
  const char* name;
  unsigned of;  // types of output that have it
  const char* expected;
  std::function<bool(const YAML::Node&, OutputOptions&)> read;
  std::function<std::string(const OutputOptions&)> show;
  bool required = false, is_path = false;
};

template <class Member>
Key Text(const char* name, unsigned of, const char* expected, Member member, bool required = false,
         bool is_path = false) {
  return {name, of, expected,
          [=](const YAML::Node& n, OutputOptions& o) {
            if (!n.IsScalar() || n.Scalar().empty()) return false;
            member(o) = n.Scalar();
            return true;
          },
          [=](const OutputOptions& o) {
            const std::string& text = member(const_cast<OutputOptions&>(o));
            return text.empty() ? std::string() : QuoteYaml(text);
          },
          required, is_path};
}

template <class Member>
Key Number(const char* name, unsigned of, std::uint64_t low, std::uint64_t high, const char* expected, Member member) {
  return {name, of, expected,
          [=](const YAML::Node& n, OutputOptions& o) {
            std::uint64_t value = 0;
            if (!n.IsScalar() || !detail::ParseInteger(n.Scalar(), value) || value < low || value > high) return false;
            auto& target = member(o);
            target = static_cast<std::remove_reference_t<decltype(target)>>(value);
            return true;
          },
          [=](const OutputOptions& o) { return std::to_string(member(const_cast<OutputOptions&>(o))); }};
}

template <class Member>
Key Bytes(const char* name, unsigned of, std::uint64_t low, std::uint64_t high, const char* expected, Member member) {
  return {name, of, expected,
          [=](const YAML::Node& n, OutputOptions& o) {
            std::uint64_t value = 0;
            if (!n.IsScalar() || !ParseSize(n.Scalar(), value) || value < low || value > high) return false;
            member(o) = value;
            return true;
          },
          [=](const OutputOptions& o) { return ShowSize(member(const_cast<OutputOptions&>(o))); }};
}

template <class Member>
Key Flag(const char* name, unsigned of, const char* when_true, const char* when_false, const char* expected,
         Member member) {
  return {name, of, expected,
          [=](const YAML::Node& n, OutputOptions& o) {
            if (!n.IsScalar() || (n.Scalar() != when_true && n.Scalar() != when_false)) return false;
            member(o) = n.Scalar() == when_true;
            return true;
          },
          [=](const OutputOptions& o) -> std::string {
            return member(const_cast<OutputOptions&>(o)) ? when_true : when_false;
          }};
}

bool ReadTexts(const YAML::Node& node, std::vector<std::string>& out) {
  if (!node.IsSequence()) return false;
  out.clear();
  for (const auto& item : node) {
    if (!item.IsScalar() || item.Scalar().empty()) return false;
    out.push_back(item.Scalar());
  }
  return true;
}

Key Types() {
  return {"types", kAll, "a list of event types, as [alert, transfer]",
          [](const YAML::Node& n, OutputOptions& o) { return ReadTexts(n, o.types); },
          [](const OutputOptions& o) {
            std::string text;
            for (const std::string& t : o.types) text += (text.empty() ? "[" : ", ") + t;
            return text.empty() ? text : text + "]";
          }};
}

Key LayoutKey() {
  return {"layout", kAll, "eve, ecs or ocsf",
          [](const YAML::Node& n, OutputOptions& o) { return n.IsScalar() && report::ParseLayout(n.Scalar(), o.layout); },
          [](const OutputOptions& o) -> std::string { return report::NameOf(o.layout); }};
}

Key Brokers() {
  return {"brokers", kKafka, "a list, as [broker1:9092, broker2:9092]",
          [](const YAML::Node& n, OutputOptions& o) {
            std::vector<std::string> brokers;
            if (!ReadTexts(n, brokers) || brokers.empty()) return false;
            o.kafka.brokers.clear();
            for (const std::string& b : brokers) o.kafka.brokers += (o.kafka.brokers.empty() ? "" : ",") + b;
            return true;
          },
          [](const OutputOptions& o) { return "[" + o.kafka.brokers + "]"; }, true};
}

// Values may be secrets (sasl.password): they are not shown.
Key Properties() {
  return {"properties", kKafka, "a map of librdkafka's own properties, as {security.protocol: ssl}",
          [](const YAML::Node& n, OutputOptions& o) {
            if (!n.IsMap()) return false;
            o.kafka.properties.clear();
            for (const auto& item : n) {
              if (!item.first.IsScalar() || !item.second.IsScalar()) return false;
              o.kafka.properties.emplace_back(item.first.Scalar(), item.second.Scalar());
            }
            return true;
          },
          [](const OutputOptions& o) {
            std::string text;
            for (const auto& [name, value] : o.kafka.properties) text += (text.empty() ? "{" : ", ") + name + ": \"...\"";
            return text.empty() ? text : text + "}";
          }};
}

// Where a key points to.
#define GANDER_IN(field) [](OutputOptions& o) -> auto& { return o.field; }

const std::vector<Key>& Keys() {
  static const std::vector<Key> keys = {
      Text("name", kAll, "a word, the label of its metrics", GANDER_IN(name)),
      LayoutKey(),
      Types(),
      Bytes("queue", kAll, kMiB, 16 * kGiB, "a size of 1 MiB to 16 GiB", GANDER_IN(queue)),
      Text("path", kFile, "a file, or - for standard output", GANDER_IN(file.path), true, true),
      Flag("append", kFile, "true", "false", "true or false", GANDER_IN(file.append)),
      Bytes("rotate_size", kFile, 0, kTiB, "a size up to 1 TiB; 0 = never", GANDER_IN(file.rotate_size)),
      Number("rotate_every_s", kFile, 0, 31 * 86400, "seconds up to 31 days; 0 = never",
             GANDER_IN(file.rotate_every_s)),
      Bytes("total", kFile, 0, 1024 * kTiB, "a size; 0 = no limit", GANDER_IN(file.total)),
      Text("path", kUnix, "the reader's socket", GANDER_IN(socket.path), true, true),
      Flag("socket", kUnix, "datagram", "stream", "stream or datagram", GANDER_IN(socket.datagram)),
      Number("retry_max_s", kNetwork, 1, 3600, "1 to 3600 seconds", GANDER_IN(retry_max_s)),
      Text("host", kSyslog, "the collector's name or address", GANDER_IN(syslog.host), true),
      Number("port", kSyslog, 1, 65535, "a port of 1 to 65535", GANDER_IN(syslog.port)),
      Flag("transport", kSyslog, "tls", "tcp", "tls or tcp", GANDER_IN(syslog.use_tls)),
      Text("ca_file", kSyslog, "a PEM file", GANDER_IN(syslog.tls.ca_file), false, true),
      Text("server_name", kSyslog, "the name in the collector's certificate", GANDER_IN(syslog.tls.name)),
      Text("certificate", kSyslog, "a PEM file", GANDER_IN(syslog.tls.certificate), false, true),
      Text("key", kSyslog, "a PEM file", GANDER_IN(syslog.tls.key), false, true),
      Number("facility", kSyslog, 0, 23, "0 to 23 (RFC 5424, table 1)", GANDER_IN(syslog.facility)),
      Text("app_name", kSyslog, "a word", GANDER_IN(syslog.app_name)),
      Flag("structured_data", kSyslog, "true", "false", "true or false", GANDER_IN(syslog.structured)),
      Brokers(),
      Text("topic", kKafka, "a topic", GANDER_IN(kafka.topic), true),
      Properties(),
      Bytes("in_flight", kKafka, kMiB, kGiB, "a size of 1 MiB to 1 GiB", GANDER_IN(kafka.in_flight)),
      Text("spool", kKafka, "a folder", GANDER_IN(kafka.spool.directory), false, true),
      Bytes("spool_size", kKafka, 4 * kMiB, 1024 * kTiB, "a size of 4 MiB or more", GANDER_IN(kafka.spool.size)),
      Bytes("spool_segment", kKafka, kMiB, kGiB, "a size of 1 MiB to 1 GiB", GANDER_IN(kafka.spool.segment)),
      Number("spool_fsync_ms", kKafka, 0, 60000, "0 to 60000 milliseconds; 0 = the kernel decides",
             GANDER_IN(kafka.spool.fsync_ms)),
  };
  return keys;
}

#undef GANDER_IN

const Key* Find(const std::string& name, unsigned of) {
  for (const Key& k : Keys()) {
    if (name == k.name && (k.of & of) != 0) return &k;
  }
  return nullptr;
}

std::string KeysOf(OutputType type) {
  std::string text;
  for (const Key& k : Keys()) {
    if ((k.of & BitOf(type)) != 0) text += (text.empty() ? "" : ", ") + std::string(k.name);
  }
  return text;
}

// Reads one map.
class OutputReader {
 public:
  OutputReader(const std::string& file, const std::filesystem::path& folder) : file_(file), folder_(folder) {}

  Result<OutputOptions> Read(const YAML::Node& node) {
    OutputOptions out;
    if (!node.IsMap()) return Wrong(node, "an output is a map", "write {type: file, path: eve.json}");
    if (auto type = ReadType(node, out.type); !type) return Failure(type.error());
    out.where = file_;
    out.line = LineOf(node);
    for (const auto& item : node) {
      if (auto read = ReadKey(item.first, item.second, out); !read) return Failure(read.error());
    }
    for (const Key& k : Keys()) {
      if (!k.required || (k.of & BitOf(out.type)) == 0 || node[k.name].IsDefined()) continue;
      return Wrong(node, std::string("an output of type ") + NameOf(out.type) + " needs `" + k.name + "`",
                   std::string(k.name) + ": " + k.expected);
    }
    return out;
  }

 private:
  Failure Wrong(const YAML::Node& node, std::string cause, std::string remedy) const {
    return Fail(file_, LineOf(node), "`report.outputs`: " + std::move(cause), std::move(remedy));
  }

  Result<bool> ReadType(const YAML::Node& node, OutputType& out) const {
    const YAML::Node type = node["type"];
    const std::string word = type.IsDefined() && type.IsScalar() ? type.Scalar() : "";
    for (const OutputType t : {OutputType::kFile, OutputType::kUnix, OutputType::kSyslog, OutputType::kKafka}) {
      if (word != NameOf(t)) continue;
      out = t;
      return true;
    }
    if (word.empty()) return Wrong(node, "an output has no `type`", "add type: file, unix, syslog or kafka");
    return Wrong(type, "there is no type `" + word + "`", "known: file, unix, syslog, kafka");
  }

  Result<bool> ReadKey(const YAML::Node& name, const YAML::Node& value, OutputOptions& out) const {
    const std::string word = name.IsScalar() ? name.Scalar() : "";
    if (word == "type") return true;
    const Key* key = Find(word, BitOf(out.type));
    if (key == nullptr) {
      const std::string type = NameOf(out.type);
      if (Find(word, kAll) != nullptr) {
        return Wrong(name, "`" + word + "` is no key of an output of type " + type, type + " has: " + KeysOf(out.type));
      }
      return Wrong(name, "unknown key `" + word + "`", type + " has: " + KeysOf(out.type));
    }
    YAML::Node resolved = value;
    if (key->is_path && value.IsScalar() && !value.Scalar().empty() && value.Scalar() != "-" && !folder_.empty()) {
      resolved = YAML::Node((folder_ / value.Scalar()).lexically_normal().string());
    }
    if (key->read(resolved, out)) return true;
    const std::string given = value.IsScalar() ? " cannot be `" + value.Scalar() + "`" : " has no such value";
    return Wrong(value, "`" + word + "`" + given, std::string("expected: ") + key->expected);
  }

  const std::string& file_;
  const std::filesystem::path& folder_;
};

// "file", "file-2": what metrics call an output that has no name of its own.
Result<bool> NameAll(std::vector<OutputOptions>& outputs) {
  std::set<std::string> taken;
  for (const OutputOptions& o : outputs) {
    if (o.name.empty() || taken.insert(o.name).second) continue;
    return Fail(o.where, o.line, "`report.outputs`: two outputs are named `" + o.name + "`", "give each a name of its own");
  }
  for (OutputOptions& o : outputs) {
    const std::string stem = NameOf(o.type);
    for (int n = 1; o.name.empty(); ++n) {
      const std::string name = n == 1 ? stem : stem + "-" + std::to_string(n);
      if (taken.insert(name).second) o.name = name;
    }
  }
  return true;
}

}  // namespace

Result<bool> ReadOutputs(const std::string& file, const std::filesystem::path& folder, const YAML::Node& node,
                         std::vector<OutputOptions>& out) {
  out.clear();
  if (node.IsNull()) return true;
  if (!node.IsSequence()) {
    return Fail(file, LineOf(node), "`report.outputs` is a list", "write `- {type: file, path: eve.json}` below it");
  }
  OutputReader reader(file, folder);
  for (const auto& item : node) {
    auto output = reader.Read(item);
    if (!output) return Failure(output.error());
    out.push_back(std::move(*output));
  }
  return NameAll(out);
}

std::string ShowOutputs(const std::vector<OutputOptions>& outputs) {
  std::string text = "[";
  for (const OutputOptions& o : outputs) {
    text += std::string(text.size() > 1 ? ", " : "") + "{type: " + NameOf(o.type);
    for (const Key& k : Keys()) {
      if ((k.of & BitOf(o.type)) == 0) continue;
      const std::string value = k.show(o);
      const bool unset = value.empty() || (std::string_view(k.name) == "port" && value == "0");
      if (!unset) text += ", " + std::string(k.name) + ": " + value;
    }
    text += "}";
  }
  return text + "]";
}

}  // namespace gander::config
