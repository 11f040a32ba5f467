// SPDX-License-Identifier: Apache-2.0
// What SevenZipLayer does when the header has come.
#include <algorithm>
#include <cstring>

#include "content/archive/archive_formats.h"
#include "content/archive/member_name.h"
#include "content/archive/seven_zip_layer.h"
#include "content/charset/utf8.h"
#include "content/open.h"

namespace gander::content {
namespace {

constexpr std::uint8_t kEncodedHeader = 0x17;
// LZMA2 in chunks that are not packed (xz's lzma2 format): a control byte, the size less one, and the bytes.
constexpr std::size_t kMaxChunk = 64 * 1024;

void AssignUtf16Name(Bytes utf16, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i + 1 < utf16.size() && out.size() < kMaxMemberName; i += 2) {
    const auto unit = [&](std::size_t at) {
      return static_cast<std::uint32_t>(Octets(utf16)[at] | Octets(utf16)[at + 1] << 8);
    };
    std::uint32_t c = unit(i);
    const bool pair = c >= 0xd800 && c < 0xdc00 && i + 3 < utf16.size() && unit(i + 2) >> 10 == 0xdc00 >> 10;
    if (pair) {
      c = 0x10000 + ((c & 0x3ff) << 10 | (unit(i + 2) & 0x3ff));
      i += 2;
    }
    if (c >= 0xd800 && c < 0xe000) c = 0xfffd;
    std::byte utf8[kMaxUtf8Bytes];
    out.append(AsText({utf8, PutUtf8(c, utf8)}));
  }
}

}  // namespace

void SevenZipLayer::ReadHeader() noexcept {
  if (kept_from_ == kNothingKept || header_end_ - header_at_ > kMaxHeader) {
    TellMemory();
    return ReadWithoutHeader();
  }
  Bytes header = kept_.bytes().subspan(static_cast<std::size_t>(header_at_ - kept_from_));
  if (!UnpackHeader(header)) return ReadWithoutHeader();
  if (!reader_.Read(header)) {
    TellDamaged();
    return ReadWithoutHeader();
  }
  if (DecodedIsAll()) {
    SplitDecoded();
  } else if (whole_ && !handed_on_) {
    ReadSevenZipWhole(body(), meta(), kept_.bytes(), cost_);
  } else {
    if (holds_decoded_) HandOnDecoded();
    CloseLeaf();
    ListFiles();
  }
}

// A header may be packed itself, in front of where it should stand. False when it cannot be had.
bool SevenZipLayer::UnpackHeader(Bytes& header) noexcept {
  if (Octets(header)[0] != kEncodedHeader) return true;
  SevenZipCursor in(header.subspan(1));
  SevenZipStreams streams;
  SevenZipFolder folder;
  if (!streams.Read(in) || !streams.NextFolder(folder)) {
    TellDamaged();
    return false;
  }
  if (folder.kind == SevenZipFolder::Kind::kLocked) {
    body().ReportLocked(meta().name, header_end_, kSegment);
    return false;
  }
  std::uint64_t from = 0;
  if (__builtin_add_overflow(streams.packed_at(), kStartBytes, &from) || from < kept_from_ || from > header_at_ ||
      folder.size > kMaxHeader) {
    TellMemory();
    return false;
  }
  Bytes packed = kept_.bytes().subspan(static_cast<std::size_t>(from - kept_from_));
  packed = packed.first(static_cast<std::size_t>(std::min<std::uint64_t>(streams.first_packed(), header_at_ - from)));
  if (DecodeHeader(folder, packed)) {
    header = unpacked_header_.bytes();
    return true;
  }
  TellDamaged();
  return false;
}

bool SevenZipLayer::DecodeHeader(const SevenZipFolder& folder, Bytes packed) noexcept {
  Memory& memory = body().pool->memory;
  RawLzma::Step step = RawLzma::Step::kCorrupt;
  if (folder.kind == SevenZipFolder::Kind::kLzma1) step = lzma_.StartLzma1(memory, folder.properties, folder.size);
  if (folder.kind == SevenZipFolder::Kind::kLzma2 && folder.filter == 0) {
    step = lzma_.StartLzma2(memory, static_cast<std::uint32_t>(std::max<std::uint64_t>(folder.size, kMinDictionary)));
  }
  unpacked_header_.Begin(memory, kMaxHeader);
  const std::span<std::byte> out = body().pool->Buffer(buffer_);
  while (step == RawLzma::Step::kMore && unpacked_header_.size() < folder.size) {
    const std::uint64_t wanted = folder.size - unpacked_header_.size();
    std::size_t produced = 0;
    const Bytes before = packed;
    step = lzma_.Decode(packed, out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), wanted))),
                        &produced);
    if (!unpacked_header_.Append(Bytes(out.data(), produced)) || !body().MayOutput(produced, kLzmaCost)) break;
    if (produced == 0 && packed.size() == before.size()) break;
  }
  lzma_.Release();
  return unpacked_header_.size() == folder.size && folder.size > 0;
}

