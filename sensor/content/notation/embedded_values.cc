// SPDX-License-Identifier: Apache-2.0
#include "content/notation/embedded_values.h"

#include <algorithm>
#include <cstring>

#include "content/decoder_pool.h"
#include "content/notation/notation.h"
#include "content/open.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::content {
namespace {

constexpr std::string_view kTokenBegin = "eyJ";  // base64 of '{"'
constexpr std::uint8_t kMaxTokenParts = 5;       // of an encrypted one (RFC 7516)

// What a value costs, and a byte of what is in it (BurstBudget).
constexpr std::uint64_t kValueWork = 128, kDecodedWork = 4;

constexpr std::uint64_t kDataMark = 0x6261736536342c;  // "base64,"
constexpr std::uint64_t kSevenBytes = 0xffffffffffffff;
constexpr std::uint64_t kLowerCase = 0x20202020000000;

// Of the begin and the end of a text, '\0'.
bool BeginsValue(char before) noexcept {
  return before == '"' || before == '\'' || before == '>' || before == '=' || before == ':' || before == '\0';
}
bool IsBlank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool EndsValue(char next) noexcept {
  constexpr std::string_view kDelimiters("\0\"'<>&),;}]", 11);
  return IsBlank(next) || kDelimiters.find(next) != std::string_view::npos;
}

}  // namespace

void EmbeddedValues::Begin(Body& body) noexcept {
  body_ = &body;
  outer_ = nullptr;
  state_ = State::kText;
  held_ = 0;
  last_ = 0;
  owed_.Clear();
  token_capped_ = false;
  buffer_ = body.buffers++;
}

void EmbeddedValues::Open(Body& body, bool declared_text, bool lines, std::string_view name) noexcept {
  Begin(body);
  declared_text_ = declared_text;
  lines_ = lines;
  name_ = name;
}

void EmbeddedValues::OpenInside(Body& body, EmbeddedValues& outer) noexcept {
  Begin(body);
  outer_ = &outer;
  lines_ = true;
}

void EmbeddedValues::GiveBack() noexcept {
  if (hold_ != nullptr) body_->pool->Give(hold_);
  hold_ = nullptr;
  token_.Release();
  body_->pool->Give(this);
}

Uninspected EmbeddedValues::Feed(Bytes in) noexcept { return Feed(in, 0); }

Uninspected EmbeddedValues::Feed(Bytes in, std::size_t plain) noexcept {
  const std::size_t fed = in.size();
  while (!in.empty()) {
    const std::size_t read = fed - in.size();
    switch (state_) {
      case State::kText:
        Search(in, plain > read ? plain - read : 0);
        break;
      case State::kHeld:
        Gather(in);
        break;
      case State::kOpened:
        DecodeOpened(in);
        break;
      case State::kToken:
        FollowToken(in);
        break;
    }
  }
  return owed_.Tell(fed);
}

void EmbeddedValues::End(protocol::BodyEnd end) noexcept {
  if (state_ == State::kHeld) EndHeld('\0');
  if (state_ == State::kToken) EndToken();
  if (state_ == State::kOpened) CloseEmbedded(end);
  if (outer_ == nullptr) EndText(end);
  --body_->buffers;
}

void EmbeddedValues::Advance(Bytes& in, std::size_t n) noexcept {
  last_ = Latest(in, n);
  in = in.subspan(n);
}

// The eight bytes before in[at].
std::uint64_t EmbeddedValues::Latest(Bytes in, std::size_t at) const noexcept {
  std::uint64_t latest = last_;
  if (at >= 8) {
    std::memcpy(&latest, in.data() + at - 8, 8);
    return __builtin_bswap64(latest);
  }
  for (std::size_t i = 0; i < at; ++i) latest = latest << 8 | static_cast<std::uint8_t>(in[i]);
  return latest;
}

// What can be told at a glance of a run, if it is short enough to be held as a whole.
bool EmbeddedValues::IsNoValue(Bytes in, Base64Run run) const noexcept {
  if (!MayBegin(in, run.begin)) return true;
  if (run.end == in.size() || run.end - run.begin > kHeldValue) return false;
  const char next = static_cast<char>(in[run.end]);
  if (lines_ && IsBlank(next) && run.end - run.begin >= Base64Extent::kMinLine) return false;
  if (next == '.') return !AsText(in).substr(run.begin).starts_with(kTokenBegin);
  return (next != '=' && !EndsValue(next)) || !HasBothCases(in, run);
}

