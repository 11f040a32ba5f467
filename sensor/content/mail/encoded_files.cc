// SPDX-License-Identifier: Apache-2.0
#include "content/mail/encoded_files.h"

#include <algorithm>
#include <cstring>

#include "content/archive/member_name.h"
#include "content/decoder_pool.h"
#include "content/notation/base64_run.h"
#include "content/open.h"
#include "protocol/mime/header_value.h"

namespace gander::content {
namespace {

constexpr std::size_t kDecodedStep = 2048;

std::string_view WithoutEnd(std::string_view line) noexcept {
  if (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

bool IsBase64Line(std::string_view line) noexcept {
  const std::size_t end = line.find_last_not_of('=');
  if (end == std::string_view::npos || end + 1 < kMinBase64 / 4) return false;
  return std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(end) + 1,
                     [](char c) { return IsBase64(static_cast<std::byte>(c)); });
}

std::string_view SegmentOf(FileCoding coding) noexcept {
  switch (coding) {
    case FileCoding::kUuencode:
      return "uuencode";
    case FileCoding::kYenc:
      return "yenc";
    case FileCoding::kBase64:
    case FileCoding::kPem:
      break;
  }
  return "base64";
}

}  // namespace

void EncodedFiles::Begin(Body& body, State state) noexcept {
  body_ = &body;
  state_ = state;
  line_start_ = true;
  damage_told_ = false;
  owed_.Clear();
}

void EncodedFiles::Open(Body& body, const EntityMeta& meta, bool block, LayerPtr text) noexcept {
  Begin(body, block ? State::kBlock : State::kText);
  meta_ = meta;
  text_ = std::move(text);
  if (!block) return;
  work_ = body.pool->Take<EncodedFileWork>();
  work_->held = work_->announced = 0;
}

void EncodedFiles::OpenDeclared(Body& body, LayerPtr file) noexcept {
  Begin(body, State::kText);
  meta_ = {};
  declared_ = std::move(file);
}

void EncodedFiles::GiveBack() noexcept {
  if (work_ != nullptr) body_->pool->Give(work_);
  work_ = nullptr;
  body_->pool->Give(this);
}

Uninspected EncodedFiles::Feed(Bytes in) noexcept {
  const std::size_t fed = in.size();
  Run(in);
  return owed_.Tell(fed);
}

void EncodedFiles::Run(Bytes in) noexcept {
  while (!in.empty()) {
    switch (state_) {
      case State::kText:
        ReadText(in);
        break;
      case State::kAnnouncement:
        if (GatherLine(in)) AnnouncementRead();
        break;
      case State::kFirstLine:
        if (GatherLine(in)) FirstLineRead();
        break;
      case State::kBlock:
        GatherBlock(in);
        break;
      case State::kFile:
        DecodeFile(in);
        break;
      case State::kPlain:
        owed_ += declared_->Feed(in);
        return;
    }
  }
}

void EncodedFiles::ReadText(Bytes& in) noexcept {
  const std::size_t at = FindAnnouncement(in, line_start_);
  const Bytes text = TakeFront(in, at);
  if (!text.empty()) {
    line_start_ = text.back() == std::byte{'\n'};
    Text(text);
  }
  if (in.empty() || state_ != State::kText) return;
  if (work_ == nullptr) work_ = body_->pool->Take<EncodedFileWork>();
  work_->held = work_->announced = 0;
  state_ = State::kAnnouncement;
}

// True when the line is whole, or longer than any that counts.
bool EncodedFiles::GatherLine(Bytes& in) noexcept {
  const std::size_t line_end = AsText(in).find('\n');
  const std::size_t length = line_end == std::string_view::npos ? in.size() : line_end + 1;
  const Bytes more = TakeFront(in, std::min(length, EncodedFileWork::kMaxHeld - work_->held));
  std::memcpy(work_->hold.data() + work_->held, more.data(), more.size());
  work_->held += more.size();
  if (work_->hold[work_->held - 1] == std::byte{'\n'} || work_->held == EncodedFileWork::kMaxHeld) return true;
  return state_ == State::kAnnouncement && !MayAnnounceFile(AsText(HeldBytesOf(0)));
}

void EncodedFiles::AnnouncementRead() noexcept {
  const std::string_view line = AsText(HeldBytesOf(0));
  const std::optional<Announcement> found = ReadAnnouncement(WithoutEnd(line));
  if (!found.has_value() || !line.ends_with('\n')) return NoFile();
  work_->announced = work_->held;
  work_->coding = found->coding;
  AssignMemberName(found->name, work_->name);
  if (found->coded_name) {
    protocol::mime::Base64Decoder decoder;
    std::array<std::byte, EncodedFileWork::kMaxHeld> decoded;
    Bytes coded = AsBytes(found->name);
    std::size_t size = decoder.Decode(coded, decoded);
    size += decoder.Finish(std::span(decoded).subspan(size));
    AssignMemberName(AsText(Bytes(decoded.data(), size)), work_->name);
  }
  switch (work_->coding) {
    case FileCoding::kUuencode:
    case FileCoding::kBase64:
      state_ = State::kFirstLine;
      break;
    case FileCoding::kPem:
      state_ = State::kBlock;
      break;
    case FileCoding::kYenc:
      work_->yenc.Begin(found->yenc);
      if (!OpenFile()) NoFile();
      break;
  }
}

void EncodedFiles::FirstLineRead() noexcept {
  const std::string_view line = WithoutEnd(AsText(HeldBytesOf(work_->announced)));
  std::array<std::byte, kMaxUuBytes> decoded;
  std::size_t size = 0;
  bool sound = false;
  if (work_->coding == FileCoding::kUuencode) {
    sound = DecodeUuLine(line, decoded, size) == UuLine::kData;
    work_->uu.Begin();
  } else {
    sound = IsBase64Line(line);
    work_->base64.Begin(Base64Block::Kind::kBegun);
  }
  const std::size_t announced = work_->announced;
  if (!sound || !OpenFile()) {
    state_ = State::kText;
    Text(Bytes(work_->hold).first(announced));
  }
  ReadAgain(announced);
}

// What was held from `from` on is read as what comes next.
void EncodedFiles::ReadAgain(std::size_t from) noexcept {
  std::array<std::byte, EncodedFileWork::kMaxHeld> copy;
  const Bytes held = HeldBytesOf(from);
  std::memcpy(copy.data(), held.data(), held.size());
  line_start_ = true;
  Run(Bytes(copy.data(), held.size()));
}

void EncodedFiles::GatherBlock(Bytes& in) noexcept {
  const Bytes more = TakeFront(in, EncodedFileWork::kMaxHeld - work_->held);
  std::memcpy(work_->hold.data() + work_->held, more.data(), more.size());
  work_->held += more.size();
  if (work_->held == EncodedFileWork::kMaxHeld) JudgeBlock();
}

// Of what is held, the block: behind the announcement, and the fields that may stand there up to an empty line (RFC
// 1421 §4.4).
Bytes EncodedFiles::BlockHeld() const noexcept {
  Bytes block = HeldBytesOf(work_->announced);
  if (work_->announced == 0) return block;
  const std::string_view text = AsText(block);
  const std::size_t first_line_end = text.find('\n');
  if (text.substr(0, first_line_end).find(':') == std::string_view::npos) return block;
  for (const std::string_view empty_line : {"\n\n", "\n\r\n"}) {
    const std::size_t at = text.find(empty_line);
    if (at != std::string_view::npos) return block.subspan(at + empty_line.size());
  }
  return {};
}

void EncodedFiles::JudgeBlock() noexcept {
  const Bytes block = BlockHeld();
  work_->base64.Begin(work_->announced == 0 ? Base64Block::Kind::kBare : Base64Block::Kind::kPem);
  // How far it reaches; what is decoded does not matter here.
  std::array<std::byte, EncodedFileWork::kMaxHeld> decoded;
  Bytes behind = block;
  Base64Block extent = work_->base64;
  extent.Decode(behind, decoded);
  const Bytes value = block.first(block.size() - behind.size());
  std::size_t size = 0;
  const bool readable = value.size() >= kMinBase64 && HasBothCases(value, {0, value.size()}) &&
                        JudgeBase64(value, decoded, size) != Base64Verdict::kNone;
  work_->coding = FileCoding::kPem;
  work_->name.assign(meta_.name);
  const std::size_t before = work_->held - block.size();
  work_->announced = before;
  if (!readable || !OpenFile()) {
    if (work_->announced == 0) return NoFile();
    // Other files may begin in it.
    state_ = State::kText;
    Text(Bytes(work_->hold).first(before));
  }
  ReadAgain(before);
}

// What is held is text.
void EncodedFiles::NoFile() noexcept {
  state_ = State::kText;
  const Bytes held = HeldBytesOf(0);
  line_start_ = !held.empty() && held.back() == std::byte{'\n'};
  Text(held);
}

// False when a cap forbids it.
bool EncodedFiles::OpenFile() noexcept {
  if (!body_->MayBeginPart() || !body_->MayNest()) return false;
  EncodedFileWork& w = *work_;
  Text(Bytes(w.hold).first(w.announced));
  EndText();
  w.path_before = body_->path.Push(SegmentOf(w.coding));
  w.coded = w.decoded = 0;
  w.within = w.told = {};
  EntityMeta inside;
  inside.name = w.name;
  // A block has no name of its own: it is the file it stands in.
  inside.is_file = inside.keep = w.coding != FileCoding::kPem;
  file_ = declared_ != nullptr ? std::move(declared_) : OpenEntity(*body_, inside);
  ++body_->counters->encoded_files;
  state_ = State::kFile;
  return true;
}

std::size_t EncodedFiles::Decode(Bytes& in, std::span<std::byte> out) noexcept {
  switch (work_->coding) {
    case FileCoding::kUuencode:
      return work_->uu.Decode(in, out);
    case FileCoding::kYenc:
      return work_->yenc.Decode(in, out);
    case FileCoding::kBase64:
    case FileCoding::kPem:
      break;
  }
  return work_->base64.Decode(in, out);
}

bool EncodedFiles::FileOver() const noexcept {
  switch (work_->coding) {
    case FileCoding::kUuencode:
      return work_->uu.over();
    case FileCoding::kYenc:
      return work_->yenc.over();
    case FileCoding::kBase64:
    case FileCoding::kPem:
      break;
  }
  return work_->base64.over();
}

void EncodedFiles::DecodeFile(Bytes& in) noexcept {
  std::array<std::byte, kDecodedStep> out;
  while (!in.empty() && !FileOver()) {
    const std::size_t before = in.size();
    const std::size_t n = Decode(in, out);
    work_->coded += before - in.size();
    FeedFile(Bytes(out.data(), n));
  }
  if (FileOver()) CloseFile(protocol::BodyEnd::kComplete);
}

// Shares are told of all there was so far: of a line at a time they would be rounded away.
void EncodedFiles::FeedFile(Bytes decoded) noexcept {
  if (decoded.empty()) return;
  EncodedFileWork& w = *work_;
  w.decoded += decoded.size();
  w.within += file_->Feed(decoded);
  const Uninspected all = w.within.Scaled(w.decoded, w.coded);
  // How many bytes a decoded one stands for varies from line to line: what was told once stays told.
  Uninspected more;
  more.opaque = all.opaque - std::min(all.opaque, w.told.opaque);
  more.undecodable = all.undecodable - std::min(all.undecodable, w.told.undecodable);
  more.locked = all.locked - std::min(all.locked, w.told.locked);
  more.lost = all.lost - std::min(all.lost, w.told.lost);
  owed_ += more;
  w.told += more;
}

// `end`: of the text, should the file not be over.
void EncodedFiles::CloseFile(protocol::BodyEnd end) noexcept {
  EncodedFileWork& w = *work_;
  std::array<std::byte, kDecodedStep> out;
  bool sound = true, complete = true;
  Bytes rest;
  switch (w.coding) {
    case FileCoding::kUuencode:
      FeedFile(Bytes(out.data(), w.uu.Finish(out)));
      complete = w.uu.complete();
      sound = complete && !w.uu.damaged();
      owed_ += {.undecodable = w.uu.TakeSkipped()};
      rest = w.uu.rest();
      break;
    case FileCoding::kYenc:
      FeedFile(Bytes(out.data(), w.yenc.Finish(out)));
      complete = w.yenc.complete();
      sound = !w.yenc.damaged();
      rest = w.yenc.rest();
      break;
    case FileCoding::kBase64:
    case FileCoding::kPem:
      FeedFile(Bytes(out.data(), w.base64.Finish(out)));
      complete = w.base64.complete() || w.announced == 0;
      sound = complete;
      break;
  }
  if (!sound && !damage_told_ && end == protocol::BodyEnd::kComplete) {
    body_->sink->OnAnomaly("encoded_file_damaged");
    damage_told_ = true;
  }
  if (end == protocol::BodyEnd::kComplete && !complete) end = protocol::BodyEnd::kTruncated;
  file_->End(end);
  file_.reset();
  owed_ += body_->TakeLate(w.decoded, w.coded);
  body_->path.Pop(w.path_before);
  --body_->depth;
  state_ = State::kText;
  line_start_ = true;
  if (rest.empty()) return;
  std::memcpy(w.hold.data(), rest.data(), rest.size());
  w.held = rest.size();
  ReadAgain(0);
}

void EncodedFiles::Text(Bytes bytes) noexcept {
  if (bytes.empty()) return;
  if (declared_ != nullptr && state_ == State::kText) {
    bytes = bytes.subspan(std::min(AsText(bytes).find_first_not_of(" \t\r\n"), bytes.size()));
    if (bytes.empty()) return;
    body_->sink->OnAnomaly("mime_invalid_encoding");
    state_ = State::kPlain;
    owed_ += declared_->Feed(bytes);
    return;
  }
  if (text_ == nullptr) text_ = OpenLeaf(*body_, meta_.name, meta_.content_type);
  owed_ += text_->Feed(bytes);
}

void EncodedFiles::EndText() noexcept {
  if (text_ == nullptr) return;
  text_->End(protocol::BodyEnd::kComplete);
  text_.reset();
  owed_ += body_->TakeLate();
}

void EncodedFiles::End(protocol::BodyEnd end) noexcept {
  while (state_ != State::kText && state_ != State::kPlain) EndState(end);
  if (text_ != nullptr) text_->End(end);
  text_.reset();
  if (declared_ != nullptr) declared_->End(end);
  declared_.reset();
  body_->late += owed_.Tell(UINT64_MAX);
}

// Nothing follows what is held: each step leaves less of it.
void EncodedFiles::EndState(protocol::BodyEnd end) noexcept {
  switch (state_) {
    case State::kAnnouncement:
      NoFile();
      break;
    case State::kFirstLine:
      FirstLineRead();
      break;
    case State::kBlock:
      JudgeBlock();
      break;
    case State::kFile:
      CloseFile(end);
      break;
    case State::kText:
    case State::kPlain:
      break;
  }
}

bool BeginsEncodedFile(Bytes prefix) noexcept {
  const std::string_view text = AsText(prefix);
  const std::size_t line_end = text.find('\n');
  return line_end != std::string_view::npos && MayAnnounceFile(text) &&
         ReadAnnouncement(WithoutEnd(text.substr(0, line_end + 1))).has_value();
}

bool NamesEncodedFile(std::string_view transfer_encoding) noexcept {
  constexpr std::string_view kNames[] = {"x-uuencode", "x-uue",     "uuencode", "x-uu",
                                         "uue",        "x-yencode", "yencode",  "x-yenc"};
  return std::any_of(std::begin(kNames), std::end(kNames), [&](std::string_view name) {
    return protocol::mime::EqualsIgnoreCase(name, transfer_encoding);
  });
}

LayerPtr OpenDeclaredFile(Body& body, LayerPtr file) noexcept {
  EncodedFiles* const layer = body.pool->Take<EncodedFiles>();
  layer->OpenDeclared(body, std::move(file));
  return LayerPtr(layer);
}

LayerPtr OpenEncodedFiles(Body& body, const EntityMeta& meta, Bytes prefix, LayerPtr text) noexcept {
  EncodedFiles* const layer = body.pool->Take<EncodedFiles>();
  layer->Open(body, meta, BeginsBase64Block(prefix), std::move(text));
  return LayerPtr(layer);
}

}  // namespace gander::content
