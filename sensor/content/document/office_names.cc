// SPDX-License-Identifier: Apache-2.0
#include "content/document/office_names.h"

#include <algorithm>
#include <iterator>

#include "protocol/mime/header_value.h"

namespace gander::content {
namespace {

using protocol::mime::EqualsIgnoreCase;
using protocol::mime::StartsWithIgnoreCase;

struct Pair {
  std::string_view key, value;
};

constexpr Pair kFolders[] = {{"word/", "docx"}, {"xl/", "xlsx"}, {"ppt/", "pptx"}};

// ODF part 2, 3.3: the first member is called "mimetype", is stored, and has no extra field.
constexpr std::size_t kFirstName = 30;
constexpr std::string_view kOdfType = "mimetypeapplication/vnd.oasis.opendocument.";
constexpr std::string_view kEpubType = "mimetypeapplication/epub+zip";
constexpr Pair kOdfKinds[] = {{"text", "odt"}, {"spreadsheet", "ods"}, {"presentation", "odp"}, {"", "odf"}};

constexpr std::string_view kOdfParts[] = {"content.xml", "styles.xml", "meta.xml"};

constexpr Pair kTold[] = {{"Relationship", "Target"}, {"a", "href"},          {"fldSimple", "instr"},
                          {"comment", "author"},      {"property", "name"},   {"user-defined", "name"},
                          {"sheet", "name"},          {"hyperlink", "display"}, {"s", "v"},
                          {"n", "v"},                 {"d", "v"}};

bool EndsWithIgnoreCase(std::string_view s, std::string_view end) noexcept {
  return s.size() >= end.size() && EqualsIgnoreCase(s.substr(s.size() - end.size()), end);
}

// Parts may be named with a slash in front.
std::string_view WithoutSlash(std::string_view name) noexcept {
  return name.starts_with('/') ? name.substr(1) : name;
}

struct Meaning {
  std::string_view element;
  OfficeMark mark;
};
using enum OfficeMark;
constexpr Meaning kCommon[] = {{"p", kParagraph},    {"r", kRun},  {"t", kText},  {"tc", kCell},
                               {"tr", kRow},         {"br", kBreak}, {"cr", kBreak}, {"tab", kTab},
                               {"delText", kAside},  {"instrText", kAside},       {"noBreakHyphen", kHyphen},
                               {"text", kInline},    {"si", kInline}, {"rPh", kPhonetic}};
constexpr Meaning kOdf[] = {{"p", kParagraph},
                            {"h", kParagraph},
                            {"table-cell", kCell},
                            {"covered-table-cell", kCell},
                            {"table-row", kRow},
                            {"line-break", kBreak},
                            {"tab", kTab},
                            {"s", kSpace}};
constexpr Meaning kSheet[] = {{"row", kRow},  {"c", kCell},    {"v", kValue}, {"t", kText},
                              {"f", kAside},  {"is", kInline}, {"rPh", kPhonetic}};
constexpr Meaning kStrings[] = {{"si", kString}, {"t", kText}, {"rPh", kPhonetic}};

template <std::size_t kCount>
OfficeMark Find(const Meaning (&meanings)[kCount], std::string_view element) noexcept {
  for (const Meaning& m : meanings) {
    if (m.element == element) return m.mark;
  }
  return kOther;
}

}  // namespace

std::string_view OfficeKindByMember(std::string_view name) noexcept {
  for (const Pair& folder : kFolders) {
    if (StartsWithIgnoreCase(WithoutSlash(name), folder.key)) return folder.value;
  }
  return {};
}

std::string_view OfficeKindByPrefix(Bytes archive_prefix) noexcept {
  if (archive_prefix.size() < kFirstName) return {};
  const std::string_view first = AsText(archive_prefix.subspan(kFirstName));
  if (first.starts_with(kEpubType)) return "epub";
  if (!first.starts_with(kOdfType)) return {};
  for (const Pair& kind : kOdfKinds) {
    if (first.substr(kOdfType.size()).starts_with(kind.key)) return kind.value;
  }
  return {};
}

bool IsOfficePart(std::string_view member_name, bool office) noexcept {
  const std::string_view name = WithoutSlash(member_name);
  if (EqualsIgnoreCase(name, "[Content_Types].xml") || EndsWithIgnoreCase(name, ".rels")) return true;
  if (office && (name == "mimetype" || EndsWithIgnoreCase(name, ".rdf"))) return true;
  if (!EndsWithIgnoreCase(name, ".xml")) return false;
  if (office || StartsWithIgnoreCase(name, "docProps/") || !OfficeKindByMember(name).empty()) return true;
  return std::find(std::begin(kOdfParts), std::end(kOdfParts), name) != std::end(kOdfParts);
}

OfficePart OfficePartOf(std::string_view root_element) noexcept {
  if (root_element == "worksheet") return OfficePart::kSheet;
  if (root_element == "sst") return OfficePart::kStrings;
  return root_element.starts_with("document-") ? OfficePart::kOdf : OfficePart::kOoxml;
}

OfficeMark OfficeMarkOf(std::string_view element, OfficePart part) noexcept {
  switch (part) {
    case OfficePart::kOoxml:
      return Find(kCommon, element);
    case OfficePart::kOdf:
      return Find(kOdf, element);
    case OfficePart::kSheet:
      return Find(kSheet, element);
    case OfficePart::kStrings:
      return Find(kStrings, element);
  }
  return kOther;
}

std::string_view OfficeToldAttribute(std::string_view element) noexcept {
  for (const Pair& told : kTold) {
    if (told.key == element) return told.value;
  }
  return {};
}

}  // namespace gander::content