void EmbeddedValues::Search(Bytes& in, std::size_t plain) noexcept {
  Base64Runs runs(in, plain);
  std::size_t from = 0;  // values and what follows them are read so far
  for (Base64Run run; runs.Next(run);) {
    if (run.begin < from || IsNoValue(in, run)) continue;
    Base64Extent extent(lines_);
    bool over = false;
    const std::size_t size = extent.Take(in.subspan(run.begin), over);
    if (!over || size > kHeldValue) {
      Out(in.first(run.begin));
      Advance(in, run.begin);
      state_ = State::kHeld;
      extent_ = Base64Extent(lines_);
      held_ = 0;
      return;
    }
    from = run.begin + size;
    const Bytes before = in.first(run.begin), value = in.subspan(run.begin, size);
    const bool taken = Take(before, value, extent, true, static_cast<char>(in[from]));
    if (!taken && state_ == State::kText) continue;
    if (!taken) Out(in.first(from));
    return Advance(in, from);
  }
  Out(in);
  Advance(in, in.size());
}

bool EmbeddedValues::MayBegin(Bytes in, std::size_t at) const noexcept {
  const char latest = at > 0 ? static_cast<char>(in[at - 1]) : static_cast<char>(last_ & 0xff);
  if (IsBase64(static_cast<std::byte>(latest))) return false;
  if (BeginsValue(latest)) return true;
  if (kTokenBegin.starts_with(AsText(in).substr(at, kTokenBegin.size()))) return true;
  std::uint64_t before = Latest(in, at);
  if (latest == ',') return ((before | kLowerCase) & kSevenBytes) == kDataMark;
  // Behind blanks only where no word stands before them: there a value stands on a line of its own, or behind its key.
  if (!IsBlank(latest)) return false;
  while (before != 0 && IsBlank(static_cast<char>(before & 0xff))) before >>= 8;
  return !IsBase64(static_cast<std::byte>(before & 0xff));
}

// Up to kHeldValue bytes and one more: what follows tells whether that was all.
void EmbeddedValues::Gather(Bytes& in) noexcept {
  if (hold_ == nullptr) hold_ = body_->pool->Take<ValueBuffer>();
  bool over = false;
  const std::size_t size = extent_.Take(in.first(std::min(in.size(), kHeldValue - held_)), over);
  std::memcpy(hold_->bytes.data() + held_, in.data(), size);
  held_ = static_cast<std::uint16_t>(held_ + size);
  Advance(in, size);
  if (!over && held_ == kHeldValue && !in.empty()) {
    Base64Extent extent = extent_;
    extent.Take(in.first(1), over);
    if (!over) {
      const Bytes held(hold_->bytes.data(), held_);
      state_ = State::kText;
      if (!Take({}, held, extent_, false, '\0')) Out(held);
    }
  }
  if (over) EndHeld(static_cast<char>(in[0]));
}

void EmbeddedValues::EndHeld(char next) noexcept {
  const Bytes held(hold_->bytes.data(), held_);
  state_ = State::kText;
  if (!Take({}, held, extent_, true, next)) Out(held);
}

bool EmbeddedValues::Take(Bytes before, Bytes value, const Base64Extent& extent, bool whole, char next) noexcept {
  const bool token = whole && next == '.' && AsText(value).starts_with(kTokenBegin);
  if (whole && !(extent.IsWhole() && (token || EndsValue(next)))) return false;
  if (!HasBothCases(value, {0, value.size()})) return false;
  const std::span<std::byte> decoded = body_->pool->Buffer(buffer_);
  std::size_t size = 0;
  const Base64Verdict verdict = JudgeBase64(value, decoded, size);
  if (verdict == Base64Verdict::kNone) return false;
  if (token) {
    if (verdict == Base64Verdict::kText) BeginToken(decoded.first(size));
    return false;
  }
  Out(before);
  if (whole && verdict == Base64Verdict::kText) {
    owed_ += Splice(decoded.first(size)).Scaled(size, value.size());
  } else if (!OpenEmbedded(value, verdict == Base64Verdict::kFile)) {
    Out(value);
  } else if (whole) {
    CloseEmbedded(protocol::BodyEnd::kComplete);
  }
  return true;
}

// Text inside the text, with notation and values of its own.
Uninspected EmbeddedValues::Splice(Bytes decoded) noexcept {
  ++body_->counters->base64;
  body_->Spend(kValueWork + kDecodedWork * decoded.size());
  if (!body_->MayNest()) {
    Out(decoded);
    return {};
  }
  EmbeddedValues* const values = body_->pool->Take<EmbeddedValues>();
  values->OpenInside(*body_, *this);
  const LayerPtr inside = OpenEscapes(*body_, NotationOf({}, decoded), LayerPtr(values)).outermost;
  const Uninspected within = inside->Feed(decoded);
  inside->End(protocol::BodyEnd::kComplete);
  --body_->depth;
  return within;
}

