// SPDX-License-Identifier: Apache-2.0
// Makers of table rows, one for each type a setting can have.
#ifndef GANDER_CONFIG_SETTING_TYPES_H_
#define GANDER_CONFIG_SETTING_TYPES_H_

#include <charconv>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "config/setting_table.h"

// What a row points to: GANDER_AT(detect.max_keys).
#define GANDER_AT(field) [](Settings& s) -> auto& { return s.field; }

namespace gander::config {

inline constexpr std::uint64_t kKiB = 1 << 10, kMiB = kKiB << 10, kGiB = kMiB << 10, kTiB = kGiB << 10;

// "64MiB", "64 MB", "4096": bytes. False when it is no size.
bool ParseSize(const std::string& text, std::uint64_t& out);
std::string ShowSize(std::uint64_t bytes);
std::string QuoteYaml(const std::string& text);

namespace detail {

inline bool ParseInteger(const std::string& text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace detail

// `member` returns a reference to the value inside Settings.
template <class Member>
Setting Integer(std::string path, std::string help, std::uint64_t low, std::uint64_t high, Member member) {
  const std::string range = std::to_string(low) + ".." + std::to_string(high);
  return {std::move(path), std::move(help), "integer " + range,
          [=](Settings& s, const YAML::Node& node) -> std::string {
            std::uint64_t value = 0;
            if (!node.IsScalar() || !detail::ParseInteger(node.Scalar(), value) || value < low || value > high) {
              return "an integer of " + range + " is expected";
            }
            auto& target = member(s);
            target = static_cast<std::remove_reference_t<decltype(target)>>(value);
            return {};
          },
          [=](const Settings& s) { return std::to_string(member(const_cast<Settings&>(s))); }};
}

template <class Member>
Setting Size(std::string path, std::string help, std::uint64_t low, std::uint64_t high, Member member) {
  const std::string range = ShowSize(low) + ".." + ShowSize(high);
  return {std::move(path), std::move(help), "size " + range,
          [=](Settings& s, const YAML::Node& node) -> std::string {
            std::uint64_t value = 0;
            if (!node.IsScalar() || !ParseSize(node.Scalar(), value) || value < low || value > high) {
              return "a size of " + range + " is expected";
            }
            auto& target = member(s);
            target = static_cast<std::remove_reference_t<decltype(target)>>(value);
            return {};
          },
          [=](const Settings& s) { return ShowSize(member(const_cast<Settings&>(s))); }};
}

template <class Member>
Setting Ratio(std::string path, std::string help, Member member) {
  return {std::move(path), std::move(help), "number 0..1",
          [=](Settings& s, const YAML::Node& node) -> std::string {
            double value = 0;
            if (!node.IsScalar() || !YAML::convert<double>::decode(node, value) || !(value >= 0.0 && value <= 1.0)) {
              return "a number of 0..1 is expected";
            }
            member(s) = value;
            return {};
          },
          [=](const Settings& s) {
            std::string text = std::to_string(member(const_cast<Settings&>(s)));
            text.erase(text.find_last_not_of('0') + 1);
            return text.back() == '.' ? text + "0" : text;
          }};
}

template <class Member>
Setting Boolean(std::string path, std::string help, Member member) {
  return {std::move(path), std::move(help), "true | false",
          [=](Settings& s, const YAML::Node& node) -> std::string {
            bool value = false;
            if (!node.IsScalar() || !YAML::convert<bool>::decode(node, value)) return "true or false is expected";
            member(s) = value;
            return {};
          },
          [=](const Settings& s) -> std::string { return member(const_cast<Settings&>(s)) ? "true" : "false"; }};
}

template <class Member>
Setting Text(std::string path, std::string help, Member member, bool is_path = false) {
  return {std::move(path), std::move(help), is_path ? "path" : "text",
          [=](Settings& s, const YAML::Node& node) -> std::string {
            if (!node.IsScalar() && !node.IsNull()) return "one text is expected";
            member(s) = node.IsNull() ? std::string{} : node.Scalar();
            return {};
          },
          [=](const Settings& s) { return QuoteYaml(member(const_cast<Settings&>(s))); }, is_path};
}

// One of `words`, which stand in the order of the enumerators from 0.
template <class Member>
Setting Choice(std::string path, std::string help, const std::vector<std::string>& words, Member member) {
  std::string range;
  for (const std::string& word : words) range += (range.empty() ? "" : " | ") + word;
  return {std::move(path), std::move(help), range,
          [=](Settings& s, const YAML::Node& node) -> std::string {
            for (std::size_t i = 0; node.IsScalar() && i < words.size(); ++i) {
              if (node.Scalar() != words[i]) continue;
              auto& target = member(s);
              target = static_cast<std::remove_reference_t<decltype(target)>>(i);
              return {};
            }
            return "one of " + range + " is expected";
          },
          [=](const Settings& s) { return words[static_cast<std::size_t>(member(const_cast<Settings&>(s)))]; }};
}

template <class Member>
Setting TextList(std::string path, std::string help, Member member, bool is_path = false) {
  return {std::move(path), std::move(help), "list of text",
          [=](Settings& s, const YAML::Node& node) -> std::string {
            std::vector<std::string> values;
            if (node.IsScalar()) {
              values.push_back(node.Scalar());
            } else if (node.IsSequence()) {
              for (const auto& item : node) {
                if (!item.IsScalar()) return "a list of texts is expected";
                values.push_back(item.Scalar());
              }
            } else if (!node.IsNull()) {
              return "a list of texts is expected";
            }
            member(s) = std::move(values);
            return {};
          },
          [=](const Settings& s) {
            std::string text = "[";
            for (const std::string& v : member(const_cast<Settings&>(s))) {
              text += (text.size() > 1 ? ", " : "") + QuoteYaml(v);
            }
            return text + "]";
          },
          is_path};
}

}  // namespace gander::config

#endif  // GANDER_CONFIG_SETTING_TYPES_H_
