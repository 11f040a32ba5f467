// SPDX-License-Identifier: Apache-2.0
#include "identify/literal_database.h"

#include <hs/hs.h>
#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace gander::identify {
namespace {

constexpr std::size_t kBlock = 16 * 1024;  // a scan reads windows of about this size
constexpr int kRounds = 7;

hs_platform_info_t PlatformOf(Variant variant) {
  hs_platform_info_t platform{HS_TUNE_FAMILY_GENERIC, 0, 0, 0};
  if (variant == Variant::kNative) (void)hs_populate_platform(&platform);
  return platform;
}

Database Taken(hs_database_t* database, hs_error_t status, hs_compile_error_t* error, Refusal& refusal) {
  if (status == HS_SUCCESS) return Database(database);
  refusal.words = error != nullptr ? error->message : "it says no more";
  refusal.pattern = error != nullptr ? error->expression : -1;
  hs_free_compile_error(error);
  return nullptr;
}

double SecondsFor(const hs_database& database, std::string_view text, hs_scratch_t* scratch) noexcept {
  const auto on_match = [](unsigned, unsigned long long, unsigned long long, unsigned, void*) { return 0; };
  const double begin = ThreadSeconds();
  for (std::size_t at = 0; at < text.size(); at += kBlock) {
    const std::string_view block = text.substr(at, kBlock);
    (void)hs_scan(&database, block.data(), static_cast<unsigned>(block.size()), 0, scratch, on_match,
                  nullptr);
  }
  return ThreadSeconds() - begin;
}

}  // namespace

double ThreadSeconds() noexcept {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

void FreeDatabase::operator()(hs_database* database) const noexcept { hs_free_database(database); }

const char* NameOf(Variant v) noexcept { return v == Variant::kNative ? "native" : "generic"; }

bool HasNativeVariant() noexcept { return PlatformOf(Variant::kNative).cpu_features != 0; }

std::string PlatformWords() {
  const hs_platform_info_t native = PlatformOf(Variant::kNative);
  return std::string(hs_version()) + " tune " + std::to_string(native.tune) + " features " +
         std::to_string(native.cpu_features);
}

Database CompileForScan(const Patterns& patterns, Variant variant, Refusal& refusal) {
  std::vector<const char*> texts;
  std::vector<unsigned> ids;
  for (const std::string& text : patterns.texts) {
    ids.push_back(patterns.ids.empty() ? static_cast<unsigned>(texts.size()) : patterns.ids[texts.size()]);
    texts.push_back(text.c_str());
  }
  const hs_platform_info_t platform = PlatformOf(variant);
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t status =
      hs_compile_multi(texts.data(), patterns.flags.data(), ids.data(), static_cast<unsigned>(ids.size()),
                       HS_MODE_BLOCK, &platform, &database, &error);
  return Taken(database, status, error, refusal);
}

Database CompileForBegin(const std::string& expression, Refusal& refusal) {
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t status =
      hs_compile(expression.c_str(), HS_FLAG_SOM_LEFTMOST, HS_MODE_BLOCK, nullptr, &database, &error);
  return Taken(database, status, error, refusal);
}

std::string Serialise(const hs_database& database) {
  char* bytes = nullptr;
  std::size_t size = 0;
  if (hs_serialize_database(&database, &bytes, &size) != HS_SUCCESS) throw std::bad_alloc();
  std::string out(bytes, size);
  std::free(bytes);
  return out;
}

Database Deserialise(std::string_view bytes) {
  hs_database_t* database = nullptr;
  if (hs_deserialize_database(bytes.data(), bytes.size(), &database) != HS_SUCCESS) return nullptr;
  return Database(database);
}

std::vector<double> MeasureRates(const std::vector<const hs_database*>& databases, std::string_view text) {
  struct FreeScratch {
    void operator()(hs_scratch_t* s) const noexcept { hs_free_scratch(s); }
  };
  hs_scratch_t* raw = nullptr;
  for (const hs_database* d : databases) {
    if (d != nullptr && hs_alloc_scratch(d, &raw) != HS_SUCCESS) throw std::bad_alloc();
  }
  const std::unique_ptr<hs_scratch_t, FreeScratch> scratch(raw);
  std::vector<double> rates(databases.size(), 0.0);
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < databases.size(); ++i) {
      if (databases[i] == nullptr) continue;
      const double seconds = std::max(SecondsFor(*databases[i], text, scratch.get()), 1e-9);
      rates[i] = std::max(rates[i], static_cast<double>(text.size()) / seconds);
    }
  }
  return rates;
}

}  // namespace gander::identify
