// SPDX-License-Identifier: Apache-2.0
// From a table of an operator's own values to a Register. Runs where the values are, not on the sensor.
#ifndef GANDER_IDENTIFY_OWN_REGISTER_MAKER_H_
#define GANDER_IDENTIFY_OWN_REGISTER_MAKER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "identify/own/csv_records.h"
#include "identify/own/register_file.h"

namespace gander::identify {

// Reads CSV with a header line. Keeps eight bytes a value, and no value.
class RegisterMaker final : public CsvSink {
 public:
  struct Options {
    std::string column;  // its name in the header, or its number from 1
    RegisterForm form = RegisterForm::kId;
    std::uint32_t width = 4;  // bytes of a fingerprint
    std::string file;         // for errors
  };
  struct Counts {
    std::uint64_t rows = 0;          // behind the header
    std::uint64_t without = 0;       // have no such column, or nothing in it
    std::uint64_t no_form = 0;       // a letter where digits are asked for
    std::uint64_t too_short = 0, too_long = 0;
    std::uint64_t only_in_fields = 0;  // taken, but found by themselves nowhere: see FoundAlone
  };
  static constexpr std::uint64_t kMaxValues = 500'000'000;

  RegisterMaker(Options options, const HashKey& key) : options_(std::move(options)), draft_(key) {}

  void OnRecord(const std::vector<std::string>& fields, std::uint64_t line) override;
  // Errors: no header, no such column, no value at all, too many.
  Result<Register> Finish();
  const Counts& counts() const noexcept { return counts_; }

 private:
  void FindColumn(const std::vector<std::string>& header, std::uint64_t line);
  void Take(const std::string& value);

  const Options options_;
  Register::Draft draft_;
  Counts counts_;
  bool has_header_ = false;
  std::size_t column_ = 0;
  Error error_;  // of the header; `cause` empty = none
};

// Whether the sensor meets such a value wherever it stands in a text: a mail address, or, in the forms kId and kDigits,
// words each with a digit, joined by single separators, of seven characters and more. All others it knows only as the
// value of a field that is named.
bool FoundAlone(std::string_view value, RegisterForm form) noexcept;

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_OWN_REGISTER_MAKER_H_
