// SPDX-License-Identifier: Apache-2.0
// Tokens, fields, HL7 segments, SQL column lists and expressions.
#include "identify/literal_reader.h"

#include <algorithm>

#include "identify/byte_block.h"
#include "identify/char_class.h"
#include "identify/field_value.h"

namespace gander::identify {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;
// How far before `from` what ends behind it can begin.
constexpr std::size_t kMaxLiteral = LiteralSet::kMaxExpressionWidth;

// How much of a value passes that its surroundings delimit, from its begin on; 0 when nothing does. A rule with forms
// takes the longest of them that ends at a border; any other takes all or nothing. A validator reads the value as it
// stands, unless the rule lists forms; checks read its normal form.
std::size_t PassingLength(const CompiledRule& rule, std::string_view raw) noexcept {
  constexpr std::size_t kMaxChecked = 160;
  char normalised[kMaxChecked + 16];
  if (rule.words != nullptr) {
    ContextWords found;
    rule.words->Match(raw, found);
    if (found.count == 0) return 0;
  }
  if (rule.forms.empty()) {
    if (!rule.check(raw)) return 0;
    if (rule.checks.empty()) return raw.size();
    if (raw.size() > kMaxChecked) return 0;
    const std::size_t n = Normalise(raw, normalised, sizeof normalised);
    return PassAll(rule.checks, {normalised, n}) ? raw.size() : 0;
  }
  std::size_t longest = 0;
  for (const ValueTemplate& form : rule.forms) {
    const std::size_t length = form.places.size();
    if (length <= longest || length > raw.size() || (length < raw.size() && IsWord(raw[length]))) continue;
    const std::string_view value = raw.substr(0, length);
    if (!form.Fits(value)) continue;
    const std::size_t n = Normalise(value, normalised, sizeof normalised);
    if (rule.Passes({normalised, n}, value)) longest = length;
  }
  return longest;
}

}  // namespace

LiteralReader::LiteralReader(const RuleSet::Impl& rules, Judge& judge, ContextReader& context, FieldSink& fields,
                             Pool<TableColumns>& columns, Counters& counters)
    : rules_(rules), judge_(judge), context_(context), fields_(fields), columns_(columns), counters_(counters) {
  rules_.literals.Prepare(scratch_);
  hits_.reserve(1024);
  names_.reserve(64);
}

std::size_t LiteralReader::AlphabetEnd(IdType rule, std::size_t begin) noexcept {
  const std::string_view text = window_->text;
  const CompiledRule& r = rules_.rules[rule];
  const std::size_t stop = std::min(text.size(), begin + r.max_length + 1);
  std::size_t end = begin;
  if (stretch_.rule == rule && begin >= stretch_.begin && begin < stretch_.end) end = std::min(stretch_.end, stop);
  while (end < stop && r.alphabet[static_cast<unsigned char>(text[end])]) ++end;
  stretch_ = {rule, begin, end};
  return end;
}

std::size_t LiteralReader::Extent(const Literal& literal, std::size_t end) noexcept {
  const std::string_view text = window_->text;
  const auto bounded = [&](std::size_t i, std::size_t cap) {
    return i < text.size() || window_->last || text.size() - end > cap ? i : kNpos;
  };
  switch (literal.use) {
    case LiteralUse::kToken: {
      const CompiledRule& rule = rules_.rules[literal.rule];
      return bounded(AlphabetEnd(literal.rule, end), rule.max_length + 1);
    }
    case LiteralUse::kHl7Pid:
    case LiteralUse::kHl7Diagnosis:
      return bounded(std::min(text.find_first_of("\r\n", end), text.size()), kMaxSegment);
    case LiteralUse::kSqlInsert: {
      // INTO `t` (`a`,`b`) VALUES
      std::size_t i = std::min(text.find(')', end), text.size());
      if (text.substr(end, i - end).find('\n') != kNpos && text.substr(end, i - end).find('(') == kNpos)
        return end;
      return bounded(i, kMaxHeaderBytes);
    }
    default:
      return end;
  }
}

