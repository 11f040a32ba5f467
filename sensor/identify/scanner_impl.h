// SPDX-License-Identifier: Apache-2.0
// What a scanner is made of. For scanner*.cc alone.
#ifndef GANDER_IDENTIFY_SCANNER_IMPL_H_
#define GANDER_IDENTIFY_SCANNER_IMPL_H_

#include <memory>
#include <string>
#include <vector>

#include "base/pool.h"
#include "identify/barren_texts.h"
#include "identify/chain_gatherer.h"
#include "identify/chain_reader.h"
#include "identify/excerpt.h"
#include "identify/judge.h"
#include "identify/literal_reader.h"
#include "identify/mask_cache.h"
#include "identify/own/register_reader.h"
#include "identify/run_masks.h"
#include "identify/scanner.h"
#include "identify/span_finders.h"
#include "identify/staging.h"
#include "identify/text_state.h"
#include "identify/validators/families.h"

namespace gander::identify {

inline constexpr std::size_t kPlaces = 256;       // candidates gathered before they are read
inline constexpr std::size_t kWholePiece = 4096;  // a piece of so many bytes is joined to its tail as a whole

struct Scanner::Impl final : public FieldSink, public FindingSink {
  Impl(std::shared_ptr<const RuleSet> set, const Options& options, const HashKey& key)
      : owner(std::move(set)),
        rules(owner->impl()),
        judge(rules, key, counters),
        excerpts(rules, judge, options.excerpt_bytes),
        excerpt_raw(options.excerpt_raw),
        behind(kLookBehind + excerpts.bytes()),
        context(rules, options.context_bytes),
        literals(rules, judge, context, *this, columns, counters),
        chain_reader(rules, judge, context, *this, counters),
        registers(rules, judge, counters),
        chains(rules, literals, chain_reader, registers),
        mask_cache(key),
        barren(key) {
    forms.resize(kPlaces);
    seam.reserve(kWholePiece + 2 * (behind + kLookAhead));
    if (excerpts.on()) excerpt_text.reserve(4 * OpenExcerpt::kMaxRaw);
  }

  void OnFieldValue(IdType rule, std::uint64_t begin, std::uint64_t end) noexcept override {
    if (begin < window.base || end - begin > kLookBehind) return;
    literals.ReadValue(rule, window.Position(begin), window.Position(end));
  }

  void OnFinding(const Finding& f) noexcept override {
    ToMask(f.offset, f.offset + f.length, rules.rules[f.type].secret);
  }
  void ToMask(std::size_t begin, std::size_t end, bool secret) noexcept { masked.push_back({begin, end, secret}); }

  // An '@', or the fourth of four pairs of characters.
  void OnMark(std::size_t at) noexcept {
    if (window.text[at] == '@') return OnAt(at);
    const std::size_t begin = at - 9;
    if (at < 9 || begin < window.from || begin >= window.limit || rules.mac == kNoRule) return;
    const Span s = FindMac(window.text, begin);
    if (!s.found() || state->Covers(window.Offset(s.begin))) return;
    ++counters.candidates;
    literals.ReadUntil(s.end + 1);
    judge.Pass(rules.mac, s.begin, s.end, Support::kContext);
    if (rules.mac_random != kNoRule && IsRandomMac(window.text[s.begin + 1])) {
      judge.Pass(rules.mac_random, s.begin, s.end, Support::kContext);
    }
  }

  void OnAt(std::size_t at) noexcept {
    // A domain, or an address in brackets, of any script.
    const char next = window.At(at + 1);
    if (IsAscii(next) && !IsAlnum(next) && next != '[') return;
    if (rules.userinfo != kNoRule && window.Before(at) != '\0') {
      const Span address = FindUserinfo(window.text, at);
      if (address.found()) {
        if (at < window.from || at >= window.limit) return;
        ++counters.candidates;
        return (void)judge.Pass(rules.userinfo, address.begin, address.end, Support::kContext);
      }
    }
    if (at < window.from || at >= window.limit || (rules.email == kNoRule && !registers.active())) return;
    ++counters.candidates;
    const Span s = FindEmail(window.text, at);
    if (!s.found()) return;
    // Full-width letters make an address only when both of its sides are written in them.
    if (window.fold != nullptr && window.fold->HasWideIn(s.begin, at) != window.fold->HasWideIn(at + 1, s.end)) return;
    if (rules.email != kNoRule) judge.Pass(rules.email, s.begin, s.end, Support::kNone);
    if (registers.active()) registers.ReadWhole(s.begin, s.end);
  }

  // Judges raw[from, limit); returns the limit reached, which may be less. `base` is the offset of raw[0].
  std::size_t ScanWindow(std::string_view raw, std::uint64_t base, std::size_t from, std::size_t limit,
                         bool last) noexcept;
  void BuildRuns() noexcept;
  void ReadRuns() noexcept;
  std::size_t HeaderEnd(std::string_view raw, bool last) const noexcept;
  bool JoinTail(const content::TextPiece& piece, FindingSink& sink) noexcept;
  void ScanInPlace(const content::TextPiece& piece, FindingSink& sink) noexcept;
  void KeepTail(std::string_view text, std::uint64_t begin) noexcept;
  std::size_t KeptFrom(std::uint64_t begin) const noexcept;
  void Select(TextState::Impl& text, const content::TextPiece& piece) noexcept;
  void ScanPiece(const content::TextPiece& piece, FindingSink& sink) noexcept;
  identify::Stage& StageOf(TextState::Impl& text, std::uint64_t offset, FindingSink& sink) noexcept;
  void ScanStage(identify::Stage& stage, bool last, FindingSink& sink) noexcept;
  void FlushStage(identify::Stage& stage, FindingSink& sink) noexcept;
  void Deliver(FindingSink& sink) noexcept;
  void TellExcerpt(OpenExcerpt& excerpt, FindingSink& sink) noexcept;
  void FindToMask(std::string_view value) noexcept;
  void FindToMaskDecoded(std::string_view value) noexcept;
  void AppendMasked(std::string_view value, std::size_t number, std::string& out) noexcept;
  void AppendMasked(const OpenExcerpt& excerpt, std::string& out) noexcept;

  std::shared_ptr<const RuleSet> owner;
  const RuleSet::Impl& rules;
  Counters counters{};
  Judge judge;
  ExcerptTaker excerpts;
  const bool excerpt_raw;
  const std::size_t behind;  // bytes kept in view before what is judged
  ContextReader context;
  Pool<TableColumns> columns{256};
  LiteralReader literals;
  ChainReader chain_reader;
  RegisterReader registers;
  ChainGatherer chains;
  FoldedText folded;
  RunMasks runs;
  Window window;
  TextState::Impl* state = nullptr;
  ContextWords name_words;
  bool has_name = false;
  IdType named_field = kNoRule;  // a whole text of that name is such a field's value
  Direction direction = Direction::kToServer;
  std::string seam;
  StagePool stages;
  std::vector<ChainForm> forms;  // of the candidates of one reading, where registers look ahead
  TextState mask_state;
  MaskCache mask_cache;
  TextState alone_state;
  BarrenTexts barren;
  struct MaskedSpan {
    std::size_t begin, end;
    bool secret;
  };
  std::vector<MaskedSpan> masked, masked_behind;  // masked_behind: of the text that percent signs code
  std::string decoded;                            // that text
  std::vector<std::uint32_t> decoded_from;        // where each of its bytes, and its end, lie in what was given
  std::string excerpt_text;
};

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_SCANNER_IMPL_H_
