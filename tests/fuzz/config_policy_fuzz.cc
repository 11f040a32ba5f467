// SPDX-License-Identifier: Apache-2.0
// Any bytes as a policy document: read, built and asked once, or refused with a cause and a remedy.
#include <cstdint>
#include <cstdlib>

#include "config/policy_file.h"
#include "policy/policy.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gander;
  constexpr std::size_t kMost = 1 << 16;  // yaml-cpp's own cost on deep nesting is not the question here
  if (size > kMost) return 0;
  const auto yaml = config::ParseYaml({reinterpret_cast<const char*>(data), size}, "fuzz.yaml");
  if (!yaml) return 0;
  auto source = config::ReadPolicy(*yaml);
  if (!source) {
    Require(!source.error().cause.empty() && !source.error().remedy.empty());
    return 0;
  }
  source->geoip_file.clear();
  const auto policy = policy::Policy::Build(std::move(*source), nullptr);
  if (!policy) {
    Require(!policy.error().cause.empty() && !policy.error().remedy.empty());
    return 0;
  }
  policy::Movement m;
  m.sender = IpAddress::FromV4(0x0a140408);
  m.recipient = IpAddress::FromV4(0xcb007105);
  m.from = (*policy)->Locate(m.sender);
  m.to = (*policy)->Locate(m.recipient);
  m.recipient_domain = "lab.example.de";
  m.data_class = "national_id";
  m.subjects = {{'N', 'O'}};
  Require(!(*policy)->Judge(m).why.empty());
  return 0;
}
