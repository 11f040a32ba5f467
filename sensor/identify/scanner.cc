// SPDX-License-Identifier: Apache-2.0
// Cuts texts into windows and leads each through folding, literals, runs and judgement.
#include "identify/scanner.h"

#include <algorithm>
#include <bit>

#include "identify/scanner_impl.h"

namespace gander::identify {
namespace {

constexpr std::size_t kWindow = 16 * 1024;  // judged at a time, for the cache
// Copied of a piece to join it to the tail before it: what it takes to get past the tail, as a rule.
constexpr std::size_t kSeam = kLookBehind + kLookAhead + 64;

}  // namespace

const CounterName<Counters> Counters::kNames[10] = {
    {"texts", "Texts begun.", &Counters::texts},
    {"bytes", "Bytes scanned.", &Counters::bytes},
    {"candidates", "Stretches that have the shape of an identifier.", &Counters::candidates},
    {"rejected_boundary", "Candidates that are part of something longer.", &Counters::rejected_boundary},
    {"rejected_validator", "Candidates whose check digits or ranges do not fit.",
     &Counters::rejected_validator},
    {"unproven", "Candidates that pass but that chance explains.", &Counters::unproven},
    {"counted", "Findings that count.", &Counters::counted},
    {"test_values", "Published sample values.", &Counters::test_values},
    {"allowed", "Values on the operator's allow-list, left out.", &Counters::allowed},
    {"alone", "Values that count only beside another kind, which is not there, or that another rule reports.",
     &Counters::alone}};

TextState::TextState() : impl_(std::make_unique<Impl>()) {}
TextState::~TextState() {
  if (impl_ != nullptr && impl_->stage != nullptr) impl_->stage->pool->Give(*impl_->stage);
}
TextState::TextState(TextState&&) noexcept = default;
TextState& TextState::operator=(TextState&& other) noexcept {
  std::swap(impl_, other.impl_);
  return *this;
}
void TextState::Reset() noexcept {
  if (impl_->stage != nullptr) impl_->stage->pool->Give(*impl_->stage);
  impl_->NewText();
  std::fill(impl_->scores.begin(), impl_->scores.end(), 0.0f);
  if (impl_->backlog != nullptr) impl_->backlog->clear();
  impl_->recent.fill(0);
}

// End of a first line that may be a header; 0 when the line has not ended yet, npos when it is none, as when the text
// begins with an empty line.
std::size_t Scanner::Impl::HeaderEnd(std::string_view raw, bool last) const noexcept {
  const char c = raw.empty() ? '\0' : raw[0];
  if (c == '{' || c == '[' || c == '<' || c == '\n') return std::string_view::npos;
  const auto end = raw.substr(0, kMaxHeaderBytes).find('\n');
  if (end != std::string_view::npos) return end;
  return last || raw.size() >= kMaxHeaderBytes ? std::string_view::npos : 0;
}

void Scanner::Impl::BuildRuns() noexcept {
  const std::size_t begin = window.from > ChainGatherer::kRewind ? window.from - ChainGatherer::kRewind : 0;
  runs.Build(window.text.data(), begin, std::min(window.text.size(), window.limit + kLookAhead / 2));
}

// Where there is something to look at is gathered first, since most blocks have one such place or none and a branch
// for each would be taken wrongly half of the time.
void Scanner::Impl::ReadRuns() noexcept {
  constexpr std::uint32_t kAt = RegisterReader::kOtherPlace;
  std::uint32_t places[kPlaces];
  const bool looks_ahead = registers.reads_chains();
  std::size_t count = 0, done = 0;
  const auto read = [&] {
    if (looks_ahead) registers.LookAhead(runs, {places, count}, forms.data());
    for (std::size_t i = 0; i < count; ++i) {
      if ((places[i] & kAt) != 0) {
        OnMark(places[i] & ~kAt);
      } else if (places[i] > done) {
        done = chains.OnCandidate(runs, places[i], looks_ahead ? forms[i] : ChainAt(runs, places[i]));
      }
    }
    count = 0;
  };
  for (std::size_t block = 0; block < runs.blocks(); ++block) {
    const std::size_t begin = runs.BlockBegin(block);
    if (begin > window.limit + ChainGatherer::kRewind) break;
    const auto place = [&](std::uint64_t bits) {
      return static_cast<std::uint32_t>(begin) + static_cast<std::uint32_t>(std::countr_zero(bits));
    };
    std::uint64_t bits = runs.Candidates(block);
    places[count] = place(bits);
    count += (bits | (0 - bits)) >> 63;  // whether there is one, in a way of which no compiler makes a branch
    for (bits &= bits - 1; bits != 0; bits &= bits - 1) places[count++] = place(bits);
    for (bits = runs.Ats(block); bits != 0; bits &= bits - 1) places[count++] = place(bits) | kAt;
    if (count + 2 * 64 > kPlaces) read();
  }
  read();
}

std::size_t Scanner::Impl::ScanWindow(std::string_view raw, std::uint64_t base, std::size_t from,
                                      std::size_t limit, bool last) noexcept {
  std::size_t header_end = 0;
  if (base == 0 && from == 0) {
    if (state->columns != nullptr && !state->columns->active()) columns.Give(std::move(state->columns));
    const std::size_t end = HeaderEnd(raw, last);
    if (end == 0) return 0;
    if (end != std::string_view::npos &&
        raw.substr(0, end).find_first_of(",;\t|") != std::string_view::npos) {
      header_end = end;
      if (state->columns == nullptr) state->columns = columns.Take();
      state->columns->BeginCsv(raw.substr(0, end), end, context);
    }
  }
  if (limit == from && !last) return from;
  window = Window{
      raw,      raw, base, from, limit, base == 0 && last, last, nullptr, has_name ? &name_words : nullptr,
      direction};
  BuildRuns();
  if (runs.foreign() && NeedsFold(raw)) {
    folded.Fold(raw);
    window.text = folded.text();
    window.fold = &folded;
    window.from = folded.Folded(from);
    window.limit = folded.Folded(limit);
    BuildRuns();
  }
  judge.Begin(window, *state);
  context.Begin();
  literals.Begin(window, runs, *state);
  if (header_end > 0) literals.ReadNames(raw.substr(0, header_end), 0);
  chain_reader.Begin(window, *state);
  registers.Begin(window);
  chains.Begin(window);
  ReadRuns();
  literals.Finish();
  if (named_field != kNoRule && window.whole) literals.ReadValue(named_field, 0, window.text.size());
  constexpr std::size_t kMaxAlone = 48;
  const bool may_be_value = window.whole && !has_name && window.text.size() <= kMaxAlone;
  if (may_be_value && (runs.foreign() || rules.ascii_alone)) {
    for (const IdType rule : rules.alone_fields) literals.ReadValue(rule, 0, window.text.size(), Support::kAlone);
  }
  const std::size_t reached = static_cast<std::size_t>(window.Offset(window.limit) - base);
  if (state->columns != nullptr && state->columns->active()) {
    state->columns->Advance(raw, base, base + reached, *this);
    if (last && reached == raw.size()) state->columns->Finish(base + reached, *this);
  }
  return reached;
}

Scanner::Scanner(std::shared_ptr<const RuleSet> rules, const Options& options, const HashKey& key)
    : impl_(std::make_unique<Impl>(std::move(rules), options, key)) {}
Scanner::~Scanner() = default;
Counters& Scanner::counters() noexcept { return impl_->counters; }

// What may be judged of a window that reaches from `from` to `size`.
std::size_t LimitOf(std::size_t from, std::size_t size, bool last) noexcept {
  return last ? size : size > from + kLookAhead ? size - kLookAhead : from;
}

void Scanner::Impl::Deliver(FindingSink& sink) noexcept {
  if (!excerpts.on() || &sink == this || !judge.begun()) [[likely]] return judge.Deliver(sink);
  excerpts.Begin(window, *state, sink);
  judge.Deliver(excerpts);
  if (OpenExcerpt* excerpt = excerpts.Finish()) TellExcerpt(*excerpt, sink);
}

// Joins the tail to the piece's front, as far as it takes to get past the seam. True when the piece is used
// up.
bool Scanner::Impl::JoinTail(const content::TextPiece& piece, FindingSink& sink) noexcept {
  const std::string_view text = AsText(piece.text);
  std::size_t taken = 0;
  for (std::size_t step = text.size() <= kWholePiece ? kWholePiece : kSeam;; step *= 2) {
    taken = std::min(text.size(), step);
    seam.assign(state->tail.data(), state->tail.size());
    seam.append(text.substr(0, taken));
    const bool last = piece.last && taken == text.size();
    const auto from = static_cast<std::size_t>(state->resume - state->tail_begin);
    const std::size_t limit = LimitOf(from, seam.size(), last);
    state->resume = state->tail_begin + ScanWindow(seam, state->tail_begin, from, limit, last);
    Deliver(sink);
    if (taken == text.size()) break;
    if (state->resume >= piece.offset + behind) return false;
  }
  KeepTail(seam, state->tail_begin);
  return true;
}

// The piece itself, window by window, without a copy.
void Scanner::Impl::ScanInPlace(const content::TextPiece& piece, FindingSink& sink) noexcept {
  const std::string_view text = AsText(piece.text);
  const std::uint64_t end = piece.offset + text.size();
  for (;;) {
    const std::uint64_t resume = state->resume;
    const std::uint64_t begin = std::max(piece.offset, resume > behind ? resume - behind : 0);
    const std::uint64_t stop = std::min(end, resume + kWindow + kLookAhead);
    const auto raw =
        text.substr(static_cast<std::size_t>(begin - piece.offset), static_cast<std::size_t>(stop - begin));
    const bool last = piece.last && stop == end;
    const auto from = static_cast<std::size_t>(resume - begin);
    state->resume = begin + ScanWindow(raw, begin, from, LimitOf(from, raw.size(), last), last);
    Deliver(sink);
    if (stop == end) break;
  }
  KeepTail(text, piece.offset);
}

// What is not judged yet is kept of a text that begins at `begin`, with what must be seen before it.
std::size_t Scanner::Impl::KeptFrom(std::uint64_t begin) const noexcept {
  const std::uint64_t from = state->resume > behind ? state->resume - behind : 0;
  return from > begin ? static_cast<std::size_t>(from - begin) : 0;
}

void Scanner::Impl::KeepTail(std::string_view text, std::uint64_t begin) noexcept {
  const std::size_t from = KeptFrom(begin);
  state->tail.assign(text.begin() + static_cast<std::ptrdiff_t>(from), text.end());
  state->tail_begin = begin + from;
}

// Makes `text` the one at hand and begins it anew where the piece says so.
void Scanner::Impl::Select(TextState::Impl& text, const content::TextPiece& piece) noexcept {
  state = &text;
  text.MeetRules(rules.serial);
  direction = piece.direction;
  has_name = !piece.name.empty();
  if (has_name) name_words = context.WordsOf(piece.name);
  named_field = has_name && piece.first && piece.last ? context.NameColumn(piece.name).field_rule : kNoRule;
  if (piece.first) {
    text.NewText();
    text.resume = text.tail_begin = piece.offset;
    ++counters.texts;
  }
  counters.bytes += piece.text.size();
}

void Scanner::Impl::ScanPiece(const content::TextPiece& piece, FindingSink& sink) noexcept {
  if (piece.text.empty() && !piece.last) return;
  if (state->tail.empty() || !JoinTail(piece, sink)) ScanInPlace(piece, sink);
  if (piece.last) state->NewText();
}

// The stage of a text, with the tail kept of it; the next byte is at `offset`.
identify::Stage& Scanner::Impl::StageOf(TextState::Impl& text, std::uint64_t offset, FindingSink& sink) noexcept {
  if (text.stage != nullptr) return *text.stage;
  identify::Stage* taken = stages.Take(text);
  if (taken == nullptr) {
    FlushStage(stages.Oldest(), sink);
    taken = stages.Take(text);
  }
  taken->begin = text.tail.empty() ? offset : text.tail_begin;
  taken->size = text.tail.size();
  std::copy(text.tail.begin(), text.tail.end(), taken->bytes);
  text.tail.reserve(behind + kLookAhead);  // once a state, not at some later flush
  text.tail.clear();
  return *taken;
}

// Scans what is new and moves what must be seen again to the front.
void Scanner::Impl::ScanStage(identify::Stage& stage, bool last, FindingSink& sink) noexcept {
  state = stage.text;
  direction = stage.direction;
  has_name = stage.has_name;
  name_words = stage.name_words;
  const auto from = static_cast<std::size_t>(state->resume - stage.begin);
  sink.OnOwner(stage.owner);
  state->resume = stage.begin + ScanWindow(stage.view(), stage.begin, from, LimitOf(from, stage.size, last), last);
  Deliver(sink);
  sink.OnOwner(nullptr);
  std::size_t kept = std::min(KeptFrom(stage.begin), stage.size);
  if (kept == 0 && stage.size == identify::Stage::kBytes) {  // a full stage must give way, whatever a window left
    state->resume = std::max(state->resume, stage.begin + stage.size - kLookAhead);
    kept = KeptFrom(stage.begin);
  }
  std::copy(stage.bytes + kept, stage.bytes + stage.size, stage.bytes);
  stage.begin += kept;
  stage.size -= kept;
  stage.fresh = 0;
}

void Scanner::Impl::FlushStage(identify::Stage& stage, FindingSink& sink) noexcept {
  if (stage.fresh > 0) ScanStage(stage, false, sink);
  stage.text->tail.assign(stage.bytes, stage.bytes + stage.size);
  stage.text->tail_begin = stage.begin;
  stages.Give(stage);
}

void Scanner::Scan(TextState& text_state, const content::TextPiece& piece, FindingSink& sink) noexcept {
  Flush(text_state, sink);
  impl_->Select(*text_state.impl_, piece);
  impl_->ScanPiece(piece, sink);
}

void Scanner::ScanAlone(const content::TextPiece& piece, FindingSink& sink) noexcept {
  Impl& in = *impl_;
  const std::string_view text = AsText(piece.text);
  const bool short_one = BarrenTexts::Takes(text);
  const std::uint64_t tag = short_one ? in.barren.TagOf(text, piece.name) : 0;
  if (short_one && in.barren.Knows(tag, in.counters)) {
    ++in.counters.texts;
    in.counters.bytes += text.size();
    return;
  }
  const Counters before = in.counters;
  in.alone_state.Reset();
  Scan(in.alone_state, piece, sink);
  if (short_one) in.barren.Note(tag, before, in.counters);
}

void Scanner::Stage(TextState& text_state, const content::TextPiece& piece, void* owner, FindingSink& sink) noexcept {
  Impl& in = *impl_;
  TextState::Impl& text = *text_state.impl_;
  // A text that is there as a whole, or a piece that half fills a stage, gains nothing by a copy.
  constexpr std::size_t kHalf = identify::Stage::kBytes / 2;
  if (piece.text.size() >= kHalf || (piece.first && piece.last) || text.tail.size() >= kHalf) {
    Flush(text_state, sink);
    in.Select(text, piece);
    sink.OnOwner(owner);
    in.ScanPiece(piece, sink);
    return sink.OnOwner(nullptr);
  }
  if (piece.first) Flush(text_state, sink);
  in.Select(text, piece);
  identify::Stage& stage = in.StageOf(text, piece.offset, sink);
  in.state = &text;
  stage.owner = owner;
  stage.direction = piece.direction;
  stage.has_name = !piece.name.empty();
  if (stage.has_name) stage.name_words = in.context.WordsOf(piece.name);
  stage.recent = true;
  for (std::string_view left = AsText(piece.text);;) {
    const std::size_t n = std::min(left.size(), identify::Stage::kBytes - stage.size);
    std::copy_n(left.data(), n, stage.bytes + stage.size);
    stage.size += n;
    stage.fresh += n;
    left.remove_prefix(n);
    if (left.empty()) break;
    // Never stands still: what a window leaves (kLookAhead, a token of 4096 bytes) is less than half a stage.
    in.ScanStage(stage, false, sink);
  }
  if (!piece.last) return;
  in.ScanStage(stage, true, sink);
  in.stages.Give(stage);
  text.NewText();
}

bool Scanner::NeedsStageOfAnother(const TextState& state) const noexcept {
  static_assert(kStagedTexts == StagePool::kStages);
  return state.impl_->stage == nullptr && impl_->stages.full();
}

void Scanner::Flush(TextState& text_state, FindingSink& sink) noexcept {
  if (text_state.impl_->stage != nullptr) impl_->FlushStage(*text_state.impl_->stage, sink);
}

void Scanner::FlushAll(FindingSink& sink) noexcept {
  impl_->stages.Each([&](identify::Stage& stage) { impl_->FlushStage(stage, sink); });
}

void Scanner::Succeed(Scanner& before, FindingSink& sink) noexcept {
  before.FlushAll(sink);
  impl_->counters = before.impl_->counters;
}

}  // namespace gander::identify
