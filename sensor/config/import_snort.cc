// SPDX-License-Identifier: Apache-2.0
// Rules of Snort 2, Snort 3 and Suricata: what stands between the parentheses, option by option.
#include <algorithm>
#include <charconv>
#include <optional>

#include "config/rule_import.h"

namespace gander::config {
namespace {

struct Option {
  std::string name, value;
};

std::string Trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1));
}

// Semicolons part options, but not inside quotes or behind a backslash.
std::vector<Option> OptionsOf(std::string_view body) {
  std::vector<Option> out;
  std::string part;
  bool quoted = false;
  for (std::size_t i = 0; i <= body.size(); ++i) {
    const char c = i < body.size() ? body[i] : ';';
    if (c == '\\' && i + 1 < body.size()) {
      part += c;
      part += body[++i];
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (c != ';' || (quoted && i < body.size())) {
      part += c;
      continue;
    }
    const std::string text = Trimmed(part);
    const auto colon = text.find(':');
    const std::string value = colon == std::string::npos ? "" : Trimmed(text.substr(colon + 1));
    if (!text.empty()) out.push_back({Trimmed(text.substr(0, colon)), value});
    part.clear();
  }
  return out;
}

// "value" -> value; what stands behind the closing quote (Snort 3's modifiers) goes to `behind`.
std::optional<std::string> Unquoted(const std::string& text, std::string* behind = nullptr) {
  if (text.size() < 2 || text.front() != '"') return std::nullopt;
  std::string out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      if (behind != nullptr) *behind = text.substr(i + 1);
      return out;
    }
    // \; \" \: are theirs; all else belongs to the value.
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      if (text[i] != ';' && text[i] != '"' && text[i] != ':') out += '\\';
    }
    out += text[i];
  }
  return std::nullopt;
}

// "GET |2f 61|" as an expression for just these bytes; empty when it is no content.
std::string ContentExpression(const std::string& content, std::size_t& length) {
  std::string out;
  length = 0;
  const auto add = [&](unsigned byte) {
    char hex[8];
    const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
                       byte == ' ';
    std::snprintf(hex, sizeof hex, plain ? "%c" : "\\x%02x", byte);
    out += hex;
    ++length;
  };
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (content[i] == '\\' && i + 1 < content.size()) {
      add(static_cast<unsigned char>(content[++i]));
    } else if (content[i] != '|') {
      add(static_cast<unsigned char>(content[i]));
    } else {
      const auto end = content.find('|', i + 1);
      if (end == std::string::npos) return {};
      for (std::size_t k = i + 1; k < end;) {
        if (content[k] == ' ') {
          ++k;
          continue;
        }
        unsigned byte = 0;
        const char* const stop = content.data() + std::min(end, k + 2);
        if (std::from_chars(content.data() + k, stop, byte, 16).ptr != stop) return {};
        add(byte);
        k += 2;
      }
      i = end;
    }
  }
  return out;
}

// Does the option say where in a packet or message a value must stand?
bool NamesAPlace(const std::string& option) {
  static constexpr std::string_view kPlaces[] = {
      "offset", "depth", "distance", "within", "flow", "flowbits", "byte_test", "isdataat", "http_uri",
      "http_header", "http_client_body", "http_raw_uri", "file_data", "pkt_data"};
  return std::find(std::begin(kPlaces), std::end(kPlaces), option) != std::end(kPlaces) ||
         option.starts_with("http.") || option.starts_with("dns.") || option.starts_with("tls.");
}

class Importer {
 public:
  explicit Importer(RuleImport& out) : out_(out) {}

  void Take(const std::string& rule, int line, const std::string& file) {
    const auto open = rule.find('('), close = rule.rfind(')');
    if (open == std::string::npos) return;  // a variable, an include
    ++out_.seen;
    rule_ = {};
    rule_.line = line;
    rule_.file = file;
    rule_.title = "rule without msg";
    if (close == std::string::npos || close < open) return Leave("its parenthesis is not closed");
    const std::vector<Option> options = OptionsOf(std::string_view(rule).substr(open + 1, close - open - 1));
    std::string sid;
    for (const Option& o : options) {
      if (o.name == "msg") rule_.title = Unquoted(o.value).value_or(o.value);
      if (o.name == "sid") sid = o.value;
    }
    rule_.id = "imported." + detail::LocalName(rule_.title);
    rule_.data_class = "record";
    rule_.sensitivity = identify::Sensitivity::kPersonal;
    rule_.identifies_person = false;  // their rules do not say whether it is
    // Theirs are not unique between tools.
    rule_.sid = out_.first_sid + static_cast<std::uint32_t>(out_.rules.size());
    if (!sid.empty()) rule_.references = {"sid " + sid + " of " + file};
    Choose(options);
  }

 private:
  void Leave(const std::string& why) { out_.left.push_back({rule_.line, rule_.title, why}); }
  void Change(const std::string& what) { out_.changed.push_back({rule_.line, rule_.title, what}); }

