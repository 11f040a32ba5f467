// SPDX-License-Identifier: Apache-2.0
// Invented people whose numbers carry valid check digits, and the count of what was planted.
#ifndef GANDER_BENCH_CORPUS_PERSON_H_
#define GANDER_BENCH_CORPUS_PERSON_H_

#include <cstdint>
#include <map>
#include <string>

#include "corpus/text.h"

namespace gander::bench {

using Truth = std::map<std::string, std::uint64_t>;

struct Person {
  std::string name, email, phone, card, iban, ssn, resident_id, birth_date;
};

class PersonMaker {
 public:
  PersonMaker(TextMaker& text, Truth& truth) noexcept : text_(text), truth_(truth) {}

  // Each counts its person as planted.
  std::string CsvRow();                 // beneath kCsvHeader
  std::string Labelled(TextKind kind);  // as a page, a JSON object or a log line would name the fields

  static constexpr const char* kCsvHeader = "name,email,phone,card,iban,ssn,resident_id,birth_date\n";

 private:
  Person Make();

  TextMaker& text_;
  Truth& truth_;
};

}  // namespace gander::bench

#endif  // GANDER_BENCH_CORPUS_PERSON_H_
