// SPDX-License-Identifier: Apache-2.0
#include "identify/rule_digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/format.h"
#include "identify/own/allow_list.h"
#include "identify/rule_source.h"

namespace gander::identify {
namespace {

// Everything that decides what is found goes in, each text closed by a zero byte.
std::string DigestInput(const std::vector<RuleSource>& sources) {
  std::string all;
  const auto add = [&all](const std::string& text) { all.append(text).push_back('\0'); };
  const auto add_list = [&](const std::vector<std::string>& list) {
    for (const std::string& text : list) add(text);
    add("");
  };
  // By id, since the order of rules depends on what was loaded before (KeepPlaces).
  std::vector<const RuleSource*> sorted;
  for (const RuleSource& s : sources) {
    if (s.shape.kind != ShapeKind::kRetired) sorted.push_back(&s);
  }
  std::sort(sorted.begin(), sorted.end(), [](const RuleSource* a, const RuleSource* b) { return a->id < b->id; });
  for (const RuleSource* source : sorted) {
    const RuleSource& s = *source;
    for (const std::string* text : {&s.id, &s.data_class, &s.region, &s.validator, &s.checks_text,
                                    &s.shape.alphabet, &s.shape.lead, &s.shape.expression}) {
      add(*text);
    }
    for (std::uint32_t n :
         {s.sid, s.revision, s.bulk_distinct, s.shape.min_length, s.shape.max_length, s.shape.min_lead,
          s.shape.max_lead, static_cast<std::uint32_t>(s.shape.kind), static_cast<std::uint32_t>(s.sensitivity)}) {
      add(std::to_string(n));
    }
    add(std::to_string(s.chance));
    for (bool flag : {s.needs_context, s.self_evident, s.identifies_person, s.secret, s.yields, s.stands_alone})
      all.push_back(flag ? '1' : '0');
    for (const auto* list : {&s.shape.templates, &s.shape.separators, &s.shape.prefixes, &s.shape.words, &s.context,
                             &s.foreign, &s.needs, &s.test_values}) {
      add_list(*list);
    }
    for (const auto& part : s.shape.parts) add_list(part);
    for (std::uint32_t n : {s.shape.within, s.shape.times, s.needs_within}) add(std::to_string(n));
    if (s.own != nullptr) add(s.own->checksum());
    if (s.rows != nullptr) add(std::to_string(s.rows->id()));
  }
  return all;
}

}  // namespace

std::string DigestOf(const std::vector<RuleSource>& sources, const AllowList& allowed) {
  std::string all = DigestInput(sources);
  if (!allowed.empty()) all += allowed.Describe();
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash;
  unsigned length = 0;
  EVP_Digest(all.data(), all.size(), hash.data(), &length, EVP_sha256(), nullptr);
  std::array<char, 2 * EVP_MAX_MD_SIZE> hex;
  return std::string(WriteHex(hash.data(), length, hex.data()));
}

}  // namespace gander::identify
