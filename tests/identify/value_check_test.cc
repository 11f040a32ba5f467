// SPDX-License-Identifier: Apache-2.0
// Tests of values that packs write as data, each kind by itself.
#include "identify/value_check.h"

#include <gmock/gmock.h>

#include "identify/validators/checksum.h"

namespace gander::identify {
namespace {

using Kind = CheckSource::Kind;
using ::testing::HasSubstr;

CheckSource Of(Kind kind) {
  CheckSource s;
  s.kind = kind;
  s.line = 7;
  return s;
}

CheckSource Weighted(std::vector<int> weights, std::vector<int> moduli, std::string table) {
  CheckSource s = Of(Kind::kWeights);
  s.weights = std::move(weights);
  s.moduli = std::move(moduli);
  s.table = std::move(table);
  return s;
}

CheckSource PlacesOf(std::string at) {
  CheckSource s = Of(Kind::kPlaces);
  s.at = std::move(at);
  return s;
}

bool Passes(const std::vector<CheckSource>& sources, std::string_view value) {
  std::vector<ValueCheck> checks;
  CheckFault fault;
  CompileChecks(sources, checks, fault);
  EXPECT_EQ(fault.cause, "");
  return PassAll(checks, value);
}
bool Passes(const CheckSource& source, std::string_view value) { return Passes(std::vector{source}, value); }

std::string FaultOf(const CheckSource& source) {
  std::vector<ValueCheck> checks;
  CheckFault fault;
  CompileChecks({source}, checks, fault);
  EXPECT_EQ(fault.line, fault.cause.empty() ? 0 : 7);
  return fault.cause;
}

TEST(ValueCheck, WeightsWithATable) {
  const CheckSource nhs = Weighted({10, 9, 8, 7, 6, 5, 4, 3, 2}, {11}, "0-987654321");
  EXPECT_TRUE(Passes(nhs, "6166156421"));
  EXPECT_FALSE(Passes(nhs, "6166156422"));
  EXPECT_FALSE(Passes(nhs, "616615642"));
  EXPECT_FALSE(Passes(nhs, "61661564A1"));
  // No digit is right for a remainder of one.
  for (char c = '0'; c <= '9'; ++c) EXPECT_FALSE(Passes(nhs, std::string("000000006") + c)) << c;
}

TEST(ValueCheck, WeightsWhoseRemainderIsToBeZero) {
  const CheckSource bsn = Weighted({9, 8, 7, 6, 5, 4, 3, 2, -1}, {11}, "");
  EXPECT_TRUE(Passes(bsn, "465588505"));
  EXPECT_FALSE(Passes(bsn, "465588506"));
}

TEST(ValueCheck, WeightsAtPlacesAndAnotherModulus) {
  CheckSource utr = Weighted({6, 7, 8, 9, 10, 5, 4, 3, 2}, {11}, "21987654321");
  utr.at = "2";
  utr.check = "1";
  EXPECT_TRUE(Passes(utr, "1955839661"));
  EXPECT_FALSE(Passes(utr, "2955839661"));
  // Russia's SNILS: the two digits behind, of the sum modulo 101 modulo 100.
  CheckSource snils = Weighted({9, 8, 7, 6, 5, 4, 3, 2, 1}, {101, 100}, "");
  snils.check = "10-11";
  EXPECT_TRUE(Passes(snils, "11223344595"));
  EXPECT_FALSE(Passes(snils, "11223344596"));
}

TEST(ValueCheck, WeightsFromTheRightRepeat) {
  CheckSource rut = Weighted({2, 3, 4, 5, 6, 7}, {11}, "0K987654321");
  rut.right = true;
  EXPECT_TRUE(Passes(rut, "125319092"));
  EXPECT_TRUE(Passes(rut, "760864285"));
  EXPECT_FALSE(Passes(rut, "760864286"));
}

TEST(ValueCheck, SecondWeightsWhereTheFirstGiveNothing) {
  CheckSource isikukood = Weighted({1, 2, 3, 4, 5, 6, 7, 8, 9, 1}, {11}, "0123456789*");
  isikukood.again = {3, 4, 5, 6, 7, 8, 9, 1, 2, 3};
  isikukood.again_table = "01234567890";
  EXPECT_TRUE(Passes(isikukood, "34110103556"));
  EXPECT_FALSE(Passes(isikukood, "34110103557"));
  EXPECT_TRUE(Passes(isikukood, "36805280109"));
}

TEST(ValueCheck, SumsOfProductsAndLettersAsNumbers) {
  CheckSource kvnr = Weighted({1, 2, 1, 2, 1, 2, 1, 2, 1, 2}, {10}, "0123456789");
  kvnr.expand = "a1";
  kvnr.sums = "digits";
  EXPECT_TRUE(Passes(kvnr, "A123456780"));
  EXPECT_FALSE(Passes(kvnr, "A123456781"));
  CheckSource clabe = Weighted({3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7}, {10}, "0987654321");
  clabe.sums = "last_digit";
  EXPECT_TRUE(Passes(clabe, "032180000118359719"));
  EXPECT_FALSE(Passes(clabe, "032180000118359718"));
  CheckSource card = Weighted({2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1}, {10}, "");
  card.sums = "luhn";
  EXPECT_TRUE(Passes(card, "000000000ZZ4"));
  EXPECT_FALSE(Passes(card, "000000000ZZ5"));
  CheckSource letters = Weighted({8, 7, 6, 5, 4, 3, 2, 0, 9}, {23}, "WABCDEFGHIJKLMNOPQRSTUV");
  letters.values = "a1";
  letters.check = "8";
  EXPECT_TRUE(Passes(letters, "1234567FA"));
  CheckSource own = Weighted({1, 1}, {5}, "");
  own.values = "0XYZ";
  EXPECT_TRUE(Passes(own, "YZ"));
  EXPECT_FALSE(Passes(own, "XZ"));
  EXPECT_FALSE(Passes(own, "1Z"));
}

TEST(ValueCheck, NumbersModulo) {
  CheckSource be = Of(Kind::kNumber);
  be.at = "1-9";
  be.moduli = {97};
  be.has_minuend = true;
  be.minuend = 97;
  be.check = "10-11";
  be.prefixes = {"", "2"};
  EXPECT_TRUE(Passes(be, "85073003328"));
  EXPECT_TRUE(Passes(be, "17073003384"));
  EXPECT_FALSE(Passes(be, "17073003385"));
  CheckSource dni = Of(Kind::kNumber);
  dni.at = "1-8";
  dni.moduli = {23};
  dni.table = "TRWAGMYFPDXBNJZSQVHLCKE";
  EXPECT_TRUE(Passes(dni, "48649587X"));
  EXPECT_FALSE(Passes(dni, "48649587Y"));
  CheckSource hetu = Of(Kind::kNumber);
  hetu.at = "1-6,8-10";
  hetu.moduli = {31};
  hetu.table = "0123456789ABCDEFHJKLMNPRSTUVWXY";
  EXPECT_TRUE(Passes(hetu, "111256A0926"));
  EXPECT_FALSE(Passes(hetu, "111256A0927"));
}

TEST(ValueCheck, Algorithms) {
  struct Digits {
    const char *name, *valid, *invalid;
  };
  for (const Digits& s : {Digits{"luhn", "4111111111111111", "4111111111111112"},
                          {"luhn_36", "27AAPFU0939F1ZV", "27AAPFU0939F1ZW"},
                          {"verhoeff", "949807316966", "949807316965"},
                          {"damm", "5724", "5725"},
                          {"mod_11_2", "0000000121032683", "0000000121032684"},
                          {"mod_11_10", "21423482408", "21423482409"},
                          {"mod_37_2", "G123489654321Y", "G123489654321Z"},
                          {"mod_37_36", "A12425GABC1234002M", "A12425GABC1234002N"},
                          {"mod_97_10", "3214282912345698765432161182", "3214282912345698765432161183"},
                          {"mrz", "L898902C36", "L898902C37"}}) {
    CheckSource c = Of(Kind::kAlgorithm);
    c.name = s.name;
    EXPECT_TRUE(Passes(c, s.valid)) << s.name;
    EXPECT_FALSE(Passes(c, s.invalid)) << s.name;
    for (std::size_t n = 0; n < 40; ++n) (void)FindAlgorithm(s.name)(std::string(n, '\xff'));
  }
  CheckSource npi = Of(Kind::kAlgorithm);
  npi.name = "luhn";
  npi.prefixes = {"80840"};
  EXPECT_TRUE(Passes(npi, "1234567893"));
  EXPECT_FALSE(Passes(npi, "1234567894"));
}

TEST(ValueCheck, Dates) {
  CheckSource plain = Of(Kind::kDate);
  plain.name = "YYMMDD";
  EXPECT_TRUE(Passes(plain, "000229"));   // 2000 had one
  EXPECT_FALSE(Passes(plain, "010229"));
  EXPECT_FALSE(Passes(plain, "991301"));
  EXPECT_FALSE(Passes(plain, "99010"));
  CheckSource day = Of(Kind::kDate);
  day.name = "DDMMYYYY";
  day.at = "2";
  day.days = {0, 40};
  EXPECT_TRUE(Passes(day, "A41011990"));
  EXPECT_FALSE(Passes(day, "A35011990"));
  EXPECT_FALSE(Passes(day, "A01011890"));
  day.any_age = true;
  EXPECT_TRUE(Passes(day, "A01011890"));
  CheckSource month = Of(Kind::kDate);
  month.name = "YYMMDD";
  month.months = {{0, 1900}, {20, 2000}};
  EXPECT_TRUE(Passes(month, "002229"));
  EXPECT_FALSE(Passes(month, "000229"));  // 1900 had none
  CheckSource century = Of(Kind::kDate);
  century.name = "YYMMDD";
  century.at = "2";
  century.centuries = {{"34", 1900}, {"56", 2000}};
  century.century_at = "1";
  EXPECT_TRUE(Passes(century, "5000229"));
  EXPECT_FALSE(Passes(century, "3000229"));
  EXPECT_FALSE(Passes(century, "7000228"));
  CheckSource three = Of(Kind::kDate);
  three.name = "DDMMYYY";
  EXPECT_TRUE(Passes(three, "0101985"));
  EXPECT_TRUE(Passes(three, "2902004"));
  EXPECT_FALSE(Passes(three, "0101500"));
  CheckSource unknown = Of(Kind::kDate);
  unknown.name = "YYMMDD";
  EXPECT_FALSE(Passes(unknown, "850000"));
  unknown.unknown = true;
  EXPECT_TRUE(Passes(unknown, "850000"));
  CheckSource julian = Of(Kind::kDate);
  julian.name = "YYJJJ";
  julian.days = {0, 500};
  EXPECT_TRUE(Passes(julian, "85866"));
  EXPECT_FALSE(Passes(julian, "85400"));
}

TEST(ValueCheck, PlacesLengthsAndConditions) {
  CheckSource region = PlacesOf("1-2");
  region.is = {"01-24", "30"};
  EXPECT_TRUE(Passes(region, "24"));
  EXPECT_TRUE(Passes(region, "30"));
  EXPECT_FALSE(Passes(region, "25"));
  EXPECT_FALSE(Passes(region, "3"));
  CheckSource body = PlacesOf("1--2");
  body.is_not = {"same", "sequence", "palindrome", "1357"};
  EXPECT_TRUE(Passes(body, "13590"));
  for (const char* bad : {"11110", "12340", "43210", "12210", "13570"}) EXPECT_FALSE(Passes(body, bad)) << bad;
  CheckSource letters = PlacesOf("-2-");
  letters.chars = "A-CX";
  EXPECT_TRUE(Passes(letters, "1AX"));
  EXPECT_FALSE(Passes(letters, "1AD"));
  CheckSource length = Of(Kind::kLength);
  length.lengths = {8, 10};
  EXPECT_TRUE(Passes(length, "12345678"));
  EXPECT_FALSE(Passes(length, "123456789"));
  CheckSource only_long = region;
  only_long.when = {length};
  EXPECT_TRUE(Passes(only_long, "99"));
  EXPECT_FALSE(Passes(only_long, "99345678"));
  CheckSource any = Of(Kind::kAny);
  any.ways = {{region}, {length}};
  EXPECT_TRUE(Passes(any, "24"));
  EXPECT_TRUE(Passes(any, "99345678"));
  EXPECT_FALSE(Passes(any, "99"));
}

TEST(ValueCheck, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(FaultOf(Weighted({1, 2}, {}, "")), HasSubstr("`mod` is missing"));
  EXPECT_THAT(FaultOf(Weighted({}, {11}, "")), HasSubstr("no weights"));
  EXPECT_THAT(FaultOf(Weighted({1}, {11}, "0123456789")), HasSubstr("`table` has 10 characters for 11 remainders"));
  EXPECT_THAT(FaultOf(Weighted({1}, {11}, "0123456789*")), HasSubstr("`again`"));
  CheckSource places = PlacesOf("1-x");
  places.chars = "0-9";
  EXPECT_THAT(FaultOf(places), HasSubstr("'1-x' names no places"));
  EXPECT_THAT(FaultOf(PlacesOf("1")), HasSubstr("neither is, not nor chars"));
  CheckSource range = PlacesOf("1");
  range.is = {"9-10"};
  EXPECT_THAT(FaultOf(range), HasSubstr("'9-10' is no range"));
  CheckSource algorithm = Of(Kind::kAlgorithm);
  algorithm.name = "lun";
  EXPECT_THAT(FaultOf(algorithm), HasSubstr("no algorithm 'lun'; known: luhn, "));
  CheckSource date = Of(Kind::kDate);
  date.name = "YYMMYY";
  EXPECT_THAT(FaultOf(date), HasSubstr("date 'YYMMYY'"));
  date.name = "YYMM";
  EXPECT_THAT(FaultOf(date), HasSubstr("is not like"));
  EXPECT_THAT(FaultOf(Of(Kind::kLength)), HasSubstr("no length"));
}

}  // namespace
}  // namespace gander::identify
