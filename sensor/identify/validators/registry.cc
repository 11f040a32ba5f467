// SPDX-License-Identifier: Apache-2.0
// The named validators. An explicit array: a self-registering static in a static library is dropped by the
// linker.
#include "identify/validators/families.h"
#include "identify/validators/validator.h"

namespace gander::identify {
namespace {

bool Anything(std::string_view) noexcept { return true; }

constexpr Validator kValidators[] = {
    {"none", Anything, "no test beyond the shape"},
    {"luhn", LuhnOnly, "Luhn check digit"},
    {"payment_card", PaymentCard, "issuer range, length of that issuer, Luhn check digit"},
    {"imei", Imei, "reporting body, Luhn check digit"},
    {"hex_uuid", HexUuid, "32 hexadecimal digits, not all equal"},
    {"iban", Iban, "length and form of the country, MOD 97-10"},
    {"birth_date", BirthDate, "calendar date, born 1900 or later"},
    {"jwt", JsonWebToken, "header and claims decode to JSON objects, header names an algorithm"},
    {"password", Password, "no placeholder, mask or variable"},
    {"high_entropy", HighEntropy, "at least 3 bits of entropy a character"},
    {"hex_digest", HexDigest, "32, 40 or 64 hexadecimal digits, as random as a digest"},
    {"basic_credentials", BasicCredentials, "decodes to a name, a colon and a password", true},
    {"bearer_token", BearerToken, "as random as a token is, 20 characters or more", true},
    {"session_number", SessionNumber, "as random as a session's number is, 16 characters or more", true},
    {"aws_secret_key", AwsSecretKey, "40 random characters of base64", true},
    {"one_time_seed", OneTimeSeed, "secret= and 16 characters of base32", true},
    {"password_hash", PasswordHash, "scheme, salt and hash of the lengths that crypt(5) and PHC ask for", true},
    {"ipv4", Ipv4, "four octets, no loopback, multicast or reserved address", true},
    {"ipv6", Ipv6, "RFC 4291 text of a global or unique local address", true},
    {"mac", MacDigits, "twelve hexadecimal digits, a letter among them"},
    {"mac_random", RandomMacDigits, "as mac, and of those that their user chooses"},
    {"vin", Vin, "alphabet, serial digits, check digit outside of Europe"},
    {"mrz", MachineReadableZone, "lines of a TD1, TD2 or TD3 document, their check digits", true},
    {"bitcoin", BitcoinAddress, "Base58Check or Bech32 checksum", true},
    {"ethereum", EthereumAddress, "40 hexadecimal digits; letters of both cases agree with Keccak-256 (EIP-55)", true},
    {"icd10", Icd10, "chapter letter, two digits, a point and up to four more", true},
    {"snomed", SnomedId, "partition and Verhoeff digit"},
    {"blood_group", BloodGroup, "A, B, AB or 0 and a rhesus factor", true},
    {"postal_address", PostalAddress, "words and a number", true},
    {"national_phone", NationalPhone, "a national form of 7 to 12 digits", true},
    {"amount", Amount, "a sum of money", true},
    {"account_name", AccountName, "a name of an account, 4 to 64 characters", true},
    {"minor_birth_date", MinorBirthDate, "calendar date less than 16 years ago"},
    {"analytics_client", AnalyticsClient, "a time between 2008 and 2100 in its place", true},
    {"feature_vector", FeatureVector, "a decimal fraction, or 24 octets in base64", true},
    {"meid", Meid, "14 hexadecimal digits from A on, or 18 decimal ones within bounds", true},
    {"card_track_1", CardTrackOne, "card number, name, month of expiry", true},
    {"person_name", PersonName, "two capitalised words of one script, or a CJK name"},
    {"us_ssn", UsSsn, "issued areas, groups and serials"},
    {"br_cpf", BrazilianCpf, "two weighted digits mod 11"},
    {"br_pis", BrazilianPis, "weighted digit mod 11"},
    {"gb_nhs", UkNhs, "weights 10..2 mod 11"},
    {"gb_nino", UkNino, "prefixes in use, suffix A to D"},
    {"fr_nir", FrenchNir, "97 minus number mod 97"},
    {"de_tax_id", GermanTaxId, "MOD 11,10 and one repeated digit"},
    {"de_id_card", GermanIdCard, "alphabet and weights 7, 3, 1"},
    {"nl_bsn", DutchBsn, "weights 9..2, -1 mod 11"},
    {"it_tax_code", ItalianTaxCode, "date, municipality, odd and even tables mod 26"},
    {"es_dni", SpanishDni, "letter of number mod 23"},
    {"es_nie", SpanishNie, "letter of number mod 23"},
    {"pl_pesel", PolishPesel, "date, weights 1, 3, 7, 9"},
    {"pl_id_card", PolishIdCard, "weights 7, 3, 1"},
    {"ru_inn", RussianInn12, "two weighted digits mod 11"},
    {"ru_snils", RussianSnils, "weights 9..1 mod 101"},
    {"tr_id", TurkishId, "two sums mod 10"},
    {"tr_tax_number", TurkishTaxNumber, "powers of two mod 9, sum mod 10"},
    {"cy_tin", CypriotTin, "values by place, letter mod 26"},
    {"cn_resident_id", ChineseResidentId, "province, date, MOD 11-2"},
    {"cn_mobile", ChineseMobile, "number ranges in use"},
    {"jp_my_number", JapaneseMyNumber, "weighted digit mod 11"},
    {"jp_mobile", JapaneseMobile, "070, 080, 090"},
    {"kr_rrn", KoreanRrn, "date, kind of person by century and origin"},
    {"kr_mobile", KoreanMobile, "010, 011, 016 to 019"},
    {"in_aadhaar", Aadhaar, "Verhoeff, first digit 2 to 9, no palindrome"},
    {"in_pan", IndianPan, "holder type in the fourth place"},
    {"tw_national_id", TaiwaneseId, "letter value and weights 8..1 mod 10"},
    {"sa_national_id", SaudiId, "first digit 1 or 2, Luhn"},
    {"eg_national_id", EgyptianId, "date and governorate"},
};

}  // namespace

std::span<const Validator> Validators() noexcept { return kValidators; }

const Validator* FindValidator(std::string_view name) noexcept {
  for (const Validator& v : kValidators) {
    if (name == v.name) return &v;
  }
  return nullptr;
}

}  // namespace gander::identify
