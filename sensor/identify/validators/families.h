// SPDX-License-Identifier: Apache-2.0
// The validators by family, one .cc each. Values are normalised: letters and digits only, upper case.
#ifndef GANDER_IDENTIFY_VALIDATORS_FAMILIES_H_
#define GANDER_IDENTIFY_VALIDATORS_FAMILIES_H_

#include <string_view>

namespace gander::identify {

// payment.cc
bool PaymentCard(std::string_view v) noexcept;  // ISO/IEC 7812-1: issuer ranges with their lengths, Luhn
bool Imei(std::string_view v) noexcept;         // 3GPP TS 23.003: reporting body, Luhn
bool LuhnOnly(std::string_view v) noexcept;
bool HexUuid(std::string_view v) noexcept;  // RFC 9562 without its hyphens; not all zero

// europe.cc
bool UkNhs(std::string_view v) noexcept;         // NHS Data Dictionary: weights 10..2 mod 11
bool UkNino(std::string_view v) noexcept;        // HMRC NIM39110: prefix rules
bool FrenchNir(std::string_view v) noexcept;     // INSEE: 97 - n mod 97, Corsica 2A and 2B
bool GermanTaxId(std::string_view v) noexcept;   // BZSt: MOD 11,10 and one digit two or three times
bool GermanIdCard(std::string_view v) noexcept;  // 7-3-1
bool DutchBsn(std::string_view v) noexcept;      // RvIG: weights 9..2, -1 mod 11
bool SpanishDni(std::string_view v) noexcept;    // RD 1553/2005: n mod 23
bool SpanishNie(std::string_view v) noexcept;
bool PolishPesel(std::string_view v) noexcept;   // weights 1, 3, 7, 9; month carries the century
bool PolishIdCard(std::string_view v) noexcept;  // weights 7, 3, 1, check, 7, 3, 1, 7, 3
bool RussianInn12(std::string_view v) noexcept;
bool RussianSnils(std::string_view v) noexcept;
bool TurkishId(std::string_view v) noexcept;
bool TurkishTaxNumber(std::string_view v) noexcept;  // GİB: powers of two mod 9, sum mod 10
bool CypriotTin(std::string_view v) noexcept;        // Tax Department: table for odd places, letter mod 26

// italy.cc
bool ItalianTaxCode(std::string_view v) noexcept;  // DM 23/12/1976: odd and even tables mod 26, date

// americas.cc
bool UsSsn(std::string_view v) noexcept;  // SSA POMS RM 10201: areas, groups, serials; voided numbers
bool BrazilianCpf(std::string_view v) noexcept;
bool BrazilianPis(std::string_view v) noexcept;

// asia.cc
bool ChineseResidentId(std::string_view v) noexcept;  // GB 11643-1999: region, date, MOD 11-2
bool ChineseMobile(std::string_view v) noexcept;
bool JapaneseMyNumber(std::string_view v) noexcept;
bool JapaneseMobile(std::string_view v) noexcept;
bool KoreanRrn(std::string_view v) noexcept;  // date and kind of person; its check digit has an end, see kr.rrn
bool KoreanMobile(std::string_view v) noexcept;
bool Aadhaar(std::string_view v) noexcept;  // UIDAI: Verhoeff, first 2-9, no palindrome
bool IndianPan(std::string_view v) noexcept;
bool TaiwaneseId(std::string_view v) noexcept;
bool SaudiId(std::string_view v) noexcept;
bool EgyptianId(std::string_view v) noexcept;

// birth_date.cc
bool BirthDate(std::string_view v) noexcept;  // eight digits, any of the usual orders

// iban.cc
bool Iban(std::string_view v) noexcept;  // ISO 13616 registry: length and shape by country, MOD 97-10
// Length of an IBAN of this country, 0 when there is none.
int IbanLength(char first, char second) noexcept;

// jwt.cc
bool JsonWebToken(std::string_view raw) noexcept;  // RFC 7519: header and claims decode to JSON objects

// secret.cc (these take the raw value)
bool Password(std::string_view raw) noexcept;     // no placeholder, no mask, no variable
bool HighEntropy(std::string_view raw) noexcept;  // Shannon entropy of at least 3 bits a character
bool HexDigest(std::string_view raw) noexcept;    // 32, 40 or 64 hexadecimal digits with that entropy

// web_secret.cc, password_hash.cc (raw values)
bool BasicCredentials(std::string_view raw) noexcept;
bool BearerToken(std::string_view raw) noexcept;
bool SessionNumber(std::string_view raw) noexcept;
bool AwsSecretKey(std::string_view raw) noexcept;
bool OneTimeSeed(std::string_view raw) noexcept;
bool PasswordHash(std::string_view raw) noexcept;

// network.cc (raw values)
bool Ipv4(std::string_view raw) noexcept;
bool Ipv6(std::string_view raw) noexcept;
bool MacDigits(std::string_view v) noexcept;  // twelve hexadecimal digits, a letter among them
// IEEE 802c: an address that its user has chosen, for one station, by the second of its digits.
constexpr bool IsRandomMac(char second) noexcept {
  return std::string_view("26AaEe").find(second) != std::string_view::npos;
}
bool RandomMacDigits(std::string_view v) noexcept;

// vehicle.cc, travel_document.cc, bitcoin.cc, ethereum.cc
bool Vin(std::string_view v) noexcept;                    // ISO 3779; 49 CFR 565
bool MachineReadableZone(std::string_view raw) noexcept;  // ICAO Doc 9303
bool BitcoinAddress(std::string_view raw) noexcept;       // BIP 13, 173, 350
bool EthereumAddress(std::string_view raw) noexcept;      // EIP-55: letters of both cases are checked

// health.cc
bool Icd10(std::string_view raw) noexcept;
bool SnomedId(std::string_view v) noexcept;
bool BloodGroup(std::string_view raw) noexcept;

// plain_words.cc
bool PostalAddress(std::string_view raw) noexcept;
bool NationalPhone(std::string_view raw) noexcept;
bool Amount(std::string_view raw) noexcept;
bool AccountName(std::string_view raw) noexcept;
bool MinorBirthDate(std::string_view v) noexcept;  // born less than 16 years before the sensor started
bool AnalyticsClient(std::string_view raw) noexcept;
bool FeatureVector(std::string_view raw) noexcept;
bool Meid(std::string_view raw) noexcept;
bool CardTrackOne(std::string_view raw) noexcept;

// person_name.cc
bool PersonName(std::string_view raw) noexcept;  // two words of one script, or 2..5 CJK characters

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_VALIDATORS_FAMILIES_H_
