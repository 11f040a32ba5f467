// SPDX-License-Identifier: Apache-2.0
// Files written into a text: uuencode, yEnc, base64 behind a "begin-base64" line or between lines of dashes; and a text
// that is one block of base64. Stands before the text's own layers. Text in front of a file, between files and behind
// them stays text, the line that announces a file included; each file is an entity of its own.
//
// An announcement alone is no file: uuencode and base64 need a sound line behind it, what stands in a block of base64
// must read as text or begin with a known magic number (yEnc's line says enough). Anything else is handed on as it
// stands.
#ifndef GANDER_CONTENT_ENCODED_FILES_H_
#define GANDER_CONTENT_ENCODED_FILES_H_

#include <array>
#include <string>

#include "content/layer.h"
#include "content/mail/base64_block.h"
#include "content/mail/line_mark.h"
#include "content/mail/uuencode.h"
#include "content/mail/yenc.h"
#include "content/owed.h"

namespace gander::content {

// What is at work only while there is a file, or a line that may announce one; of the pool.
struct EncodedFileWork {
  // An announcement and the line behind it, or the begin of a block.
  static constexpr std::size_t kMaxHeld = 1024;

  std::array<std::byte, kMaxHeld> hold;
  std::size_t held = 0;
  std::size_t announced = 0;  // bytes of the announcement, its end included
  FileCoding coding = FileCoding::kUuencode;
  UuDecoder uu;
  YencDecoder yenc;
  Base64Block base64;
  std::string name;
  std::uint64_t coded = 0, decoded = 0;  // bytes of the file at hand
  Uninspected within, told;              // of it, decoded; coded, and told of
  std::size_t path_before = 0;
};

class EncodedFiles final : public Layer {
 public:
  // `text`: what takes the text up to the first file; null = opened when there is some. `block`: the text begins like a
  // block of base64.
  void Open(Body& body, const EntityMeta& meta, bool block, LayerPtr text) noexcept;
  // For a part that is declared to be a file so encoded: `file` takes what is decoded. Without an announcement on top
  // it takes all, as it stands.
  void OpenDeclared(Body& body, LayerPtr file) noexcept;

  Uninspected Feed(Bytes in) noexcept override;
  void End(protocol::BodyEnd end) noexcept override;
  void GiveBack() noexcept override;

 private:
  enum class State : std::uint8_t {
    kText,
    kAnnouncement,  // gathering a line that may be one
    kFirstLine,     // gathering the one behind it
    kBlock,         // gathering the begin of a block of base64
    kFile,
    kPlain,         // no file as declared: `declared_` takes all
  };

  void Begin(Body& body, State state) noexcept;
  void Run(Bytes in) noexcept;
  void ReadText(Bytes& in) noexcept;
  bool GatherLine(Bytes& in) noexcept;
  void AnnouncementRead() noexcept;
  void FirstLineRead() noexcept;
  void GatherBlock(Bytes& in) noexcept;
  void JudgeBlock() noexcept;
  Bytes BlockHeld() const noexcept;
  void NoFile() noexcept;
  void ReadAgain(std::size_t from) noexcept;
  bool OpenFile() noexcept;
  void DecodeFile(Bytes& in) noexcept;
  std::size_t Decode(Bytes& in, std::span<std::byte> out) noexcept;
  void FeedFile(Bytes decoded) noexcept;
  bool FileOver() const noexcept;
  void CloseFile(protocol::BodyEnd end) noexcept;
  Bytes HeldBytesOf(std::size_t from) const noexcept { return Bytes(work_->hold).subspan(from, work_->held - from); }
  void Text(Bytes bytes) noexcept;
  void EndText() noexcept;
  void EndState(protocol::BodyEnd end) noexcept;

  // What each piece of a text needs stands first.
  Body* body_ = nullptr;
  LayerPtr text_;
  State state_ = State::kText;
  bool line_start_ = true;
  Owed owed_;
  EncodedFileWork* work_ = nullptr;  // of the pool
  LayerPtr file_;
  LayerPtr declared_;  // until the file that it takes begins
  bool damage_told_ = false;
  EntityMeta meta_;
};

// The layer before `text`, which takes the text and may be null. `prefix`: the first bytes.
LayerPtr OpenEncodedFiles(Body& body, const EntityMeta& meta, Bytes prefix, LayerPtr text) noexcept;
// Whether a transfer encoding of this name is one of them.
bool NamesEncodedFile(std::string_view transfer_encoding) noexcept;
// As EncodedFiles::OpenDeclared().
LayerPtr OpenDeclaredFile(Body& body, LayerPtr file) noexcept;
// Whether a file begins with the first byte, so that what follows need not read as text.
bool BeginsEncodedFile(Bytes prefix) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_ENCODED_FILES_H_
