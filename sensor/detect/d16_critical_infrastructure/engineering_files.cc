// SPDX-License-Identifier: Apache-2.0
#include "detect/d16_critical_infrastructure/engineering_files.h"

#include <algorithm>

namespace gander::detect {
namespace {

// What a file of that name may begin with: nothing that anybody knows, or text; or one of the known formats. Bytes that
// nobody knows contradict only kNeedsOle, whose names other programs use as well.
enum class Begins { kUnknown, kZip, kOle, kZipOrOle, kDwg, kNeedsOle };

struct Row {
  std::string_view extension;  // lower case, '#' = a digit
  Begins bytes;
  const char* title;
};

// Names as the makers' own tools give them; IEC 61850-6 (SCL), ISO 16739 (IFC), IEEE C37.111 (COMTRADE), EPANET and
// SWMM of the EPA.
constexpr Row kRows[] = {
    {"s7p", Begins::kUnknown, "project of a Siemens controller"},
    {"s7l", Begins::kUnknown, "library of a Siemens controller"},
    {"ap##", Begins::kUnknown, "project of a Siemens controller"},
    {"zap##", Begins::kZip, "project of a Siemens controller"},
    {"mcp", Begins::kUnknown, "project of a Siemens control panel"},
    {"acd", Begins::kUnknown, "project of a Rockwell controller"},
    {"l5x", Begins::kUnknown, "program of a Rockwell controller"},
    {"l5k", Begins::kUnknown, "program of a Rockwell controller"},
    {"rss", Begins::kOle, "project of a Rockwell controller"},
    {"apa", Begins::kOle, "project of a Rockwell control panel"},
    {"mer", Begins::kOle, "project of a Rockwell control panel"},
    {"stu", Begins::kZip, "project of a Schneider controller"},
    {"sta", Begins::kZip, "project of a Schneider controller"},
    {"xef", Begins::kUnknown, "program of a Schneider controller"},
    {"zef", Begins::kZip, "program of a Schneider controller"},
    {"smbp", Begins::kZip, "project of a Schneider controller"},
    {"projectarchive", Begins::kZip, "project of a CODESYS controller"},
    {"tsproj", Begins::kUnknown, "project of a Beckhoff controller"},
    {"tnzip", Begins::kZip, "project of a Beckhoff controller"},
    {"plcproj", Begins::kUnknown, "project of a Beckhoff controller"},
    {"cxp", Begins::kUnknown, "project of an Omron controller"},
    {"smc2", Begins::kUnknown, "project of an Omron controller"},
    {"gxw", Begins::kUnknown, "project of a Mitsubishi controller"},
    {"gx3", Begins::kZipOrOle, "project of a Mitsubishi controller"},
    {"fhx", Begins::kUnknown, "configuration of a DeltaV control system"},
    {"gwbk", Begins::kZip, "backup of an Ignition control centre"},
    {"iha", Begins::kUnknown, "archive of a plant historian"},
    {"cff", Begins::kUnknown, "disturbance record of a grid (COMTRADE)"},
    {"scd", Begins::kUnknown, "model of a substation (SCL)"},
    {"ssd", Begins::kUnknown, "model of a substation (SCL)"},
    {"sed", Begins::kUnknown, "model of a substation (SCL)"},
    {"icd", Begins::kUnknown, "configuration of a substation device (SCL)"},
    {"cid", Begins::kUnknown, "configuration of a substation device (SCL)"},
    {"iid", Begins::kUnknown, "configuration of a substation device (SCL)"},
    {"rdb", Begins::kNeedsOle, "settings of a protection relay"},
    {"pfd", Begins::kUnknown, "model of a power grid"},
    {"inp", Begins::kUnknown, "model of a water network"},
    {"ifc", Begins::kUnknown, "model of a building (IFC)"},
    {"ifczip", Begins::kZip, "model of a building (IFC)"},
    {"rvt", Begins::kOle, "model of a building"},
    {"dwg", Begins::kDwg, "drawing of a site"},
    {"dxf", Begins::kUnknown, "drawing of a site"},
    {"dgn", Begins::kOle, "drawing of a site"},
    {"knxproj", Begins::kZip, "project of a building's control"},
};

bool Fits(Begins wanted, std::string_view magic) noexcept {
  if (magic.empty()) return wanted != Begins::kNeedsOle;
  switch (wanted) {
    case Begins::kUnknown: return magic == "text";
    case Begins::kZip: return magic == "zip";
    case Begins::kOle:
    case Begins::kNeedsOle: return magic == "ole";
    case Begins::kZipOrOle: return magic == "zip" || magic == "ole";
    case Begins::kDwg: return magic == "dwg";
  }
  return false;
}

bool Matches(std::string_view pattern, std::string_view extension) noexcept {
  return pattern.size() == extension.size() &&
         std::equal(pattern.begin(), pattern.end(), extension.begin(), [](char p, char c) {
           if (p == '#') return c >= '0' && c <= '9';
           return p == (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
         });
}

// Behind the last dot of the last part of a path. A name that begins with its only dot has none.
std::string_view ExtensionOf(std::string_view name) noexcept {
  const std::size_t folder = name.find_last_of("/\\");
  if (folder != std::string_view::npos) name.remove_prefix(folder + 1);
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string_view{} : name.substr(dot + 1);
}

}  // namespace

const char* EngineeringFileOf(std::string_view name, std::string_view magic) noexcept {
  const std::string_view extension = ExtensionOf(name);
  for (const Row& row : kRows) {
    if (Matches(row.extension, extension) && Fits(row.bytes, magic)) return row.title;
  }
  return magic == "dwg" ? "drawing of a site" : "";
}

}  // namespace gander::detect
