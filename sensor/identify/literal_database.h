// SPDX-License-Identifier: Apache-2.0
// Hyperscan databases in the forms that LiteralSet chooses from, how fast each one is, and as bytes.
#ifndef GANDER_IDENTIFY_LITERAL_DATABASE_H_
#define GANDER_IDENTIFY_LITERAL_DATABASE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct hs_database;

namespace gander::identify {

struct FreeDatabase {
  void operator()(hs_database* database) const noexcept;
};
using Database = std::unique_ptr<hs_database, FreeDatabase>;

// Patterns in Hyperscan's dialect, each with its flags; a match is known by the pattern's id, or by its place in the
// list when there are no ids.
struct Patterns {
  std::vector<std::string> texts;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
};

// What a database is compiled for. Without processor features Hyperscan takes its FDR engine for literals,
// with AVX2 or more its fat Teddy: which of the two is faster depends on the set and on the text (some sets
// of keywords run at a quarter of the speed in the "better" one), so it is measured. Both find the same.
enum class Variant : unsigned char { kGeneric, kNative };
const char* NameOf(Variant v) noexcept;
// Whether this processor has features that make kNative another database than kGeneric.
bool HasNativeVariant() noexcept;
// What else decides the compiled bytes: Hyperscan's version and the processor.
std::string PlatformWords();

// What Hyperscan says against a pattern.
struct Refusal {
  std::string words;
  int pattern = -1;  // its place in the list, -1 = none in particular
};
// Null when refused.
Database CompileForScan(const Patterns& patterns, Variant variant, Refusal& refusal);
// For one expression that is run again over a known match, to learn where it begins.
Database CompileForBegin(const std::string& expression, Refusal& refusal);

std::string Serialise(const hs_database& database);
// Null when the bytes are no database for this processor. Hyperscan does not defend itself against bytes made
// to harm; whoever calls this has proof that they are the ones that were written.
Database Deserialise(std::string_view bytes);

// Bytes of `text` scanned in a second of this thread's processor time: the best of several rounds in which
// the databases take turns, so that a disturbance meets all alike. Null databases get 0.
std::vector<double> MeasureRates(const std::vector<const hs_database*>& databases, std::string_view text);
// Processor time this thread has taken. A measure of a cost, never of when something happened.
double ThreadSeconds() noexcept;

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_LITERAL_DATABASE_H_