  void Choose(const std::vector<Option>& options) {
    std::vector<std::string> patterns, expressions, contents;
    bool dropped = false, folded = false;
    for (const Option& o : options) {
      if (o.name == "sd_pattern") patterns.push_back(o.value);
      if (o.name == "pcre") expressions.push_back(o.value);
      if (o.name == "content" || o.name == "uricontent") contents.push_back(o.value);
      folded = folded || o.name == "nocase" || (o.name == "content" && o.value.find("nocase") != std::string::npos);
      dropped = dropped || NamesAPlace(o.name);
    }
    const std::size_t before = out_.rules.size();
    if (!patterns.empty()) {
      TakePattern(patterns.front());
    } else if (expressions.size() > 1) {
      Leave("several pcre must match together");
    } else if (!expressions.empty()) {
      TakePcre(expressions.front(), !contents.empty());
    } else if (contents.size() == 1) {
      TakeContent(contents.front(), folded);
    } else {
      Leave(contents.empty() ? "it looks for no value: no pcre, content or sd_pattern"
                             : "several contents must stand together: an event of the network, no value of a person");
    }
    if (dropped && out_.rules.size() > before) Change("where it must stand is not asked: it is looked for in all text");
  }

  // Snort 3: sd_pattern:"name"[, threshold n]; Snort 2: sd_pattern:n,name.
  void TakePattern(const std::string& value) {
    std::string pattern = Unquoted(value).value_or("");
    if (pattern.empty()) {
      const auto comma = value.find(',');
      pattern = comma == std::string::npos ? value : Trimmed(value.substr(comma + 1));
      pattern = Unquoted(pattern).value_or(pattern);
    }
    struct Known {
      std::string_view name, rule;
    };
    static constexpr Known kKnown[] = {{"credit_card", "global.payment_card"}, {"us_social", "us.ssn"},
                                       {"us_social_nodashes", "us.ssn"}, {"email", "global.email"},
                                       {"us_phone", "global.phone_e164"}};
    for (const Known& k : kKnown) {
      if (pattern == k.name) return Leave("shipped as " + std::string(k.rule) + ", with its check and context");
    }
    // Snort 2 writes \l for a letter and \L for none, which no other dialect knows.
    for (std::size_t at; (at = pattern.find("\\l")) != std::string::npos;) pattern.replace(at, 2, "[A-Za-z]");
    rule_.identifies_person = true;
    detail::TakeExpression(pattern, false, rule_, out_);
  }

  void TakePcre(const std::string& value, bool with_contents) {
    if (value.starts_with('!')) return Leave("it tells what must not be there");
    const std::string quoted = Unquoted(value).value_or(value);
    const auto last = quoted.rfind('/');
    if (!quoted.starts_with('/') || last == 0) return Leave("its pcre is not /expression/flags");
    const std::string flags = quoted.substr(last + 1);
    if (flags.find('R') != std::string::npos) return Leave("its pcre begins where another match ended");
    std::string expression = quoted.substr(1, last - 1);
    for (std::size_t at = 0; (at = expression.find("\\/", at)) != std::string::npos; ++at) expression.erase(at, 1);
    const std::size_t before = out_.rules.size();
    detail::TakeExpression(expression, flags.find('i') != std::string::npos, rule_, out_);
    if (out_.rules.size() == before) return;
    if (flags.find_first_not_of("imsxAEGOB") != std::string::npos)
      Change("flags " + flags + ": in which part it must stand is not asked");
    if (with_contents) Change("contents beside its pcre are not asked for");
  }

  void TakeContent(const std::string& value, bool folded) {
    if (value.starts_with('!')) return Leave("it tells what must not be there");
    std::size_t length = 0;
    const std::string expression = ContentExpression(Unquoted(value).value_or(""), length);
    if (expression.empty()) return Leave("its content is not written as one");
    if (length < 8) return Leave("a content of less than eight bytes says nothing by itself");
    detail::TakeExpression(expression, folded, rule_, out_);
  }

  RuleImport& out_;
  identify::RuleSource rule_;
};

}  // namespace

RuleImport ImportSnort(const std::string& text, const std::string& file, std::uint32_t first_sid) {
  RuleImport out;
  out.first_sid = first_sid != 0 ? first_sid : FirstSidOf(file);
  Importer importer(out);
  std::string rule;
  int line = 0, begin = 1;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string part = Trimmed(std::string_view(text).substr(at, end - at));
    at = end + 1;
    ++line;
    if (rule.empty()) {
      begin = line;
      if (part.empty() || part.front() == '#') continue;
    }
    const bool goes_on = !part.empty() && part.back() == '\\';  // a rule over several lines
    if (goes_on) part.pop_back();
    rule += part;
    const auto open = std::count(rule.begin(), rule.end(), '(') > 0 && rule.rfind(')') == std::string::npos;
    if (goes_on || open) continue;
    importer.Take(rule, begin, file);
    rule.clear();
  }
  if (!rule.empty()) importer.Take(rule, begin, file);
  return out;
}

}  // namespace gander::config
