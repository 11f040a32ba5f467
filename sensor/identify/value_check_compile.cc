// SPDX-License-Identifier: Apache-2.0
// From tests in words to tests that run.
#include <algorithm>

#include "identify/char_class.h"
#include "identify/validators/checksum.h"
#include "identify/value_check.h"

namespace gander::identify {
namespace {

bool ReadInt(std::string_view& text, int& out) noexcept {
  const bool minus = !text.empty() && text[0] == '-';
  std::size_t i = minus ? 1 : 0;
  if (i >= text.size() || !IsDigit(text[i])) return false;
  int n = 0;
  for (; i < text.size() && IsDigit(text[i]) && n < 1000; ++i) n = n * 10 + DigitOf(text[i]);
  out = minus ? -n : n;
  text.remove_prefix(i);
  return n > 0;
}

// "3", "3-8", "3-", "-1", "1--2".
bool ReadPlaces(std::string_view text, Places& out) noexcept {
  const auto from_zero = [](int place) { return place > 0 ? place - 1 : place; };
  int first = 0, last = 0;
  if (!ReadInt(text, first)) return false;
  if (text.empty()) {
    last = first;
  } else {
    if (text[0] != '-') return false;
    text.remove_prefix(1);
    if (text.empty()) {
      last = -1;
    } else if (!ReadInt(text, last) || !text.empty()) {
      return false;
    }
  }
  out = {from_zero(first), from_zero(last)};
  return true;
}

bool ReadPlaceList(std::string_view text, PlaceList& out) {
  for (;;) {
    const auto comma = text.find(',');
    if (!ReadPlaces(text.substr(0, comma), out.parts.emplace_back())) return false;
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
  }
}

struct AlgorithmName {
  const char* name;
  AlgorithmTest::Function function;
};
bool Mod97Passes(std::string_view v) noexcept { return Mod97(v) == 1; }
bool MrzPasses(std::string_view v) noexcept {
  return v.size() > 1 && IsDigit(v.back()) && Mrz731(v.substr(0, v.size() - 1)) == DigitOf(v.back());
}
constexpr AlgorithmName kAlgorithms[] = {
    {"luhn", LuhnPasses},           {"luhn_36", Luhn36Passes},       {"verhoeff", VerhoeffPasses},
    {"damm", DammPasses},           {"mod_11_2", Mod11_2Passes},     {"mod_11_10", Mod11_10Passes},
    {"mod_37_2", Mod37_2Passes},    {"mod_37_36", Mod37_36Passes},   {"mod_97_10", Mod97Passes},
    {"mrz", MrzPasses},
};

class CheckCompiler {
 public:
  explicit CheckCompiler(CheckFault& fault) : fault_(fault) {}

  void Run(const std::vector<CheckSource>& sources, std::vector<ValueCheck>& out) {
    for (const CheckSource& s : sources) {
      ValueCheck check;
      if (!One(s, check)) return;
      Run(s.when, check.when);
      out.push_back(std::move(check));
    }
  }

 private:
  bool Wrong(const CheckSource& s, std::string cause) {
    if (fault_.cause.empty()) fault_ = {s.line, std::move(cause)};
    return false;
  }
  bool Read(const CheckSource& s, const std::string& text, Places& out) {
    return text.empty() || ReadPlaces(text, out) || Wrong(s, "'" + text + "' names no places");
  }
  bool Read(const CheckSource& s, PlaceList& out) {
    if (s.at.empty()) out.parts.emplace_back();
    return s.at.empty() || ReadPlaceList(s.at, out) || Wrong(s, "'" + s.at + "' names no places");
  }

  bool One(const CheckSource& s, ValueCheck& out) {
    switch (s.kind) {
      case CheckSource::Kind::kWeights:
      case CheckSource::Kind::kNumber:
        return Sum(s, out.test.emplace<SumTest>());
      case CheckSource::Kind::kAlgorithm:
        return Algorithm(s, out.test.emplace<AlgorithmTest>());
      case CheckSource::Kind::kDate:
        return Date(s, out.test.emplace<DateTest>());
      case CheckSource::Kind::kPlaces:
        return Place(s, out.test.emplace<PlaceTest>());
      case CheckSource::Kind::kLength:
        return Length(s, out.test.emplace<LengthTest>());
      case CheckSource::Kind::kAny: {
        AnyTest& any = out.test.emplace<AnyTest>();
        for (const auto& way : s.ways) Run(way, any.ways.emplace_back());
        return fault_.cause.empty();
      }
    }
    return true;
  }

