// SPDX-License-Identifier: Apache-2.0
#include "identify/own/csv_records.h"

namespace gander::identify {

void CsvRecords::Push(std::string_view piece) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  for (const char c : piece) {
    if (mark_ < kMark.size()) {
      if (c == kMark[mark_]) {
        ++mark_;
        continue;
      }
      const std::size_t seen = mark_;
      mark_ = kMark.size();
      for (std::size_t i = 0; i < seen; ++i) Take(kMark[i]);
    }
    Take(c);
  }
}

void CsvRecords::Take(char c) {
  const bool second = after_return_ && c == '\n';
  after_return_ = false;
  if (second) return;  // CR LF is one line end
  if (c == '\r' || c == '\n') {
    if (at_ == At::kQuoted) {
      ++line_;
      after_return_ = c == '\r';
      return Add('\n');
    }
    after_return_ = c == '\r';
    EndRecord();
    ++line_;
    record_line_ = line_;
    return;
  }
  open_ = true;
  if (at_ == At::kQuoted) {
    if (c == '"') {
      at_ = At::kQuoteInQuoted;
    } else {
      Add(c);
    }
    return;
  }
  if (c == separator_) return EndField();
  if (c == '"' && at_ == At::kQuoteInQuoted) {
    Add('"');
    at_ = At::kQuoted;
  } else if (c == '"' && at_ == At::kFieldBegin) {
    at_ = At::kQuoted;
    quote_line_ = line_;
  } else {
    // What stands behind closing quotes belongs to the field, as spreadsheets read it.
    at_ = At::kPlain;
    Add(c);
  }
}

void CsvRecords::Add(char c) {
  if (count_ >= kMaxFields) return;
  if (fields_.size() == count_) fields_.emplace_back();
  std::string& field = fields_[count_];
  if (field.size() < kMaxField) field.push_back(c);
}

void CsvRecords::EndField() {
  at_ = At::kFieldBegin;
  if (count_ >= kMaxFields) return;
  if (fields_.size() == count_) fields_.emplace_back();
  ++count_;
}

void CsvRecords::EndRecord() {
  if (!open_) return;
  EndField();
  fields_.resize(count_);
  sink_.OnRecord(fields_, record_line_);
  for (std::string& field : fields_) field.clear();
  count_ = 0;
  open_ = false;
}

bool CsvRecords::Finish() {
  if (at_ == At::kQuoted) return false;
  EndRecord();
  return true;
}

}  // namespace gander::identify