void LiteralReader::Begin(Window& window, const RunMasks& runs, TextState::Impl& state) noexcept {
  window_ = &window;
  state_ = &state;
  stretch_ = {};
  hits_.clear();
  next_ = 0;
  const std::size_t begin = window.from > kMaxLiteral ? window.from - kMaxLiteral : 0;
  rules_.literals.Find(window.text, begin, window.limit, runs, scratch_, hits_);
  std::size_t kept = 0;
  for (LiteralHit h : hits_) {
    // A literal is judged where its last byte stands.
    if (h.end <= window.from) continue;
    if (h.end > window.limit) break;
    hits_[kept++] = h;
    const LiteralUse use = rules_.literals.literal(h.literal).use;
    if (use != LiteralUse::kFieldInProse && use != LiteralUse::kExpression && !window.last &&
        Extent(rules_.literals.literal(h.literal), h.end) == kNpos) {
      window.limit = h.end - 1;
      --kept;
      break;
    }
  }
  hits_.resize(kept);
  FindKeys(window);
}

void LiteralReader::FindKeys(const Window& window) noexcept {
  const std::size_t literals = hits_.size();
  rules_.keys.Find(window.text, window.from, window.limit, hits_);
  if (hits_.size() == literals) return;
  for (std::size_t i = literals; i < hits_.size(); ++i) hits_[i].literal += rules_.literals.size();
  const auto by_end = [](const LiteralHit& a, const LiteralHit& b) {
    return a.end != b.end ? a.end < b.end : a.literal < b.literal;
  };
  if (!std::is_sorted(hits_.begin(), hits_.end(), by_end)) std::sort(hits_.begin(), hits_.end(), by_end);
}

const Literal& LiteralReader::LiteralOf(const LiteralHit& hit) const noexcept {
  const std::uint32_t literals = rules_.literals.size();
  return hit.literal < literals ? rules_.literals.literal(hit.literal) : rules_.key_uses[hit.literal - literals];
}

void LiteralReader::Read(const LiteralHit& hit) noexcept {
  const Literal& literal = LiteralOf(hit);
  switch (literal.use) {
    case LiteralUse::kToken:
      return ReadToken(literal, hit.end);
    case LiteralUse::kField:
    case LiteralUse::kFieldInProse:
    case LiteralUse::kKey:
      return ReadField(literal, hit.end);
    case LiteralUse::kHl7Pid:
      return ReadHl7Pid(literal, hit.end);
    case LiteralUse::kHl7Diagnosis:
      return ReadHl7Diagnosis(hit.end);
    case LiteralUse::kSqlInsert:
      return ReadSqlInsert(hit.end);
    case LiteralUse::kExpression:
      return ReadExpression(literal, hit.end);
  }
}

std::size_t LiteralReader::LeadBegin(const CompiledRule& rule, std::size_t prefix) const noexcept {
  const std::string_view text = window_->text;
  std::size_t begin = prefix;
  while (begin > 0 && prefix - begin <= rule.max_lead && rule.lead[static_cast<unsigned char>(text[begin - 1])])
    --begin;
  if (prefix - begin > rule.max_lead) return kNpos;
  while (begin < prefix && !IsAlnum(text[begin])) ++begin;  // a value begins with a letter or digit
  return prefix - begin < rule.min_lead ? kNpos : begin;
}

void LiteralReader::ReadToken(const Literal& literal, std::size_t prefix_end) noexcept {
  const CompiledRule& rule = rules_.rules[literal.rule];
  const bool led = rule.lead.any();
  const std::size_t prefix = prefix_end - literal.length, begin = led ? LeadBegin(rule, prefix) : prefix;
  if (begin == kNpos || IsWord(window_->Before(begin)) || state_->Covers(window_->Offset(begin))) return;
  ++counters_.candidates;
  std::size_t end = Extent(literal, prefix_end);
  if (end == kNpos) return;
  const auto passes = [&](std::size_t value_end) {
    const std::size_t length = value_end - prefix_end;
    return length >= rule.min_length && length <= rule.max_length &&
           PassingLength(rule, window_->text.substr(begin, value_end - begin)) > 0;
  };
  std::size_t value_end = end;
  // A full stop at its end is as a rule the sentence's.
  while (value_end > prefix_end && window_->text[value_end - 1] == '.') --value_end;
  const std::size_t length = value_end - prefix_end;
  // "name@bank.example" is a mail address, none at a bank.
  const bool goes_on = led && window_->At(value_end) == '.' && IsWord(window_->At(value_end + 1));
  if (length > rule.max_length || end - prefix_end < rule.min_length || goes_on ||
      (IsWord(window_->At(end)) && (rule.max_length > 0 || IsWord(window_->text[end - 1])))) {
    ++counters_.rejected_boundary;
    return;
  }
  if (!passes(value_end)) {
    if (value_end == end || !passes(end)) return judge_.Failed(literal.rule);
    value_end = end;
  }
  judge_.Pass(literal.rule, begin, value_end, SupportOf(literal.rule, begin));
}

