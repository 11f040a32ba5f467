// SPDX-License-Identifier: Apache-2.0
// Which languages the papers of a country are written in: what `gander rules check` asks of context words.
#ifndef GANDER_IDENTIFY_REGION_LANGUAGES_H_
#define GANDER_IDENTIFY_REGION_LANGUAGES_H_

#include <string_view>

namespace gander::identify {

// ISO 639 codes with spaces between, those of the country's authorities first; empty when the country (ISO 3166
// alpha-2) is not known here. Source: Unicode CLDR, official and de facto official languages.
std::string_view LanguagesOf(std::string_view region) noexcept;

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_REGION_LANGUAGES_H_
