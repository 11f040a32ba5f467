// SPDX-License-Identifier: Apache-2.0
// Names of members of archives: told and scanned, never used as a path.
#ifndef GANDER_CONTENT_MEMBER_NAME_H_
#define GANDER_CONTENT_MEMBER_NAME_H_

#include <string>
#include <string_view>

namespace gander::content {

// Longer names are cut.
inline constexpr std::size_t kMaxMemberName = 1024;

// `raw` as UTF-8: as it is where it is that already, else read as code page 437, which ZIP means where it says nothing
// (APPNOTE.TXT, appendix D.1).
void AssignMemberName(std::string_view raw, std::string& out);

// Whether whoever unpacks a member under this name writes outside of the folder: "../", "/etc", "C:".
bool LeavesFolder(std::string_view name) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_MEMBER_NAME_H_
