// SPDX-License-Identifier: Apache-2.0
#include "corpus/person.h"

#include <cctype>
#include <cstdio>

namespace gander::bench {
namespace {

std::string Padded(std::uint32_t v, int width) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, "%0*u", width, v);
  return buffer;
}

// ISO/IEC 7812 check digit.
std::string WithLuhn(std::string digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int d = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 0) d = d * 2 > 9 ? d * 2 - 9 : d * 2;
    sum += d;
  }
  return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string Card(Random& r) {
  const std::string n =
      WithLuhn(r.OneIn(2) ? '4' + r.Digits(14) : '5' + std::to_string(r.Between(1, 5)) + r.Digits(13));
  const char* gap = r.OneIn(3) ? "" : r.OneIn(2) ? " " : "-";
  return n.substr(0, 4) + gap + n.substr(4, 4) + gap + n.substr(8, 4) + gap + n.substr(12);
}

// ISO 13616: the whole, rearranged, is 1 modulo 97.
std::string Iban(Random& r) {
  std::string country = "DE", account;
  switch (r.Below(3)) {
    case 0:
      account = r.Digits(18);
      break;
    case 1:
      country = "GB", account = "NWBK" + r.Digits(14);
      break;
    default:
      country = "ES", account = r.Digits(20);
  }
  int mod = 0;
  for (const char c : account + country + "00")
    mod = c >= 'A' ? (mod * 100 + c - 'A' + 10) % 97 : (mod * 10 + c - '0') % 97;
  return country + Padded(static_cast<std::uint32_t>(98 - mod), 2) + account;
}

std::string Ssn(Random& r) {
  std::uint32_t area = 666;
  while (area == 666) area = r.Between(1, 772);
  return Padded(area, 3) + '-' + Padded(r.Between(1, 99), 2) + '-' + Padded(r.Between(1, 9999), 4);
}

// GB 11643-1999: ISO 7064 MOD 11-2 over seventeen digits, of which eight are the date of birth.
std::string ResidentId(Random& r, const std::string& birth_date) {
  static constexpr const char* kPlaces[] = {"110101", "310104", "440305", "510107",
                                            "330106", "320102", "420106"};
  std::string id = kPlaces[r.Below(7)] + birth_date.substr(0, 4) + birth_date.substr(5, 2) +
                   birth_date.substr(8, 2) + Padded(r.Below(1000), 3);
  int sum = 0;
  for (const char c : id) sum = (sum + c - '0') * 2 % 11;
  return id + "0123456789X"[(12 - sum) % 11];
}

}  // namespace

Person PersonMaker::Make() {
  Random& r = text_.random();
  Person p;
  std::string first = text_.Word(), last = text_.Word();
  p.email = first + '.' + last + r.Number(2) + '@' + text_.Word() + (r.OneIn(2) ? ".com" : ".org");
  first[0] = static_cast<char>(std::toupper(first[0]));
  last[0] = static_cast<char>(std::toupper(last[0]));
  p.name = first + ' ' + last;
  const bool international = r.OneIn(2);
  // Of the North American plan: no N11, no N9X.
  const auto code = [&](char leading) {
    return leading + std::string(1, "02345678"[r.Below(8)]) + r.Digits(1);
  };
  const std::string area = code('2'), exchange = code('5'), line = r.Digits(4);
  p.phone = international ? "+1" + area + exchange + line : '(' + area + ") " + exchange + '-' + line;
  p.card = Card(r);
  p.iban = Iban(r);
  p.ssn = Ssn(r);
  p.birth_date = Padded(r.Between(1950, 2005), 4) + '-' + Padded(r.Between(1, 12), 2) + '-' +
                 Padded(r.Between(1, 28), 2);
  p.resident_id = ResidentId(r, p.birth_date);
  for (const char* kind : {"record", "email", "card", "iban", "ssn", "resident_id", "birth_date"})
    ++truth_[kind];
  ++truth_[international ? "phone_e164" : "phone_national"];
  return p;
}

std::string PersonMaker::CsvRow() {
  const Person p = Make();
  return p.name + ',' + p.email + ',' + p.phone + ',' + p.card + ',' + p.iban + ',' + p.ssn + ',' +
         p.resident_id + ',' + p.birth_date + '\n';
}

std::string PersonMaker::Labelled(TextKind kind) {
  const Person p = Make();
  switch (kind) {
    case TextKind::kPage:
      return "<dl><dt>Name</dt><dd>" + p.name + "</dd><dt>E-mail</dt><dd>" + p.email +
             "</dd><dt>Phone</dt><dd>" + p.phone + "</dd><dt>Card number</dt><dd>" + p.card +
             "</dd><dt>IBAN</dt><dd>" + p.iban + "</dd><dt>SSN</dt><dd>" + p.ssn +
             "</dd><dt>ID card</dt><dd>" + p.resident_id + "</dd><dt>Date of birth</dt><dd>" + p.birth_date +
             "</dd></dl>\n";
    case TextKind::kJson:
      return "{\"name\":\"" + p.name + "\",\"email\":\"" + p.email + "\",\"phone\":\"" + p.phone +
             "\",\"card_number\":\"" + p.card + "\",\"iban\":\"" + p.iban + "\",\"ssn\":\"" + p.ssn +
             "\",\"id_card\":\"" + p.resident_id + "\",\"date_of_birth\":\"" + p.birth_date + "\"},\n";
    default:
      return "name=\"" + p.name + "\" email=" + p.email + " phone=\"" + p.phone + "\" card_number=\"" +
             p.card + "\" iban=" + p.iban + " ssn=" + p.ssn + " id_card=" + p.resident_id +
             " date_of_birth=" + p.birth_date + '\n';
  }
}

}  // namespace gander::bench
