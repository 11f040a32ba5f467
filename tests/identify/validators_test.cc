// SPDX-License-Identifier: Apache-2.0
// Validators against published samples, and against each sample with one digit changed.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "identify/validators/checksum.h"
#include "identify/validators/validator.h"

namespace gander::identify {
namespace {

struct Sample {
  const char* validator;
  const char* valid;
  const char* invalid;
};

// Values from the schemes' own documents or widely printed samples; a wrong one beside each.
constexpr Sample kSamples[] = {
    {"basic_credentials", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Basic QWxhZGRpbm9wZW4="},
    {"bearer_token", "Bearer 7Jq2mVxT9dLr4KzWnB8sYc3HfGp6Ae1U", "Bearer aaaaaaaaaaaaaaaaaaaaaaaa"},
    {"bearer_token", "4f9a2c7b81d6e05342b7c9d1", "ghp_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"},
    {"session_number", "k3v9a7p2m5q8t1r4c6n0d2e7f1", "deleted"},
    {"aws_secret_key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKE"},
    {"one_time_seed", "otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXPJBSW&issuer=A", "otpauth://totp/A:b?secret=JBSWY3DP"},
    {"password_hash", "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",
     "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMU"},
    {"password_hash", "$1$etNnh7FA$OlM7eljE/B7F1J4XYNnk81", "$9$etNnh7FA$OlM7eljE/B7F1J4XYNnk81"},
    {"password_hash",
     "$argon2id$v=19$m=65536,t=2,p=1$gZiV/M1gPc22ElAH/Jh1Hw$CWOrkoo7oJBQ/iyh7uJ0LO2aLEfrHwTWllSAxT0zRno",
     "$argon2id$v=19$gZiV/M1gPc22ElAH$short"},
    {"ipv4", "203.0.113.7", "203.0.113.256"},
    {"ipv4", "192.168.14.3", "127.0.0.1"},
    {"ipv4", "10.0.0.1", "010.0.0.1"},
    {"ipv6", "2001:db8::8a2e:370:7334", "2001:db8::8a2e::7334"},
    {"ipv6", "2001:db8:0:0:0:0:2:1", "2001:db8:0:0:0:0:2:1:3"},
    {"ipv6", "fd12:3456:789a:1::20%eth0", "fe80::1"},
    {"ipv6", "2001:db8::192.0.2.33", "2001:db8::256.0.2.33"},
    {"mac", "00A1B2C3D4E5", "001122334455"},
    {"hex_digest", "5D41402ABC4B2A76B9719D911017C592", "5D41402ABC4B2A76"},
    {"mac_random", "02A1B2C3D4E5", "00A1B2C3D4E5"},
    {"vin", "1M8GDM9AXKP042788", "1M8GDM9AXKP042789"},
    {"vin", "WVWZZZ1JZXW000001", "WVWZZZ1JZXW00000O"},
    {"mrz", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
     "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<11"},
    {"mrz", "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
     "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<7\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"},
    {"mrz", "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
     "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458908UTO7408122F1204159<<<<<<<6"},
    {"bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"},
    {"bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"},
    // EIP-55, "Test Cases": all capitals, all small, and both with the check.
    {"ethereum", "0x52908400098527886E0F7030069857D2E4169EE7", "0x52908400098527886E0F7030069857D2E4169EE"},
    {"ethereum", "0xde709f2102306220921060314715629080e2fb77", "0xde709f2102306220921060314715629080e2fbq7"},
    {"ethereum", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"},
    {"ethereum", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", "0xfb6916095ca1df60bB79Ce92cE3Ea74c37c5d359"},
    {"ethereum", "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6Fb"},
    {"ethereum", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9adb"},
    {"icd10", "E11.9", "E1.9"},
    {"icd10", "S72.001A", "none"},
    {"snomed", "22298006", "22298007"},
    {"blood_group", "AB-", "C+"},
    {"blood_group", "0 Rh negativ", "A grade"},
    {"postal_address", "17 Harbour Street, York YO1 7HX", "127.0.0.1:8080"},
    {"national_phone", "(415) 555-0132", "1234567"},
    {"amount", "4.850,00 EUR", "negotiable"},
    {"account_name", "@erika.muster", "summary"},
    {"minor_birth_date", "20190314", "19830704"},
    {"analytics_client", "GA1.2.1294038271.1719930482", "GA1.2.1294038271.17199304"},
    {"feature_vector", "-0.2841", "null"},
    {"meid", "AF 01 23 45 0A BC DE", "29360 87365 9999 9999 4"},
    {"card_track_1", "%B4111111111111111^MUSTERMANN/ERIKA^29011010000000000?",
     "%B4111111111111112^MUSTERMANN/ERIKA^29011010000000000?"},
    {"payment_card", "4111111111111111", "4111111111111112"},
    {"payment_card", "378282246310005", "378282246310006"},
    {"payment_card", "30569309025904", "30569309025905"},
    {"payment_card", "6011111111111117", "60111111111111171111"},
    {"imei", "357745667009079", "357845667009079"},
    {"iban", "DE89370400440532013000", "DE88370400440532013000"},
    {"iban", "GB29NWBK60161331926819", "GB29NWBK6016133192681"},
    {"iban", "BE71096123456769", "BE71096123456768"},
    {"birth_date", "19830704", "19831704"},
    {"birth_date", "30041983", "30021983"},
    {"us_ssn", "536904399", "666904399"},
    {"us_ssn", "219099998", "219099999"},
    {"br_cpf", "77292870643", "77292870644"},
    {"gb_nhs", "6166156421", "6166156422"},
    {"gb_nino", "AA123456B", "BG123456B"},
    {"gb_nino", "PR123612C", "PR123612E"},
    {"fr_nir", "253072B07300470", "253072A07300470"},
    {"fr_nir", "295109912611193", "295109912611199"},
    {"de_tax_id", "36574261809", "36574261890"},
    {"nl_bsn", "465588505", "465588506"},
    {"it_tax_code", "RCCMNL83S18D969H", "RCCMNL83S18D969I"},
    {"it_tax_code", "RSSMRA45C12F20RX", "RSSMRA45C12F20RY"},
    {"es_dni", "48649587X", "48649587Y"},
    {"es_nie", "X1234567L", "X1234567M"},
    {"pl_pesel", "67071075029", "67071075028"},
    {"pl_pesel", "44051401458", "44151401458"},
    {"cn_resident_id", "110101199003071233", "110101199013071233"},
    {"cn_resident_id", "33010219931031495X", "330102199310314950"},
    {"cn_mobile", "13874543888", "12874543888"},
    {"jp_my_number", "536496681565", "536496681566"},
    {"kr_rrn", "8108142186289", "8113142186289"},
    {"in_aadhaar", "949807316966", "949807316965"},
    {"in_aadhaar", "234123412346", "222222222222"},
    {"tr_id", "47191963066", "47191963067"},
    {"tr_tax_number", "4540536920", "4540536921"},
    {"cy_tin", "10259033P", "10259033Z"},
    {"ru_snils", "11223344595", "11223344596"},
    {"ru_inn", "500100732259", "500100732258"},
    {"tw_national_id", "A123456789", "A123456788"},
    {"de_id_card", "R7ZFGL0FH1", "R7ZFGL0FH2"},
    {"in_pan", "ABCPE1234F", "ABCDE1234F"},
    {"sa_national_id", "1025730290", "3025730290"},
    {"eg_national_id", "24402088854402", "24413088854402"},
    {"kr_mobile", "01097887993", "02097887993"},
    {"jp_mobile", "08085690998", "06085690998"},
    {"hex_uuid", "C4EA0173AB07435788639941B1C73E1F", "00000000000000000000000000000000"},
    {"password", "NoEpTVnE00V!", "********"},
    {"password", "s3cret-9", "${PASSWORD}"},
    {"password", "Summer(2024)", "g_strdup(value)"},
    {"password", "/s3cret", "/home/ada/work"},
    {"person_name", "Hugo Lefèvre", "treeverse"},
    {"person_name", "Ludwig van Beethoven", "Built with Care"},
    {"person_name", "J.R. Tolkien", "Libraries Node.js"},
    {"postal_address", "12 main street", "select frame 0 by address"},
    {"postal_address", "5 rue de la Paix", "Fix translation when 3 cells fail"},
    {"person_name", "赵静", "v1.2"},
    {"person_name", "Walker^Amelia", "Walker"},
    {"jwt", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2ln",
     "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn.c2ln"}};

TEST(Validators, AcceptSamplesAndRefuseTheirNeighbours) {
  for (const Sample& s : kSamples) {
    const Validator* v = FindValidator(s.validator);
    ASSERT_NE(v, nullptr) << s.validator;
    EXPECT_TRUE(v->check(s.valid)) << s.validator << " " << s.valid;
    EXPECT_FALSE(v->check(s.invalid)) << s.validator << " " << s.invalid;
  }
}

TEST(Validators, EachHasASampleAndAName) {
  std::set<std::string> sampled = {"none", "luhn", "high_entropy", "br_pis", "pl_id_card"};
  for (const Sample& s : kSamples) sampled.insert(s.validator);
  std::set<std::string> names;
  for (const Validator& v : Validators()) {
    EXPECT_TRUE(names.insert(v.name).second) << v.name << " is named twice";
    EXPECT_TRUE(sampled.count(v.name)) << v.name << " has no sample in this test";
    EXPECT_GT(std::string(v.help).size(), 3u);
  }
}

TEST(Validators, SurviveAnyLengthAndByte) {
  for (const Validator& v : Validators()) {
    for (std::size_t length = 0; length < 64; ++length) {
      for (char c : {'0', '9', 'A', 'z', '\xff', '\0', '<', '.'}) (void)v.check(std::string(length, c));
    }
  }
}

// A single wrong digit never passes these; that is what they were made for.
TEST(Checksums, FindEverySingleError) {
  const auto none_passes = [](std::string value, bool (*check)(std::string_view) noexcept) {
    ASSERT_TRUE(check(value)) << value;
    for (char& c : value) {
      const char right = c;
      for (char wrong = '0'; wrong <= '9'; ++wrong) {
        c = wrong;
        EXPECT_EQ(check(value), wrong == right) << value;
      }
      c = right;
    }
  };
  none_passes("4111111111111111", LuhnPasses);
  none_passes("949807316966", VerhoeffPasses);
  none_passes("21423482408", Mod11_10Passes);
}

}  // namespace
}  // namespace gander::identify
