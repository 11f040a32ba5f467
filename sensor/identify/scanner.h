// SPDX-License-Identifier: Apache-2.0
// Finds personal identifiers in text. One Scanner per worker; a TextState per text that is open.
#ifndef GANDER_IDENTIFY_SCANNER_H_
#define GANDER_IDENTIFY_SCANNER_H_

#include <memory>
#include <string>
#include <string_view>

#include "base/counters.h"
#include "base/hash.h"
#include "content/text_piece.h"
#include "identify/finding.h"
#include "identify/rule_set.h"

namespace gander::identify {

inline constexpr std::uint32_t kMaxExcerptBytes = 256;

struct Options {
  std::uint32_t context_bytes = 64;  // how far a context word counts fully, each side
  std::uint32_t excerpt_bytes = 0;   // of FindingSink::OnExcerpt, on each side of the value, at most kMaxExcerptBytes
  bool excerpt_raw = false;          // not masked
  std::string cache;                 // folder of compiled databases; empty = the user's cache folder, "off" = none
};

struct Counters {
  std::uint64_t texts, bytes, candidates, rejected_boundary, rejected_validator, unproven, counted,
      test_values, allowed, alone;
  static const CounterName<Counters> kNames[10];
};

// What is carried from one piece of a text to the next: a tail of finite width, column headers, and for each
// id-type the chance filter's tallies. One per flow direction that carries text; fixed size, pooled.
class TextState {
 public:
  TextState();
  ~TextState();
  TextState(TextState&&) noexcept;
  TextState& operator=(TextState&&) noexcept;
  // Ready for another flow; keeps its memory. What is staged and not scanned is dropped: flush before. (A new text
  // within a flow is said by TextPiece::first; the chance filter's tallies live on over the texts of one flow
  // direction.)
  void Reset() noexcept;

  struct Impl;  // identify/text_state.h

 private:
  friend class Scanner;
  std::unique_ptr<Impl> impl_;
};

class Scanner {
 public:
  // `key` makes the subject tags; findings of scanners with one key can be compared.
  Scanner(std::shared_ptr<const RuleSet> rules, const Options& options, const HashKey& key);
  ~Scanner();

  // Reads one piece; values across pieces of the same text are found once. Findings come in order of their
  // end. A finding that first was unproven and is proven by later evidence is reported when it is (bounded
  // backlog).
  void Scan(TextState& state, const content::TextPiece& piece, FindingSink& sink) noexcept;

  // The same of a text that is there as a whole and belongs to no other: a field of a head, a name. One that held
  // nothing a short while ago is not read again; counters do not show it.
  void ScanAlone(const content::TextPiece& piece, FindingSink& sink) noexcept;

  // The same as Scan, later: gathers the text's pieces and scans when there is enough for a scan to pay (some 16 KB), when
  // the text ends, when 512 other texts have been written to since, or by Flush; so findings of one text may come
  // while another is at hand. They are handed over between sink.OnOwner(owner) and sink.OnOwner(nullptr). What is
  // found is the same. `owner` must live until the text has ended, is flushed, reset or gone; all pieces of a text
  // name the same one.
  void Stage(TextState& state, const content::TextPiece& piece, void* owner, FindingSink& sink) noexcept;
  // Whether Stage() would take another text's stage away: all kStagedTexts are in use and none by `state`.
  static constexpr std::uint32_t kStagedTexts = 512;
  bool NeedsStageOfAnother(const TextState& state) const noexcept;
  // Scans what is staged of this text; of all. The text may go on afterwards.
  void Flush(TextState& state, FindingSink& sink) noexcept;
  void FlushAll(FindingSink& sink) noexcept;

  // Masks what it finds in `value` (for metadata events): appends to `out`. `whole` masks all of it.
  void MaskText(std::string_view value, bool whole, std::string& out) noexcept;

  // Goes on where `before` stops, which may have other rules and is not used again: what that one has staged is scanned
  // by it, open texts go on here, counters too. A text whose rules change while it is open keeps what was found; its
  // tallies of evidence and its columns' names begin anew.
  void Succeed(Scanner& before, FindingSink& sink) noexcept;

  Counters& counters() noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_SCANNER_H_