// Whether what was decoded is all folders, one behind the other. Also finds what the slowest of them costs.
bool SevenZipLayer::DecodedIsAll() noexcept {
  std::uint64_t total = 0, folders = 0;
  bool good = all_decoded_ || lzma1_;
  while (reader_.NextFile(file_)) {
    if (!file_.begins_folder) continue;
    cost_ = std::max(cost_, reader_.folder().cost);
    good = good && WasDecoded(folders) && !__builtin_add_overflow(total, reader_.folder().size, &total);
    ++folders;
  }
  reader_.Restart();
  return good && holds_decoded_ && total > 0 && total <= decoded_.size();
}

// Whether the folder at hand, so many others being in front of it, is what its stream was taken for.
bool SevenZipLayer::WasDecoded(std::uint64_t before) const noexcept {
  const SevenZipFolder& folder = reader_.folder();
  if (!lzma1_) return folder.kind == SevenZipFolder::Kind::kLzma2 && all_decoded_;
  return folder.kind == SevenZipFolder::Kind::kLzma1 && before == 0 && !folder.properties.empty() &&
         folder.properties[0] == kUsualProperties[0];
}

void SevenZipLayer::SplitDecoded() noexcept {
  body().GrantAwaited(position_);
  Bytes rest = decoded_.bytes();
  while (NextMember()) {
    const SevenZipFolder folder = reader_.folder();
    const Bytes bytes = TakeFront(rest, static_cast<std::size_t>(folder.size));
    if (folder.filter == 0) {
      GiveMembers(bytes);
    } else {
      Refilter(folder, bytes);
    }
    EndMember();
  }
  WholeLeaf(rest);  // of files beyond the last that is told apart
}

// The next file that has any bytes. False behind the last one.
bool SevenZipLayer::NextMember() noexcept {
  EndMember();
  while (files_ < kMaxFiles && body().MayOutput(0) && reader_.NextFile(file_)) {
    ++files_;
    AssignUtf16Name(file_.name, name_);
    BeginMember(name_);
    left_ = file_.size;
    if (left_ == 0) continue;
    EntityMeta inside;
    inside.name = name_;
    inside.is_file = true;
    member_ = OpenEntity(body(), inside);
    return true;
  }
  return false;
}

void SevenZipLayer::EndMember() noexcept {
  if (member_ != nullptr) member_->End(left_ == 0 ? protocol::BodyEnd::kComplete : protocol::BodyEnd::kTruncated);
  member_.reset();
}

// Bytes of one folder, on from the member at hand.
void SevenZipLayer::GiveMembers(Bytes bytes) noexcept {
  while (!bytes.empty()) {
    if (left_ == 0 && !NextMember()) {
      Leaf(bytes);
      return;
    }
    const Bytes piece = TakeFront(bytes, static_cast<std::size_t>(std::min<std::uint64_t>(left_, kPieceBytes)));
    left_ -= piece.size();
    member_->Feed(piece);
  }
}

// Undoes what a filter did before LZMA2: the bytes are handed to liblzma again, as LZMA2 that is not packed.
void SevenZipLayer::Refilter(const SevenZipFolder& folder, Bytes bytes) noexcept {
  const RawLzma::Step step = lzma_.StartLzma2(body().pool->memory, kMinDictionary, folder.filter, folder.distance);
  if (step != RawLzma::Step::kMore) return GiveMembers(bytes);
  for (std::uint8_t control = 1; !bytes.empty(); control = 2) {
    const Bytes chunk = TakeFront(bytes, kMaxChunk);
    const std::size_t less = chunk.size() - 1;
    const std::uint8_t head[] = {control, static_cast<std::uint8_t>(less >> 8), static_cast<std::uint8_t>(less)};
    Drain(std::as_bytes(std::span(head)));
    Drain(chunk);
  }
  const std::uint8_t end[] = {0};
  Drain(std::as_bytes(std::span(end)));
  lzma_.Release();
}

void SevenZipLayer::Drain(Bytes in) noexcept {
  const std::span<std::byte> out = body().pool->Buffer(buffer_);
  for (;;) {
    std::size_t produced = 0;
    const RawLzma::Step step = lzma_.Decode(in, out, &produced);
    GiveMembers(Bytes(out.data(), produced));
    if (step != RawLzma::Step::kMore || (in.empty() && produced < out.size())) return;
  }
}

// What is in them was read without names, or could not be.
void SevenZipLayer::ListFiles() noexcept {
  std::uint64_t folders = 0;
  while (files_ < kMaxFiles && body().MayOutput(0) && reader_.NextFile(file_)) {
    ++files_;
    AssignUtf16Name(file_.name, name_);
    BeginMember(name_);
    if (!file_.has_data) continue;
    if (file_.begins_folder) ++folders;
    if (reader_.folder().kind == SevenZipFolder::Kind::kLocked) {
      body().ReportLocked(name_, file_.size, kSegment);
    } else if (handed_on_ && WasDecoded(folders - 1)) {
      body().ReportListed(name_, file_.size, {});
    } else {
      body().ReportUndecodable(name_, file_.size, {});
    }
  }
}

void SevenZipLayer::ReadWithoutHeader() noexcept {
  const bool as_it_stands = whole_ && (decoded_.empty() || !all_decoded_);
  if (holds_decoded_) HandOnDecoded();
  CloseLeaf();
  if (as_it_stands) WholeLeaf(kept_.bytes());
}

}  // namespace gander::content