  bool ReadValues(const CheckSource& s, SumTest& t) {
    t.values.fill(-1);
    for (int d = 0; d < 10; ++d) t.values[static_cast<std::size_t>('0' + d)] = static_cast<std::int8_t>(d);
    if (s.values.empty() || s.values == "a1") {
      const int from = s.values.empty() ? 10 : 1;
      for (int i = 0; i < 26; ++i) t.values[static_cast<std::size_t>('A' + i)] = static_cast<std::int8_t>(from + i);
    } else {
      if (s.values.size() > 127) return Wrong(s, "`values` is longer than 127 characters");
      t.values.fill(-1);
      for (std::size_t i = 0; i < s.values.size(); ++i) {
        t.values[static_cast<unsigned char>(s.values[i])] = static_cast<std::int8_t>(i);
      }
    }
    if (!s.expand.empty() && s.expand != "a1" && s.expand != "a10")
      return Wrong(s, "`expand` is neither a1 nor a10");
    if (!s.expand.empty()) t.expand_from = s.expand == "a1" ? 1 : 10;
    return true;
  }

  bool Sum(const CheckSource& s, SumTest& t) {
    t.number = s.kind == CheckSource::Kind::kNumber;
    t.right = s.right;
    t.weights = s.weights;
    t.again = s.again;
    t.plus = s.plus;
    t.prefixes = s.prefixes;
    if (t.prefixes.empty()) t.prefixes.push_back("");
    t.again_table = s.again_table;
    constexpr std::string_view kSums[] = {"", "digits", "last_digit", "luhn"};
    const auto known = std::find(std::begin(kSums), std::end(kSums), s.sums);
    if (known == std::end(kSums)) return Wrong(s, "`sums` is none of digits, last_digit and luhn");
    t.sums = static_cast<SumTest::Sums>(known - std::begin(kSums));
    if (!t.number && s.weights.empty()) return Wrong(s, "there are no weights");
    return ReadValues(s, t) && SumPlaces(s, t) && RemainderOf(s, t);
  }

  // Where it stands and where its check characters do: as a rule at the begin and right behind.
  bool SumPlaces(const CheckSource& s, SumTest& t) {
    const bool compared = !s.table.empty() || !s.check.empty() || s.has_minuend;
    const int count = static_cast<int>(s.weights.size());
    t.at = t.right ? Places{0, compared ? -2 : -1} : Places{0, count - 1};
    t.remainder.compared = compared;
    if (t.number && s.at.empty()) return Wrong(s, "`number` says no places");
    if (t.number ? !Read(s, t.number_at) : !Read(s, s.at, t.at)) return false;
    if (t.number) t.at = t.number_at.parts.back();
    if (!t.number && !t.right) {
      if (t.at.first < 0) return Wrong(s, "weights stand at places counted from the first");
      t.at.last = t.at.first + count - 1;
      if (!t.again.empty() && t.again.size() != t.weights.size())
        return Wrong(s, "`again` has not as many weights as `weights`");
    }
    const int behind = t.at.last + 1;
    t.remainder.check = t.right || behind == 0 ? Places{-1, -1} : Places{behind, behind};
    return Read(s, s.check, t.remainder.check);
  }

  bool RemainderOf(const CheckSource& s, SumTest& t) {
    Remainder& r = t.remainder;
    r.moduli = s.moduli;
    if (r.moduli.empty()) return Wrong(s, "`mod` is missing");
    for (int m : r.moduli) {
      if (m < 2 || m > 1'000'000) return Wrong(s, "`mod` is not within 2..1,000,000");
    }
    r.table = s.table;
    r.has_minuend = s.has_minuend;
    r.minuend = s.minuend;
    r.rest = s.rest;
    const auto last = static_cast<std::size_t>(r.moduli.back());
    if (!r.table.empty() && r.table.size() != last)
      return Wrong(s, "`table` has " + std::to_string(r.table.size()) + " characters for " + std::to_string(last) +
                          " remainders");
    const bool repeats = r.table.find('*') != std::string::npos;
    if (repeats && (t.again.empty() || t.again_table.size() != last))
      return Wrong(s, "`table` has a * but there is no `again` with an `again_table` of that length");
    return true;
  }

  bool Algorithm(const CheckSource& s, AlgorithmTest& t) {
    t.function = FindAlgorithm(s.name);
    if (t.function == nullptr)
      return Wrong(s, "there is no algorithm '" + s.name + "'; known: " + AlgorithmNames());
    t.prefixes = s.prefixes;
    if (t.prefixes.empty()) t.prefixes.push_back("");
    return Read(s, t.at);
  }