Support LiteralReader::SupportOf(IdType rule, std::size_t begin) noexcept {
  if (!rules_.rules[rule].has_words) return Support::kNone;
  TableColumns* const columns = state_->columns.get();
  if (columns != nullptr) columns->Advance(window_->raw, window_->base, window_->Offset(begin), fields_);
  const ContextWords words = context_.Beside(*window_, begin, columns);
  return rules_.context.Rank(words, rule) > 0 ? Support::kContext : Support::kNone;
}

// A key of a record, or a name of a column of such.
void LiteralReader::ReadKey(const Literal& literal, std::uint64_t offset) noexcept {
  std::vector<RecordKeysTally>& tallies = state_->record_keys;
  if (tallies.empty()) tallies.resize(rules_.record_keys.size());
  RecordKeysTally& tally = tallies[literal.record];
  if (!tally.OnKey(rules_.record_keys[literal.record], literal.part, offset)) return;
  judge_.PassRecord(literal.rule, tally.begin(), offset + literal.length);
}

void LiteralReader::ReadNames(std::string_view list, std::uint64_t offset) noexcept {
  constexpr std::string_view kDelimiters = ",;\t|", kAround = " \r\n\"'`";
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find_first_of(kDelimiters, at), list.size());
    const std::size_t begin = std::min(list.find_first_not_of(kAround, at), end);
    std::string_view name = list.substr(begin, end - begin);
    while (!name.empty() && kAround.find(name.back()) != kNpos) name.remove_suffix(1);
    names_.clear();
    rules_.keys.FindWhole(name, names_);
    for (const LiteralHit& hit : names_) {
      const Literal& literal = rules_.key_uses[hit.literal];
      if (literal.use == LiteralUse::kKey) ReadKey(literal, offset + begin);
    }
    at = end + 1;
  }
}

void LiteralReader::ReadField(const Literal& literal, std::size_t end) noexcept {
  const std::size_t begin = end - literal.length;
  const bool prose = literal.use == LiteralUse::kFieldInProse;
  const Span value = prose ? FindProseValue(window_->text, begin, end) : FindFieldValue(window_->text, begin, end);
  if (!value.found()) return;
  if (literal.use == LiteralUse::kKey) return ReadKey(literal, window_->Offset(begin));
  ReadValue(literal.rule, value.begin, value.end);
}

void LiteralReader::ReadValue(IdType rule, std::size_t begin, std::size_t end, Support support) noexcept {
  const std::string_view text = window_->text;
  const auto around = [](char c) { return IsSpace(c) || c == '"' || c == '\'' || c == '`' || c == '\\'; };
  while (begin < end && around(text[begin])) ++begin;
  while (end > begin && around(text[end - 1])) --end;
  // Chinese and Japanese sentences go on behind a name without a space.
  const std::string_view value = text.substr(begin, end - begin);
  std::uint32_t foreign = 0;
  EachBlock(value.substr(0, kMaxValue + 1), [&](const ByteBlock& block, std::size_t) { foreign |= block.Foreign(); });
  static constexpr std::string_view kStops[] = {"\xEF\xBC\x8C", "\xE3\x80\x82", "\xE3\x80\x81"};
  for (const std::string_view& stop : kStops) {
    const auto at = foreign != 0 ? value.find(stop) : kNpos;
    if (at != kNpos && begin + at < end) end = begin + at;
  }
  const std::bitset<256>& alphabet = rules_.rules[rule].alphabet;
  if (alphabet.any()) {
    const auto last = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                   text.begin() + static_cast<std::ptrdiff_t>(end),
                                   [&](char c) { return !alphabet[static_cast<unsigned char>(c)]; });
    const auto cut = static_cast<std::size_t>(last - text.begin());
    if (cut < end && cut > begin && IsWord(text[cut]) && IsWord(text[cut - 1])) return;  // the word goes on
    end = cut;
    while (end > begin && (IsSpace(text[end - 1]) || text[end - 1] == '.' || text[end - 1] == ',')) --end;
  }
  if (begin >= end || end - begin > kMaxValue) return;
  const std::uint64_t offset = window_->Offset(begin);
  if (offset == state_->last_field && rule == state_->last_field_rule) return;
  ++counters_.candidates;
  const CompiledRule& r = rules_.rules[rule];
  const std::string_view found = text.substr(begin, end - begin);
  const std::size_t passing = r.own == nullptr ? PassingLength(r, found) : r.own->Holds(found) ? found.size() : 0;
  if (passing == 0) {
    ++counters_.rejected_validator;
    return;
  }
  end = begin + passing;
  state_->last_field = offset;
  state_->last_field_rule = rule;
  judge_.Pass(rule, begin, end, support);
  if (r.own != nullptr) judge_.NoteField(rule, begin, end);
}

