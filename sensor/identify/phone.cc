// SPDX-License-Identifier: Apache-2.0
// International phone numbers: country codes of ITU-T E.164 with the lengths of their national numbers and,
// where it is firm, the digits these begin with.
#include <cstdint>

#include "identify/char_class.h"
#include "identify/span_finders.h"

namespace gander::identify {
namespace {

struct Plan {
  std::uint16_t code;
  char iso[3];             // "" when several countries share the code
  std::uint8_t low, high;  // national digits
  std::string_view leads;  // allowed first digits; "" = any
};

constexpr Plan kPlans[] = {
    {1, "", 10, 10, "23456789"},     {7, "RU", 10, 10, "346789"},     {20, "EG", 8, 10, "123456789"},
    {27, "ZA", 9, 9, "12345678"},    {30, "GR", 10, 10, "2678"},      {31, "NL", 9, 9, "1234567"},
    {32, "BE", 8, 9, "12345689"},    {33, "FR", 9, 9, "12345679"},    {34, "ES", 9, 9, "56789"},
    {36, "HU", 8, 9, "1234567"},     {39, "IT", 8, 11, "038"},        {40, "RO", 9, 9, "237"},
    {41, "CH", 9, 9, "234567"},      {43, "AT", 7, 13, "1234567"},    {44, "GB", 10, 10, "12378"},
    {45, "DK", 8, 8, "23456789"},    {46, "SE", 7, 10, "123456789"},  {47, "NO", 8, 8, "23456789"},
    {48, "PL", 9, 9, "123456789"},   {49, "DE", 7, 11, "123456789"},  {51, "PE", 8, 9, "1456789"},
    {52, "MX", 10, 10, "23456789"},  {53, "CU", 8, 8, "2345678"},     {54, "AR", 10, 11, "12369"},
    {55, "BR", 10, 11, "123456789"}, {56, "CL", 9, 9, "2345679"},     {57, "CO", 10, 10, "36"},
    {58, "VE", 10, 10, "24"},        {60, "MY", 8, 10, "1345678"},    {61, "AU", 9, 9, "234578"},
    {62, "ID", 8, 12, "23456789"},   {63, "PH", 9, 10, "23456789"},   {64, "NZ", 8, 10, "234679"},
    {65, "SG", 8, 8, "3689"},        {66, "TH", 8, 9, "2345689"},     {81, "JP", 9, 10, "123456789"},
    {82, "KR", 8, 10, "123456"},     {84, "VN", 9, 10, "235789"},     {86, "CN", 10, 11, "123456789"},
    {90, "TR", 10, 10, "23458"},     {91, "IN", 10, 10, "123456789"}, {92, "PK", 9, 10, "2345689"},
    {93, "AF", 9, 9, "234567"},      {94, "LK", 9, 9, "1234567"},     {95, "MM", 7, 10, ""},
    {98, "IR", 10, 10, "123456789"}, {211, "SS", 9, 9, "19"},         {212, "MA", 9, 9, "5678"},
    {213, "DZ", 8, 9, "1234567"},    {216, "TN", 8, 8, "234579"},     {218, "LY", 9, 9, "29"},
    {220, "GM", 7, 7, ""},           {221, "SN", 9, 9, "37"},         {222, "MR", 8, 8, "234"},
    {223, "ML", 8, 8, ""},           {224, "GN", 9, 9, "367"},        {225, "CI", 10, 10, "02"},
    {226, "BF", 8, 8, ""},           {227, "NE", 8, 8, ""},           {228, "TG", 8, 8, "279"},
    {229, "BJ", 8, 10, ""},          {230, "MU", 7, 8, ""},           {231, "LR", 7, 9, ""},
    {232, "SL", 8, 8, ""},           {233, "GH", 9, 9, "235"},        {234, "NG", 8, 10, ""},
    {235, "TD", 8, 8, "2679"},       {236, "CF", 8, 8, "278"},        {237, "CM", 9, 9, "26"},
    {238, "CV", 7, 7, ""},           {239, "ST", 7, 7, ""},           {240, "GQ", 9, 9, ""},
    {241, "GA", 7, 8, ""},           {242, "CG", 9, 9, "02"},         {243, "CD", 9, 9, "12345689"},
    {244, "AO", 9, 9, "29"},         {245, "GW", 7, 9, ""},           {248, "SC", 7, 7, "246"},
    {249, "SD", 9, 9, "19"},         {250, "RW", 9, 9, "27"},         {251, "ET", 9, 9, "1234579"},
    {252, "SO", 7, 9, ""},           {253, "DJ", 8, 8, "27"},         {254, "KE", 9, 9, "12457"},
    {255, "TZ", 9, 9, "2678"},       {256, "UG", 9, 9, "2347"},       {257, "BI", 8, 8, "2367"},
    {258, "MZ", 8, 9, "28"},         {260, "ZM", 9, 9, "2579"},       {261, "MG", 9, 9, "23"},
    {262, "RE", 9, 9, "269"},        {263, "ZW", 9, 9, ""},           {264, "NA", 8, 9, "68"},
    {265, "MW", 7, 9, ""},           {266, "LS", 8, 8, "2568"},       {267, "BW", 7, 8, ""},
    {268, "SZ", 8, 8, "27"},         {269, "KM", 7, 7, ""},           {297, "AW", 7, 7, ""},
    {298, "FO", 6, 6, ""},           {299, "GL", 6, 6, ""},           {350, "GI", 8, 8, "256"},
    {351, "PT", 9, 9, "23789"},      {352, "LU", 6, 9, ""},           {353, "IE", 7, 9, "12456789"},
    {354, "IS", 7, 7, "45678"},      {355, "AL", 8, 9, "2345678"},    {356, "MT", 8, 8, "2379"},
    {357, "CY", 8, 8, "29"},         {358, "FI", 7, 10, ""},          {359, "BG", 7, 9, "23456789"},
    {370, "LT", 8, 8, "3456"},       {371, "LV", 8, 8, "26789"},      {372, "EE", 7, 8, "345678"},
    {373, "MD", 8, 8, "235678"},     {374, "AM", 8, 8, ""},           {375, "BY", 9, 9, "1234"},
    {376, "AD", 6, 6, "346789"},     {377, "MC", 8, 9, "3469"},       {378, "SM", 8, 10, "056"},
    {380, "UA", 9, 9, "34569"},      {381, "RS", 8, 9, "1236"},       {382, "ME", 8, 8, "23678"},
    {383, "XK", 8, 8, "234"},        {385, "HR", 8, 9, ""},           {386, "SI", 8, 8, "1234567"},
    {387, "BA", 8, 8, "356"},        {389, "MK", 8, 8, "2347"},       {420, "CZ", 9, 9, "23456789"},
    {421, "SK", 9, 9, "23459"},      {423, "LI", 7, 7, "2367"},       {501, "BZ", 7, 7, ""},
    {502, "GT", 8, 8, "234567"},     {503, "SV", 8, 8, "267"},        {504, "HN", 8, 8, "23789"},
    {505, "NI", 8, 8, "2578"},       {506, "CR", 8, 8, "245678"},     {507, "PA", 7, 8, ""},
    {509, "HT", 8, 8, "234"},        {590, "GP", 9, 9, "56"},         {591, "BO", 8, 8, "234567"},
    {592, "GY", 7, 7, ""},           {593, "EC", 8, 9, "234567 9"},   {594, "GF", 9, 9, "56"},
    {595, "PY", 9, 9, "2345679"},    {596, "MQ", 9, 9, "56"},         {597, "SR", 6, 7, ""},
    {598, "UY", 8, 8, "249"},        {599, "CW", 7, 7, ""},           {670, "TL", 7, 8, "27"},
    {673, "BN", 7, 7, "2345678"},    {675, "PG", 7, 8, ""},           {679, "FJ", 7, 7, ""},
    {685, "WS", 5, 7, ""},           {687, "NC", 6, 6, ""},           {689, "PF", 8, 8, "48"},
    {850, "KP", 8, 10, ""},          {852, "HK", 8, 8, "2356789"},    {853, "MO", 8, 8, "268"},
    {855, "KH", 8, 9, ""},           {856, "LA", 8, 10, "234578"},    {880, "BD", 10, 10, "123456789"},
    {886, "TW", 8, 9, "23456789"},   {960, "MV", 7, 7, "3679"},       {961, "LB", 7, 8, ""},
    {962, "JO", 8, 9, "2356789"},    {963, "SY", 9, 9, "12345 9"},    {964, "IQ", 10, 10, "7"},
    {965, "KW", 8, 8, "2569"},       {966, "SA", 9, 9, "15"},         {967, "YE", 9, 9, "7"},
    {968, "OM", 8, 8, "279"},        {970, "PS", 9, 9, "5"},          {971, "AE", 8, 9, "234567 9"},
    {972, "IL", 8, 9, "234578 9"},   {973, "BH", 8, 8, "136"},        {974, "QA", 8, 8, "34567"},
    {975, "BT", 8, 8, "17"},         {976, "MN", 8, 8, "56789"},      {977, "NP", 10, 10, "9"},
    {992, "TJ", 9, 9, ""},           {993, "TM", 8, 8, "16"},         {994, "AZ", 9, 9, "1234567 9"},
    {995, "GE", 9, 9, "34578"},      {996, "KG", 9, 9, "2357 9"},     {998, "UZ", 9, 9, "2356789"}};

struct PlanIndex {
  std::uint8_t at[1000] = {};
  constexpr PlanIndex() {
    std::uint8_t i = 0;
    for (const Plan& p : kPlans) at[p.code] = ++i;
  }
};
constexpr PlanIndex kIndex;

const Plan* PlanOf(std::string_view digits, std::size_t& code_length) noexcept {
  unsigned code = 0;
  for (std::size_t n = 1; n <= 3 && n <= digits.size(); ++n) {
    code = code * 10 + static_cast<unsigned>(DigitOf(digits[n - 1]));
    if (kIndex.at[code] != 0) {
      code_length = n;
      return &kPlans[kIndex.at[code] - 1];
    }
  }
  return nullptr;
}

// Rules that a first digit and a length do not say.
bool NationalFits(unsigned code, std::string_view n) noexcept {
  const auto starts = [&](std::string_view p) { return n.substr(0, p.size()) == p; };
  switch (code) {
    case 1:
      return n[3] >= '2' && n[1] != '9';
    case 20:
      return n.size() == 10 ? starts("10") || starts("11") || starts("12") || starts("15") : n[0] != '1';
    case 39:
      return n[0] == '3' ? n.size() >= 9 && n.size() <= 10 : true;
    case 44:
      return n[0] != '7' || n[1] != '0';
    case 49:
      return !starts("15") && !starts("16") && !starts("17") ? true
                                                             : n.size() == (starts("15")    ? 11u
                                                                            : n.size() < 10 ? 0u
                                                                                            : n.size());
    case 54:
      return n.size() == 11 ? n[0] == '9' : n[0] != '9';
    case 55:
      return n[1] != '0' && (n.size() == 11 ? n[2] == '9' : n[2] >= '2' && n[2] <= '5');
    case 81:
      return n.size() == 10 ? (n[0] >= '7' && n[0] <= '9' && n[1] == '0') || starts("50") || starts("20")
                            : n[1] != '0' || n[0] == '1';
    case 82:
      return starts("10") ? n.size() == 10 : true;
    case 84:
      return n.size() == 9 || starts("2");
    case 86:
      return n[0] == '1' && n[1] != '0' ? n.size() == 11 && n[1] >= '3' : true;
    case 234:
      return n.size() == 10 ? n[0] >= '7' : n.size() == 8;
    case 971:
      return n.size() == 9 ? n[0] == '5' : n[0] != '5';
    case 972:
      return n.size() == 9 ? n[0] == '5' || n[0] == '7' : n[0] != '5';
    default:
      return true;
  }
}

bool NumberFits(std::string_view digits, char (&country)[2]) noexcept {
  std::size_t code_length = 0;
  const Plan* plan = PlanOf(digits, code_length);
  if (plan == nullptr) return false;
  const std::string_view national = digits.substr(code_length);
  if (national.size() < plan->low || national.size() > plan->high) return false;
  if (!plan->leads.empty() && plan->leads.find(national[0]) == std::string_view::npos) return false;
  if (!NationalFits(plan->code, national)) return false;
  country[0] = plan->iso[0];
  country[1] = plan->iso[0] != '\0' ? plan->iso[1] : '\0';
  return true;
}

constexpr std::size_t kMaxDigits = 15;  // E.164

// Whether one separator, or a bracket with or without a space, stands at `i` with a digit behind it.
bool GroupFollows(std::string_view text, std::size_t i) noexcept {
  if (i + 1 >= text.size()) return false;
  const char c = text[i];
  if (c != ' ' && c != '-' && c != '.' && c != '(' && c != ')' && c != '/') return false;
  std::size_t next = i + 1;
  if ((c == ' ' && text[next] == '(') || (c == ')' && (text[next] == ' ' || text[next] == '-'))) ++next;
  return next < text.size() && IsDigit(text[next]);
}

}  // namespace

Span FindPhone(std::string_view text, std::size_t plus, char (&country)[2]) noexcept {
  if (plus > 0 && (IsWord(text[plus - 1]) || text[plus - 1] == '+' || text[plus - 1] == '/')) return {};
  char digits[kMaxDigits];
  std::size_t n = 0;
  Span best;
  for (std::size_t i = plus + 1;;) {
    const char c = i < text.size() ? text[i] : '\0';
    if (IsDigit(c)) {
      if (n == kMaxDigits) break;
      digits[n++] = c;
      ++i;
      continue;
    }
    const bool goes_on = GroupFollows(text, i);
    // A group ends here; the number may too, unless what follows is glued to it.
    if (n >= 7 && IsDigit(text[i - 1]) && !IsWord(c) && (!goes_on || c == ' ') &&
        NumberFits({digits, n}, country)) {
      best = {plus, i};
    }
    if (!goes_on) break;
    while (!IsDigit(text[i])) ++i;
  }
  return best;
}

}  // namespace gander::identify
