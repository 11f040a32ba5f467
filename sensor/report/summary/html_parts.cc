// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "report/summary/html.h"
#include "report/words.h"

namespace gander::report {
namespace {

std::string KindAttribute(const char* kind) {
  return *kind == '\0' ? std::string() : std::string(" class=\"") + kind + "\"";
}

}  // namespace

std::string Html(std::string_view text) {
  std::string out;
  for (const char c : Clean(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string Element(const char* tag, const std::string& attributes, std::string_view text) {
  std::string out = "<";
  out += tag;
  if (!attributes.empty()) out += " " + attributes;
  return out + ">" + Html(text) + "</" + tag + ">";
}

std::string Tag(std::string_view text, const char* kind) {
  return Element("span", std::string("class=\"tag ") + kind + "\"", text);
}

const char* KindOf(policy::Verdict v) noexcept {
  if (v == policy::Verdict::kInternal) return "";
  return policy::Permits(v) ? "good" : "bad";
}

const char* KindOf(detect::Severity s) noexcept {
  if (s >= detect::Severity::kHigh) return "bad";
  return s == detect::Severity::kMedium ? "warn" : "";
}

std::string Details(std::string_view summary, const std::string& inside) {
  return "<details>" + Element("summary", "", summary) + inside + "</details>";
}

std::string Section(const char* id, std::string_view title, const std::string& inside) {
  return std::string("<section aria-labelledby=\"") + id + "\">" +
         Element("h2", std::string("id=\"") + id + "\"", title) + "\n" + inside + "</section>\n";
}

std::string Bullets(const std::vector<std::string>& sentences) {
  if (sentences.empty()) return {};
  std::string out = "<ul class=\"plain\">";
  for (const std::string& sentence : sentences) out += Element("li", "", sentence) + "\n";
  return out + "</ul>\n";
}

Table::Table(std::string_view caption, std::vector<Column> columns) : columns_(std::move(columns)) {
  html_ = "<table role=\"table\">" + Element("caption", "", caption) +
          "<thead role=\"rowgroup\"><tr role=\"row\">";
  for (const Column& column : columns_) {
    html_ += Element("th", std::string("role=\"columnheader\" scope=\"col\"") + KindAttribute(column.kind), column.title);
  }
  html_ += "</tr></thead>\n<tbody role=\"rowgroup\">\n";
}

Table& Table::Row() {
  if (std::exchange(open_, true)) html_ += "</tr>\n";
  html_ += "<tr role=\"row\">";
  column_ = 0;
  return *this;
}

Table& Table::Cell(const std::string& html) {
  const Column& column = columns_[column_ < columns_.size() ? column_ : columns_.size() - 1];
  ++column_;
  html_ += "<td role=\"cell\" data-label=\"" + Html(column.title) + "\"" + KindAttribute(column.kind) + "><div>" + html +
           "</div></td>";
  return *this;
}

Table& Table::Head(const std::string& html) {
  const Column& column = columns_[column_ < columns_.size() ? column_ : columns_.size() - 1];
  ++column_;
  html_ += "<th role=\"rowheader\" scope=\"row\" data-label=\"" + Html(column.title) + "\"" +
           KindAttribute(column.kind) + "><div>" + html + "</div></th>";
  return *this;
}

std::string Table::Take() {
  if (std::exchange(open_, false)) html_ += "</tr>\n";
  return std::move(html_) + "</tbody></table>\n";
}

}  // namespace gander::report