// PID|set|patient id|id list|alternate id|name|mother's maiden name|date of birth|... (HL7 v2.5.1, chapter
// 3).
void LiteralReader::ReadHl7Pid(const Literal& literal, std::size_t end) noexcept {
  const std::string_view text = window_->text;
  const std::size_t begin = end - 4;
  const char before = window_->Before(begin);
  if (before != '\0' && before != '\r' && before != '\n' && before != 0x0B) return;
  const std::size_t segment_end =
      std::min(std::min(text.find_first_of("\r\n", end), text.size()), end + kMaxSegment);
  Span fields[8];
  std::size_t count = 0;
  for (std::size_t at = end; count < 8 && at <= segment_end;) {
    const std::size_t bar = std::min(text.find('|', at), segment_end);
    fields[count++] = {at, bar};
    at = bar + 1;
  }
  if (count < 8) return;
  ++counters_.candidates;
  judge_.Pass(literal.rule, begin, segment_end, Support::kContext);
  if (rules_.person_name != kNoRule && fields[4].found())
    ReadValue(rules_.person_name, fields[4].begin, fields[4].end);
  const Span birth = fields[6];
  if (rules_.birth_date != kNoRule && birth.end - birth.begin >= 8 &&
      rules_.rules[rules_.birth_date].Passes(text.substr(birth.begin, 8))) {
    judge_.Pass(rules_.birth_date, birth.begin, birth.begin + 8, Support::kContext);
  }
}

// DG1|set|coding method|code^text^coding system|... (HL7 v2.5.1, chapter 6).
void LiteralReader::ReadHl7Diagnosis(std::size_t end) noexcept {
  const std::string_view text = window_->text;
  const char before = window_->Before(end - 4);
  if (before != '\0' && before != '\r' && before != '\n' && before != 0x0B) return;
  std::size_t begin = end;
  for (int field = 0; field < 2; ++field) {
    begin = text.substr(begin, kMaxValue).find('|') == kNpos ? kNpos : text.find('|', begin) + 1;
    if (begin == kNpos) return;
  }
  const std::size_t length = text.substr(begin, kMaxValue).find_first_of("^|\r\n");
  ReadValue(rules_.diagnosis, begin, length == kNpos ? std::min(text.size(), begin + kMaxValue) : begin + length);
}

void LiteralReader::ReadSqlInsert(std::size_t end) noexcept {
  const std::string_view text = window_->text;
  const std::size_t close = std::min(text.find(')', end), text.size());
  const std::size_t open = text.find('(', end);
  if (open == kNpos || close == text.size() || open > close || close - end > kMaxHeaderBytes) return;
  if (state_->columns == nullptr) state_->columns = columns_.Take();
  // Rows begin behind VALUES; the parentheses of the list itself lie before it.
  const std::string_view names = text.substr(open + 1, close - open - 1);
  ReadNames(names, window_->Offset(open + 1));
  state_->columns->BeginSql(names, window_->Offset(close + 1), context_);
}

void LiteralReader::ReadExpression(const Literal& literal, std::size_t end) noexcept {
  const std::size_t begin = rules_.literals.MatchBegin(literal, window_->text, end, scratch_);
  if (begin >= end || state_->Covers(window_->Offset(begin))) return;
  ++counters_.candidates;
  if (IsWord(window_->Before(begin)) && IsWord(window_->text[begin])) {
    ++counters_.rejected_boundary;
    return;
  }
  char normalised[LiteralSet::kMaxExpressionWidth];
  const std::size_t n = Normalise(window_->text.substr(begin, end - begin), normalised, sizeof normalised);
  if (!rules_.rules[literal.rule].Passes({normalised, n})) return judge_.Failed(literal.rule);
  judge_.Pass(literal.rule, begin, end, SupportOf(literal.rule, begin));
}

}  // namespace gander::identify
