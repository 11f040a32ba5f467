// SPDX-License-Identifier: Apache-2.0
// Comma-separated values record by record (RFC 4180), pushed in pieces of any size; of each record only what fits is
// kept.
#ifndef GANDER_IDENTIFY_OWN_CSV_RECORDS_H_
#define GANDER_IDENTIFY_OWN_CSV_RECORDS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gander::identify {

class CsvSink {
 public:
  virtual ~CsvSink() = default;
  // `line` is where the record begins, from 1.
  virtual void OnRecord(const std::vector<std::string>& fields, std::uint64_t line) = 0;
};

class CsvRecords {
 public:
  static constexpr std::size_t kMaxField = 64 * 1024;  // bytes kept of a field
  static constexpr std::size_t kMaxFields = 4096;      // fields kept of a record

  CsvRecords(char separator, CsvSink& sink) : separator_(separator), sink_(sink) {}

  // Line ends are LF, CR LF or CR. A mark of UTF-8 at the begin is left away, empty lines are no records.
  void Push(std::string_view piece);
  // The last record may lack its line end. False when it ends inside quotes: the line where they were opened is in
  // open_line().
  bool Finish();
  std::uint64_t open_line() const noexcept { return quote_line_; }

 private:
  enum class At : std::uint8_t { kFieldBegin, kPlain, kQuoted, kQuoteInQuoted };

  void Take(char c);
  void Add(char c);
  void EndField();
  void EndRecord();

  const char separator_;
  CsvSink& sink_;
  std::vector<std::string> fields_;
  std::size_t count_ = 0;   // of fields_ that are of this record; the others keep their memory
  At at_ = At::kFieldBegin;
  bool open_ = false;       // something of the record has been seen
  bool after_return_ = false;
  std::uint64_t line_ = 1, record_line_ = 1, quote_line_ = 0;
  std::size_t mark_ = 0;    // bytes of the UTF-8 mark seen, 3 = none is awaited any more
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_OWN_CSV_RECORDS_H_
