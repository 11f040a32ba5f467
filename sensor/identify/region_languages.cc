// SPDX-License-Identifier: Apache-2.0
#include "identify/region_languages.h"

namespace gander::identify {
namespace {

struct Region {
  std::string_view code, languages;
};
constexpr Region kRegions[] = {
    {"AD", "ca es fr"}, {"AE", "ar"},       {"AL", "sq"},       {"AM", "hy"},       {"AR", "es"},
    {"AT", "de"},       {"AU", "en"},       {"AZ", "az"},       {"BA", "bs hr sr"}, {"BD", "bn"},
    {"BE", "nl fr de"}, {"BG", "bg"},       {"BH", "ar"},       {"BO", "es qu ay"}, {"BR", "pt"},
    {"BW", "en tn"},    {"BY", "be ru"},    {"CA", "en fr"},    {"CH", "de fr it rm"}, {"CL", "es"},
    {"CN", "zh"},       {"CO", "es"},       {"CR", "es"},       {"CU", "es"},       {"CY", "el tr"},
    {"CZ", "cs"},       {"DE", "de"},       {"DK", "da"},       {"DO", "es"},       {"DZ", "ar fr"},
    {"EC", "es qu"},    {"EE", "et"},       {"EG", "ar"},       {"ES", "es ca gl eu"}, {"ET", "am"},
    {"FI", "fi sv"},    {"FR", "fr"},       {"GB", "en cy"},    {"GE", "ka"},       {"GH", "en"},
    {"GR", "el"},       {"GT", "es"},       {"HK", "zh en"},    {"HN", "es"},       {"HR", "hr"},
    {"HU", "hu"},       {"ID", "id"},       {"IE", "en ga"},    {"IL", "he ar"},    {"IN", "hi en bn ta te mr"},
    {"IQ", "ar ku"},    {"IR", "fa"},       {"IS", "is"},       {"IT", "it"},       {"JO", "ar"},
    {"JP", "ja"},       {"KE", "en sw"},    {"KG", "ky ru"},    {"KH", "km"},       {"KR", "ko"},
    {"KW", "ar"},       {"KZ", "kk ru"},    {"LA", "lo"},       {"LB", "ar fr"},    {"LI", "de"},
    {"LK", "si ta"},    {"LT", "lt"},       {"LU", "lb fr de"}, {"LV", "lv"},       {"LY", "ar"},
    {"MA", "ar fr"},    {"MC", "fr"},       {"MD", "ro"},       {"ME", "sr"},       {"MK", "mk sq"},
    {"MM", "my"},       {"MN", "mn"},       {"MO", "zh pt"},    {"MT", "mt en"},    {"MU", "en fr"},
    {"MX", "es"},       {"MY", "ms"},       {"MZ", "pt"},       {"NG", "en"},       {"NL", "nl"},
    {"NO", "no nb nn"}, {"NP", "ne"},       {"NZ", "en mi"},    {"OM", "ar"},       {"PA", "es"},
    {"PE", "es qu"},    {"PH", "en fil"},   {"PK", "ur en"},    {"PL", "pl"},       {"PS", "ar"},
    {"PT", "pt"},       {"PY", "es gn"},    {"QA", "ar"},       {"RO", "ro"},       {"RS", "sr"},
    {"RU", "ru"},       {"RW", "rw en fr"}, {"SA", "ar"},       {"SE", "sv"},       {"SG", "en zh ms ta"},
    {"SI", "sl"},       {"SK", "sk"},       {"SM", "it"},       {"SN", "fr"},       {"SV", "es"},
    {"TH", "th"},       {"TJ", "tg ru"},    {"TN", "ar fr"},    {"TR", "tr"},       {"TW", "zh"},
    {"TZ", "sw en"},    {"UA", "uk"},       {"UG", "en sw"},    {"US", "en es"},    {"UY", "es"},
    {"UZ", "uz ru"},    {"VE", "es"},       {"VN", "vi"},       {"ZA", "en af zu xh"}, {"ZM", "en"},
    {"ZW", "en sn"},    {"GLOBAL", "en"},
};

}  // namespace

std::string_view LanguagesOf(std::string_view region) noexcept {
  for (const Region& r : kRegions) {
    if (r.code == region) return r.languages;
  }
  return {};
}

}  // namespace gander::identify
