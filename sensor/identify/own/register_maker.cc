// SPDX-License-Identifier: Apache-2.0
#include "identify/own/register_maker.h"

#include <algorithm>
#include <charconv>

#include "identify/chain.h"
#include "identify/char_class.h"
#include "identify/run_masks.h"
#include "identify/span_finders.h"

namespace gander::identify {
namespace {

constexpr std::size_t kMaxAlone = 61;  // ChainGatherer reads longer chains word by word

bool IsNumberOf(std::string_view text, std::size_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && number > 0;
}

}  // namespace

bool FoundAlone(std::string_view value, RegisterForm form) noexcept {
  if (!value.empty() && value.front() == '+') value.remove_prefix(1);
  if (const auto at = value.find('@'); at != std::string_view::npos) {
    const Span s = FindEmail(value, at);
    return s.begin == 0 && s.end == value.size();
  }
  const bool in_chains = form == RegisterForm::kId || form == RegisterForm::kDigits;
  if (!in_chains || value.size() < RunMasks::kMinValue || value.size() > kMaxAlone) return false;
  bool digit = false;
  std::size_t groups = 1, length = 0;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    const char c = i < value.size() ? value[i] : ' ';
    if (IsWord(c)) {
      digit = digit || IsDigit(c);
      ++length;
    } else if (!IsSeparator(c) || !digit || length == 0) {
      return false;
    } else if (i < value.size()) {
      ++groups;
      digit = false;
      length = 0;
    }
  }
  return groups < Chain::kMaxGroups;
}

void RegisterMaker::FindColumn(const std::vector<std::string>& header, std::uint64_t line) {
  has_header_ = true;
  const auto named = std::find(header.begin(), header.end(), options_.column);
  std::size_t number = 0;
  if (named != header.end()) {
    column_ = static_cast<std::size_t>(named - header.begin());
  } else if (IsNumberOf(options_.column, number) && number <= header.size()) {
    column_ = number - 1;
  } else {
    error_ = {options_.file, static_cast<int>(line), "there is no column `" + options_.column + "`",
              "the header has " + std::to_string(header.size()) +
                  " columns; name one as it is written there, or by its number"};
  }
}

void RegisterMaker::OnRecord(const std::vector<std::string>& fields, std::uint64_t line) {
  if (!has_header_) return FindColumn(fields, line);
  if (!error_.cause.empty()) return;
  ++counts_.rows;
  if (column_ >= fields.size() || fields[column_].empty()) {
    ++counts_.without;
  } else {
    Take(fields[column_]);
  }
}

void RegisterMaker::Take(const std::string& value) {
  char form[kMaxRegistered + 16];
  const std::size_t n = FormOf(value, options_.form, form);
  if (value.size() > kMaxRegistered) {
    ++counts_.too_long;
  } else if (n == 0) {
    ++counts_.no_form;
  } else if (n < kMinRegistered) {
    ++counts_.too_short;
  } else if (draft_.tags.size() >= kMaxValues) {
    error_ = {options_.file, 0, "more than " + std::to_string(kMaxValues) + " values", "make several registers of it"};
  } else {
    draft_.Enter({form, n});
    if (!FoundAlone(value, options_.form)) ++counts_.only_in_fields;
  }
}

Result<Register> RegisterMaker::Finish() {
  if (!error_.cause.empty()) return Failure(error_);
  if (!has_header_) return Fail(options_.file, 0, "the table is empty", "its first line names the columns");
  if (draft_.tags.empty())
    return Fail(options_.file, 0, "column `" + options_.column + "` holds no value that can be registered",
                "values have " + std::to_string(kMinRegistered) + " characters and more; see --normalise");
  draft_.form = options_.form;
  draft_.width = options_.width;
  return Register::Make(std::move(draft_));
}

}  // namespace gander::identify
