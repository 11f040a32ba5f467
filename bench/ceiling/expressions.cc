// SPDX-License-Identifier: Apache-2.0
#include "ceiling/expressions.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

namespace gander::bench {
namespace {

constexpr Expression kLiterals[] = {
    // secrets
    {"AKIA"},
    {"ASIA"},
    {"aws_", true},
    {"PRIVATE KEY"},
    {"ghp_"},
    {"gho_"},
    {"ghu_"},
    {"ghs_"},
    {"ghr_"},
    {"AIza"},
    {"k_live_"},
    {"bearer ", true},
    {"password", true},
    {"passwd", true},
    // names of fields
    {"social security", true},
    {"date of birth", true},
    {"birth date", true},
    {"birth_date", true},
    {"birthdate", true},
    {"passport n", true},
    {"driver lic", true},
    {"driving lic", true},
    {"credit card", true},
    {"card number", true},
    {"card_num", true},
    {"expiry date", true},
    {"valid until", true},
    {"diagnosis", true},
    {"patient id", true},
    {"medical record", true},
    {"prescription", true},
    {"blood group", true},
    {"icd-10", true},
    {"home address", true},
    {"street name", true},
    {"post code", true},
    {"zip code", true},
    {"salary", true},
    {"payroll", true},
    {"net pay", true},
    {"bank account", true},
    {"geburtsdatum", true},
    {"personalausweis", true},
    {"steuernummer", true},
    {"kontonummer", true},
    {"krankenkasse", true},
    {"nachname", true},
    {"vorname", true},
    {"date de naissance", true},
    {"carte d'identit", true},
    {"adresse", true},
    {"fecha de nacimiento", true},
    {"domicilio", true},
    {"apellidos", true},
    {"data de nascimento", true},
    {"nome completo", true},
    // the same in other scripts
    {"身份证"},
    {"姓名"},
    {"手机号"},
    {"银行卡"},
    {"住址"},
    {"出生日期"},
    {"氏名"},
    {"生年月日"},
    {"電話番号"},
    {"паспорт"},
    {"дата рожд"},
    {"СНИЛС"},
    // tokens with a short tail of fixed width
    {"0x[0-9a-fA-F]{40}"},
    {"eyJ[A-Za-z0-9_-]{8}"},
    {"xox[abprs]-"},
    {"bc1[a-z0-9]{25}"}};
static_assert(std::size(kLiterals) == 68 + 4);

// As they stand in blog posts and rule books: word boundaries, separators and bounded repeats in the
// expression.
constexpr Expression kNaive[] = {
    {R"(\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,253}\.[A-Za-z]{2,24}\b)"},
    {R"(\+[1-9][0-9]{7,14}\b)"},
    {R"(\b\(?[2-9][0-9]{2}\)?[-. ]?[2-9][0-9]{2}[-. ]?[0-9]{4}\b)"},
    {R"(\b1[3-9][0-9]{9}\b)"},
    {R"(\b0[1-9](?:[ .-]?[0-9]{2}){4}\b)"},
    {R"(\b(?:\+49|0049|0)[ -]?[1-9][0-9]{1,4}[ /-]?[0-9]{4,9}\b)"},
    {R"(\b(?:[0-9][ -]?){13,19}\b)"},
    {R"(\b4[0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}\b)"},
    {R"(\b5[1-5][0-9]{2}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}\b)"},
    {R"(\b3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5}\b)"},
    {R"(\b6(?:011|5[0-9]{2})[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}\b)"},
    {R"(\b[A-Z]{2}[0-9]{2}[ ]?(?:[A-Z0-9]{4}[ ]?){2,7}[A-Z0-9]{1,4}\b)"},
    {R"(\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b)"},
    {R"(\b[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{2}[0-9]{3}[0-9Xx]\b)"},
    {R"(\b[A-Z]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[A-D]\b)"},
    {R"(\b[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}\b)"},
    {R"(\b[12][ ]?[0-9]{2}[ ]?[01][0-9][ ]?[0-9]{2}[ ]?[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{2}\b)"},
    {R"(\b[A-Z]{6}[0-9]{2}[A-EHLMPR-T][0-9]{2}[A-Z][0-9]{3}[A-Z]\b)"},
    {R"(\b[0-9XYZ][0-9]{7}[A-Z]\b)"},
    {R"(\b[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}\b)"},
    {R"(\b[0-9]{11}\b)"},
    {R"(\b[0-9]{4}[ ]?[0-9]{4}[ ]?[0-9]{4}\b)"},
    {R"(\b[A-Z]{5}[0-9]{4}[A-Z]\b)"},
    {R"(\b[0-9]{6}-[1-8][0-9]{6}\b)"},
    {R"(\b[12][0-9]{9}\b)"},
    {R"(\b[A-HJ-NPR-Z0-9]{17}\b)"},
    {R"(\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b)"},
    {R"(\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b)"},
    {R"(\b(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}\b)"},
    {R"(\b(?:19|20)[0-9]{2}[-/.](?:0[1-9]|1[0-2])[-/.](?:0[1-9]|[12][0-9]|3[01])\b)"},
    {R"(\b(?:0[1-9]|[12][0-9]|3[01])[-/.](?:0[1-9]|1[0-2])[-/.](?:19|20)[0-9]{2}\b)"},
    {R"(\b-?[0-9]{1,2}\.[0-9]{4,},[ ]?-?[0-9]{1,3}\.[0-9]{4,}\b)"},
    {R"(\b[A-Z][0-9]{8}\b)"},
    {R"(\bP<[A-Z]{3}[A-Z<]{39}\b)"},
    {R"(\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\b)"},
    {R"(\b(?:AKIA|ASIA)[0-9A-Z]{16}\b)"},
    {R"(\bgh[pousr]_[A-Za-z0-9]{36}\b)"},
    {R"((?:password|passwd|pwd)["']?\s*[:=]\s*["']?[^\s"'&]{4,64})", true},
    {R"(\b(?:bc1|[13])[a-zA-HJ-NP-Z0-9]{25,39}\b)"},
    {R"(\b0x[0-9a-fA-F]{40}\b)"}};

int HS_CDECL CountMatch(unsigned, unsigned long long, unsigned long long, unsigned, void* count) {
  ++*static_cast<std::uint64_t*>(count);
  return 0;
}

[[noreturn]] void Die(const char* what) {
  std::fprintf(stderr, "gander-ceiling: Hyperscan: %s\n", what);
  std::exit(3);
}

}  // namespace

std::span<const Expression> Literals() { return kLiterals; }
std::span<const Expression> Naive() { return kNaive; }

Database::Database(std::span<const Expression> expressions, bool wide) {
  std::vector<const char*> texts;
  std::vector<unsigned> flags, ids;
  for (const Expression& e : expressions) {
    texts.push_back(e.text);
    flags.push_back(HS_FLAG_DOTALL | (e.caseless ? HS_FLAG_CASELESS : 0));
    ids.push_back(static_cast<unsigned>(ids.size()));
  }
  const hs_platform_info_t any{};
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(ids.size()),
                       HS_MODE_BLOCK, wide ? nullptr : &any, &database, &error) != HS_SUCCESS) {
    Die(error->message);
  }
  database_.reset(database, Free());
  hs_scratch_t* scratch = nullptr;
  if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) Die("no scratch");
  scratch_.reset(scratch);
}

Database Database::Clone() const {
  Database copy;
  copy.database_ = database_;
  hs_scratch_t* scratch = nullptr;
  if (hs_clone_scratch(scratch_.get(), &scratch) != HS_SUCCESS) Die("no scratch");
  copy.scratch_.reset(scratch);
  return copy;
}

std::uint64_t Database::Count(std::string_view text) const {
  std::uint64_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += kScanBlock) {
    const std::string_view block = text.substr(at, kScanBlock);
    hs_scan(database_.get(), block.data(), static_cast<unsigned>(block.size()), 0, scratch_.get(), CountMatch,
            &count);
  }
  return count;
}

}  // namespace gander::bench
