// SPDX-License-Identifier: Apache-2.0
#include "config/outputs.h"

#include <gtest/gtest.h>

#include "config/settings.h"

namespace gander::config {
namespace {

Result<std::vector<report::OutputOptions>> Read(const std::string& yaml) {
  auto parsed = ParseYaml(yaml, "gander.yaml");
  EXPECT_TRUE(parsed) << parsed.error().ToString();
  std::vector<report::OutputOptions> out;
  if (auto read = ReadOutputs("gander.yaml", "/etc/gander", parsed->root, out); !read) return Failure(read.error());
  return out;
}

TEST(Outputs, EachTypeIsRead) {
  const auto read = Read(R"(
- {type: file, path: eve.json, rotate_size: 1GiB, rotate_every_s: 3600, total: 10GiB, append: true}
- {type: unix, path: /run/reader.sock, socket: datagram, layout: ecs, types: [alert, transfer]}
- {type: syslog, host: collector.example, ca_file: ca.pem, facility: 4, name: siem, structured_data: true}
- {type: kafka, brokers: ["a:9092", "b:9092"], topic: gander, layout: ocsf, spool: spool, spool_size: 2GiB,
   properties: {security.protocol: ssl, sasl.password: secret}}
- {type: file, path: "-"}
)");
  ASSERT_TRUE(read) << read.error().ToString();
  const auto& o = *read;
  ASSERT_EQ(o.size(), 5u);
  EXPECT_EQ(o[0].name, "file");
  EXPECT_EQ(o[0].file.path, "/etc/gander/eve.json") << "relative to the configuration";
  EXPECT_EQ(o[0].file.rotate_size, 1ull << 30);
  EXPECT_TRUE(o[0].file.append);
  EXPECT_TRUE(o[1].socket.datagram);
  EXPECT_EQ(o[1].layout, report::Layout::kEcs);
  EXPECT_EQ(o[1].types, (std::vector<std::string>{"alert", "transfer"}));
  EXPECT_EQ(o[2].name, "siem");
  EXPECT_TRUE(o[2].syslog.use_tls) << "TLS is the default";
  EXPECT_EQ(o[2].syslog.tls.ca_file, "/etc/gander/ca.pem");
  EXPECT_EQ(o[3].kafka.brokers, "a:9092,b:9092");
  EXPECT_EQ(o[3].kafka.spool.directory, "/etc/gander/spool");
  EXPECT_EQ(o[3].line, 5);
  EXPECT_EQ(o[4].name, "file-2");
  EXPECT_EQ(o[4].file.path, "-");
  const std::string shown = ShowOutputs(o);
  EXPECT_EQ(shown.find("secret"), std::string::npos);
  EXPECT_NE(shown.find("{type: syslog, name: \"siem\""), std::string::npos) << shown;
}

TEST(Outputs, WhatIsWrongIsToldWithLineAndRemedy) {
  const std::pair<const char*, const char*> cases[] = {
      {"- {path: x}", "no `type`"},
      {"- {type: carrier_pigeon}", "no type `carrier_pigeon`"},
      {"- {type: file, path: x, layout: cef}", "`layout` cannot be `cef`"},
      {"- {type: file, path: x, topic: y}", "no key of an output of type file"},
      {"- {type: file, path: x, colour: red}", "unknown key `colour`"},
      {"- {type: file}", "needs `path`"},
      {"- {type: kafka, topic: t}", "needs `brokers`"},
      {"- {type: kafka, topic: t, brokers: []}", "`brokers`"},
      {"- {type: syslog, host: h, port: 0}", "`port` cannot be `0`"},
      {"- {type: syslog, host: h, transport: udp}", "`transport` cannot be `udp`"},
      {"- {type: unix, path: x, types: alert}", "`types`"},
      {"- {type: file, path: x, queue: 1}", "`queue`"},
      {"- {type: file, path: x, name: a}\n- {type: file, path: y, name: a}", "two outputs are named `a`"},
      {"- file", "an output is a map"},
      {"{type: file}", "is a list"},
  };
  for (const auto& [yaml, cause] : cases) {
    const auto read = Read(std::string("\n") + yaml);
    ASSERT_FALSE(read) << yaml;
    EXPECT_NE(read.error().cause.find(cause), std::string::npos) << yaml << ": " << read.error().ToString();
    EXPECT_EQ(read.error().file, "gander.yaml");
    EXPECT_GE(read.error().line, 2) << yaml;
    EXPECT_FALSE(read.error().remedy.empty()) << yaml;
  }
}

TEST(Outputs, AreASettingLikeAllOthers) {
  Settings settings;
  ASSERT_TRUE(SetOne("report.outputs=[{type: file, path: a.json, types: [alert]}]", settings));
  ASSERT_EQ(settings.report.outputs.size(), 1u);
  EXPECT_TRUE(settings.report.Writes("alert"));
  EXPECT_FALSE(settings.report.Writes("flow"));
  settings.report.events = "-";
  EXPECT_TRUE(settings.report.Writes("flow"));
  EXPECT_FALSE(SetOne("report.outputs=[{type: file}]", settings));
}

}  // namespace
}  // namespace gander::config
