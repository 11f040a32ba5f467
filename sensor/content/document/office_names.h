// SPDX-License-Identifier: Apache-2.0
// Names in office documents: of their parts, and of the elements that matter to whoever wants the text. OOXML: ECMA-376
// part 1; ODF: OASIS OpenDocument 1.3.
#ifndef GANDER_CONTENT_OFFICE_NAMES_H_
#define GANDER_CONTENT_OFFICE_NAMES_H_

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace gander::content {

// What an archive is called that has a member of this name, its first bytes being `prefix`: "docx", "xlsx", "pptx";
// empty when the name says nothing.
std::string_view OfficeKindByMember(std::string_view name) noexcept;
// The same by the first bytes of the archive: "odt", "ods", "odp", "odf", "epub".
std::string_view OfficeKindByPrefix(Bytes archive_prefix) noexcept;

// Whether a member holds text in XML. `office`: the archive is known to be an office document.
bool IsOfficePart(std::string_view member_name, bool office) noexcept;

enum class OfficePart : std::uint8_t {
  kOoxml,
  kOdf,
  kSheet,    // of a workbook
  kStrings,  // of a workbook
};
OfficePart OfficePartOf(std::string_view root_element) noexcept;

// What an element means to the text.
enum class OfficeMark : std::uint8_t {
  kOther,
  kParagraph,
  kRun,
  kText,      // its characters are the text, blanks included
  kInline,    // what is inside belongs together
  kAside,     // deleted text, fields, formulas: not between what stands around it
  kPhonetic,  // how the string around it is read aloud
  kTab,
  kBreak,
  kSpace,
  kHyphen,
  kCell,
  kRow,
  kString,  // one of kStrings
  kValue,   // of a cell
};
OfficeMark OfficeMarkOf(std::string_view element, OfficePart part) noexcept;

// The attribute of an element whose value is told: where a link leads, who wrote a comment. Empty when there is none.
std::string_view OfficeToldAttribute(std::string_view element) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_OFFICE_NAMES_H_