bool EmbeddedValues::OpenEmbedded(Bytes value, bool is_file) noexcept {
  if (!body_->MayBeginPart() || !body_->MayNest()) return false;
  ++body_->counters->base64;
  EndText(protocol::BodyEnd::kComplete);
  path_before_ = body_->path.Push("base64");
  EntityMeta meta;
  meta.is_file = is_file;
  embedded_ = OpenEntity(*body_, meta);
  state_ = State::kOpened;
  decoder_.Reset();
  encoded_bytes_ = decoded_bytes_ = 0;
  within_ = told_ = {};
  Embed(value);
  return true;
}

void EmbeddedValues::Embed(Bytes value) noexcept {
  const std::span<std::byte> out = body_->pool->Buffer(buffer_);
  while (!value.empty()) {
    const std::size_t before = value.size();
    const std::size_t n = decoder_.Decode(value, out);
    encoded_bytes_ += before - value.size();
    EmbedDecoded(Bytes(out.data(), n));
  }
}

// Shares are told of all there was so far: of a byte at a time they would be rounded away.
void EmbeddedValues::EmbedDecoded(Bytes decoded) noexcept {
  if (decoded.empty()) return;
  decoded_bytes_ += decoded.size();
  within_ += embedded_->Feed(decoded);
  const Uninspected all = within_.Scaled(decoded_bytes_, encoded_bytes_);
  owed_ += all - told_;
  told_ = all;
}

void EmbeddedValues::DecodeOpened(Bytes& in) noexcept {
  bool over = false;
  const std::size_t size = extent_.Take(in, over);
  Embed(in.first(size));
  Advance(in, size);
  if (over) CloseEmbedded(protocol::BodyEnd::kComplete);
}

void EmbeddedValues::CloseEmbedded(protocol::BodyEnd end) noexcept {
  const std::span<std::byte> out = body_->pool->Buffer(buffer_);
  EmbedDecoded(Bytes(out.data(), decoder_.Finish(out)));
  embedded_->End(end);
  embedded_.reset();
  body_->path.Pop(path_before_);
  --body_->depth;
  state_ = State::kText;
}

void EmbeddedValues::BeginToken(Bytes header) noexcept {
  state_ = State::kToken;
  token_part_ = 0;
  token_.Begin(body_->pool->memory, kTokenClaims);
  token_.Append(AsBytes(" "));
  token_.Append(header);
  claims_ = token_.size();
}

void EmbeddedValues::FollowToken(Bytes& in) noexcept {
  std::size_t i = 0;
  while (i < in.size()) {
    const std::size_t begin = i;
    while (i < in.size() && IsBase64(in[i])) ++i;
    if (token_part_ == 1) AddClaims(in.subspan(begin, i - begin));
    if (i == in.size()) break;
    if (in[i] != std::byte{'.'} || token_part_ + 1 == kMaxTokenParts) {
      Out(in.first(i));
      Advance(in, i);
      return EndToken();
    }
    ++i;
    if (++token_part_ == 1) {
      token_.Append(AsBytes(" "));
      claims_ = token_.size();
      decoder_.Reset();
    }
  }
  Out(in);
  Advance(in, in.size());
}

void EmbeddedValues::AddClaims(Bytes encoded) noexcept {
  const std::span<std::byte> out = body_->pool->Buffer(buffer_);
  while (!encoded.empty()) {
    const std::size_t n = decoder_.Decode(encoded, out);
    if (token_.Append(Bytes(out.data(), n)) || token_capped_) continue;
    body_->sink->OnAnomaly("token_claims_cap");
    token_capped_ = true;
  }
}

void EmbeddedValues::EndToken() noexcept {
  state_ = State::kText;
  std::array<std::byte, 3> rest;
  if (token_part_ > 0) token_.Append(Bytes(rest.data(), decoder_.Finish(rest)));
  Bytes told = token_.bytes();
  if (!protocol::ReadsAsText(told.subspan(claims_))) told = told.first(claims_);
  Splice(told);  // what of it stays unread was read as the token it is
  token_.Clear();
}

void EmbeddedValues::Out(Bytes text) noexcept {
  if (text.empty()) return;
  if (outer_ != nullptr) return outer_->Out(text);
  if (leaf_ == nullptr) leaf_ = declared_text_ ? OpenText(*body_, {}, name_) : OpenLeaf(*body_, name_);
  owed_ += leaf_->Feed(text);
}

void EmbeddedValues::EndText(protocol::BodyEnd end) noexcept {
  if (outer_ != nullptr) return outer_->EndText(end);
  if (leaf_ == nullptr) return;
  leaf_->End(end);
  leaf_.reset();
}

}  // namespace gander::content
