// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf_stream_content.h"

#include <algorithm>
#include <cstring>

#include "content/decoder_pool.h"
#include "content/open.h"

namespace gander::content {
namespace {

// What reading a byte's words costs, against decompressing it (Body::MayOutput): an estimate, from 16 ns seen on a busy
// machine; that of decompressing was not measured beside it.
constexpr std::uint64_t kWordCost = 2;

bool IsCMap(std::string_view prefix) noexcept {
  return prefix.find("begincmap") != std::string_view::npos || prefix.starts_with("/CIDInit") ||
         prefix.starts_with("%!PS-Adobe-3.0 Resource-CMap");
}

}  // namespace

void PdfStreamContent::Open(Body& body, PdfPageText& text, PdfObjectReader& objects,
                            PdfFileNames& names) noexcept {
  body_ = &body;
  text_ = &text;
  objects_ = &objects;
  names_ = &names;
}

void PdfStreamContent::Begin(const PdfStreamFacts& facts, bool decoded,
                             std::string_view outer_name) noexcept {
  number_ = facts.number;
  outer_name_ = outer_name;
  bytes_ = 0;
  uninspected_ = {};
  held_ = 0;
  lexer_.Begin();
  kind_ = Kind::kUnknown;
  if (facts.type == PdfName::kEmbeddedFile) {
    EntityMeta meta;
    meta.name = names_->Of(facts.number);
    meta.is_file = true;
    OpenMember(OpenEntity(*body_, meta));
  } else if (!decoded) {
    OpenMember(OpenLeaf(*body_, outer_name));
  } else if (facts.type == PdfName::kObjStm) {
    kind_ = Kind::kObjects;
    index_.Begin(body_->pool->memory, kMaxObjects);
    first_ = facts.first;
    expected_ = facts.objects;
    current_ = 0;
    half_place_ = in_objects_ = false;
  } else if (facts.type == PdfName::kXRef) {
    kind_ = Kind::kIgnored;
  } else if (facts.type == PdfName::kMetadata) {
    OpenMember(OpenEntity(*body_, {.content_type = {}, .name = outer_name, .is_file = false}));
  } else if (facts.subtype == PdfName::kForm) {
    kind_ = Kind::kContent;
    content_.Begin(*text_, body_->pool->memory, number_);
  }
}

void PdfStreamContent::OpenMember(LayerPtr member) noexcept {
  text_->Close();
  member_ = std::move(member);
  kind_ = Kind::kMember;
}

Uninspected PdfStreamContent::Feed(Bytes in) noexcept {
  bytes_ += in.size();
  Uninspected total;
  if (kind_ == Kind::kUnknown) {
    const Bytes more = TakeFront(in, kLookBytes - held_);
    std::memcpy(hold_.data() + held_, more.data(), more.size());
    held_ += more.size();
    if (held_ < kLookBytes) return {};
    Settle();
    total = Take({hold_.data(), held_});
  }
  if (!in.empty()) total += Take(in);
  uninspected_ += total;
  return total;
}

// Nobody says what the stream is: its first bytes do.
void PdfStreamContent::Settle() noexcept {
  const Bytes prefix(hold_.data(), held_);
  if (IsCMap(AsText(prefix))) {
    kind_ = Kind::kCMap;
    cmap_.Begin(text_->fonts(), number_);
  } else if (PdfContentReader::Recognise(prefix)) {
    kind_ = Kind::kContent;
    content_.Begin(*text_, body_->pool->memory, number_);
  } else {
    OpenMember(OpenEntity(*body_, {.content_type = {}, .name = outer_name_, .is_file = false}));
  }
}

Uninspected PdfStreamContent::Take(Bytes in) noexcept {
  switch (kind_) {
    case Kind::kUnknown:
    case Kind::kIgnored:
      return {};
    case Kind::kMember:
      return member_->Feed(in);
    case Kind::kContent:
    case Kind::kCMap:
      TakeWords(in);
      return {};
    case Kind::kObjects:
      TakeObjects(in);
      return {};
  }
  return {};
}

void PdfStreamContent::TakeWords(Bytes in) noexcept {
  body_->Spend(kWordCost * in.size());
  while (!in.empty()) {
    if (kind_ == Kind::kContent) content_.SkipImage(in);
    if (lexer_.Next(in)) TakeWord();
  }
}

void PdfStreamContent::TakeWord() noexcept {
  switch (kind_) {
    case Kind::kContent:
      return content_.Take(lexer_);
    case Kind::kCMap:
      return cmap_.Take(lexer_);
    default:
      if (!objects_->Take(lexer_)) Foreign();
      return;
  }
}

// What no object has: text that somebody put there.
void PdfStreamContent::Foreign() noexcept {
  text_->BeginObject(0);
  text_->Text(lexer_.text());
  text_->EndObject();
}

// 7.5.7: numbers and places of the objects, then the objects.
void PdfStreamContent::TakeObjects(Bytes in) noexcept {
  body_->Spend(kWordCost * in.size());
  std::uint64_t at = bytes_ - in.size();
  while (!in.empty()) {
    if (at < first_) {
      const Bytes some = TakeFront(in, static_cast<std::size_t>(first_ - at));
      at += some.size();
      TakeIndex(some);
      continue;
    }
    if (!in_objects_) {
      TakeIndex(AsBytes(" "));  // ends the last number
      lexer_.Begin();
      in_objects_ = true;
      objects_->Begin(index_.empty() ? 0 : index_[0].object);
    }
    std::uint64_t end = at + in.size();
    if (current_ + 1 < index_.size()) end = std::uint64_t{first_} + index_[current_ + 1].offset;
    if (end <= at) {
      NextObject();
      continue;
    }
    Bytes some = TakeFront(in, static_cast<std::size_t>(std::min<std::uint64_t>(end - at, in.size())));
    at += some.size();
    while (!some.empty()) {
      if (lexer_.Next(some)) TakeWord();
    }
  }
}

void PdfStreamContent::TakeIndex(Bytes in) noexcept {
  while (!in.empty()) {
    if (!lexer_.Next(in)) continue;
    const std::int64_t n = lexer_.integer();
    if (lexer_.kind() != PdfLexer::Kind::kNumber || n < 0 || n > 0xffffffff) continue;
    const auto value = static_cast<std::uint32_t>(n);
    if (half_place_) {
      index_.back().offset = value;
      half_place_ = false;
    } else if (index_.size() < expected_) {
      half_place_ = index_.Add({value, 0});
    }
  }
}

void PdfStreamContent::NextObject() noexcept {
  if (lexer_.Finish()) TakeWord();
  lexer_.Begin();
  objects_->End();
  ++current_;
  objects_->Begin(index_[current_].object);
}

void PdfStreamContent::End(protocol::BodyEnd end) noexcept {
  if (kind_ == Kind::kUnknown && held_ > 0) {
    Settle();
    uninspected_ += Take({hold_.data(), held_});
  }
  if (kind_ != Kind::kMember && kind_ != Kind::kIgnored && lexer_.Finish()) TakeWord();
  if (kind_ == Kind::kContent) content_.End();
  if (kind_ == Kind::kCMap) cmap_.End();
  if (kind_ == Kind::kObjects) {
    if (in_objects_) objects_->End();
    index_.Release();
  }
  if (member_ != nullptr) member_->End(end);
  member_.reset();
  kind_ = Kind::kIgnored;
}

}  // namespace gander::content