  bool Date(const CheckSource& s, DateTest& t) {
    for (std::size_t i = 0; i < s.name.size();) {
      std::size_t end = i;
      while (end < s.name.size() && s.name[end] == s.name[i]) ++end;
      DateTest::Part* const part = s.name[i] == 'Y'   ? &t.year
                                   : s.name[i] == 'M' ? &t.month
                                   : s.name[i] == 'D' ? &t.day
                                   : s.name[i] == 'J' ? &t.day_of_year
                                                      : nullptr;
      if (part == nullptr || part->digits != 0)
        return Wrong(s, "date '" + s.name + "' is not made of Y, M, D and J, each in one piece");
      *part = {i, end - i};
      i = end;
    }
    const bool whole = t.day_of_year.digits == 3 || (t.month.digits == 2 && t.day.digits == 2);
    if (!whole || t.year.digits == 1 || t.year.digits > 4)
      return Wrong(s, "date '" + s.name + "' is not like YYMMDD, DDMMYYYY or YYYYJJJ");
    Places at;
    if (!Read(s, s.at, at)) return false;
    const int size = static_cast<int>(s.name.size());
    t.at = {at.first, at.first < 0 && at.first + size == 0 ? -1 : at.first + size - 1};
    for (const auto& [characters, base] : s.centuries) t.centuries.push_back({characters, base});
    if (!t.centuries.empty() && s.century_at.empty()) return Wrong(s, "`centuries` needs `century_at`");
    if (!Read(s, s.century_at, t.century_at)) return false;
    if (!s.days.empty()) t.days = s.days;
    if (!s.months.empty()) t.months = s.months;
    t.unknown = s.unknown;
    t.any_age = s.any_age;
    return true;
  }

  bool Place(const CheckSource& s, PlaceTest& t) {
    if (!Read(s, s.at, t.at)) return false;
    for (const std::string& text : s.is) t.is.push_back(RangeOf(text));
    for (const std::string& text : s.is_not) {
      if (text == "same") {
        t.no_same = true;
      } else if (text == "sequence") {
        t.no_sequence = true;
      } else if (text == "palindrome") {
        t.no_palindrome = true;
      } else {
        t.is_not.push_back(RangeOf(text));
      }
    }
    t.chars = ParseAlphabet(s.chars);
    for (const auto* list : {&t.is, &t.is_not}) {
      for (const PlaceTest::Range& r : *list) {
        if (r.low.size() != r.high.size() || r.low > r.high)
          return Wrong(s, "'" + r.low + "-" + r.high + "' is no range of two texts of one length");
      }
    }
    if (s.is.empty() && s.is_not.empty() && s.chars.empty()) return Wrong(s, "it says neither is, not nor chars");
    return true;
  }

  static PlaceTest::Range RangeOf(const std::string& text) {
    const auto dash = text.find('-');
    return dash == std::string::npos ? PlaceTest::Range{text, text}
                                     : PlaceTest::Range{text.substr(0, dash), text.substr(dash + 1)};
  }

  bool Length(const CheckSource& s, LengthTest& t) {
    for (int n : s.lengths) {
      if (n < 1 || n > 63) return Wrong(s, "a length is not within 1..63");
      t.lengths |= std::uint64_t{1} << n;
    }
    return !s.lengths.empty() || Wrong(s, "it names no length");
  }

  CheckFault& fault_;
};

}  // namespace

AlgorithmTest::Function FindAlgorithm(std::string_view name) noexcept {
  for (const AlgorithmName& a : kAlgorithms) {
    if (name == a.name) return a.function;
  }
  return nullptr;
}

std::string AlgorithmNames() {
  std::string all;
  for (const AlgorithmName& a : kAlgorithms) all += (all.empty() ? "" : ", ") + std::string(a.name);
  return all;
}

void CompileChecks(const std::vector<CheckSource>& sources, std::vector<ValueCheck>& out, CheckFault& fault) {
  CheckCompiler(fault).Run(sources, out);
}

std::bitset<256> ParseAlphabet(std::string_view text) {
  std::bitset<256> set;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto low = static_cast<unsigned char>(text[i]);
    if (i + 2 < text.size() && text[i + 1] == '-') {
      for (unsigned c = low; c <= static_cast<unsigned char>(text[i + 2]); ++c) set.set(c);
      i += 2;
    } else {
      set.set(low);
    }
  }
  return set;
}

}  // namespace gander::identify
