// SPDX-License-Identifier: Apache-2.0
#include "content/document/pdf.h"

namespace gander::content {
namespace {

// What an object costs beside its bytes (BurstBudget).
constexpr std::uint64_t kObjectWork = 64;

}  // namespace

void PdfLayer::GiveBack() noexcept { body().pool->Give(this); }

void PdfLayer::Begin() noexcept {
  state_ = State::kOutside;
  encrypted_ = false;
  size_ = 0;
  pages_.Begin(body(), meta().name);
  names_.Begin();
  outside_.Begin(body(), pages_, meta().name);
  objects_.Open(pages_, names_);
  stream_.Open(body(), pages_, objects_, names_);
}

Uninspected PdfLayer::Read(Bytes in) noexcept {
  Uninspected total;
  size_ += in.size();
  while (!in.empty()) {
    switch (state_) {
      case State::kOutside:
        Enter(outside_.Read(in, total));
        break;
      case State::kObject:
        ReadObject(in, total);
        break;
      case State::kLineEnd:
        // 7.3.8.1: CR LF or LF; a lone CR is met with.
        state_ = Octets(in)[0] == '\r' ? State::kLineFeed : State::kStream;
        if (Octets(in)[0] == '\r' || Octets(in)[0] == '\n') in = in.subspan(1);
        break;
      case State::kLineFeed:
        state_ = State::kStream;
        if (Octets(in)[0] == '\n') in = in.subspan(1);
        break;
      case State::kStream:
        ReadStream(in, total);
        break;
    }
  }
  return total;
}

void PdfLayer::Enter(PdfOutside::Found found) noexcept {
  if (found == PdfOutside::Found::kNothing) {
    state_ = State::kOutside;
    return;
  }
  outside_.Close();
  body().Spend(kObjectWork);
  state_ = State::kObject;
  numbers_[0] = numbers_[1] = -1;
  lexer_.Begin();
  objects_.Begin(found == PdfOutside::Found::kObject ? outside_.object() : 0);
}

void PdfLayer::ReadObject(Bytes& in, Uninspected& total) noexcept {
  while (!in.empty()) {
    if (!lexer_.Next(in)) return;
    if (objects_.Take(lexer_)) {
      numbers_[0] = numbers_[1];
      numbers_[1] = lexer_.kind() == PdfLexer::Kind::kNumber ? lexer_.integer() : -1;
      continue;
    }
    const std::string_view word = lexer_.text();
    EndObject();
    if (word == "stream") {
      state_ = State::kLineEnd;
      BeginStream();
    } else {
      pages_.HandOn();
      Enter(outside_.Word(word, numbers_[0], numbers_[1], total));
    }
    return;
  }
}

void PdfLayer::EndObject() noexcept {
  objects_.End();
  const PdfStreamFacts& facts = objects_.facts();
  const bool trailer = facts.number == 0 || facts.type == PdfName::kXRef;
  encrypted_ = encrypted_ || (facts.encrypts && trailer);
}

void PdfLayer::BeginStream() noexcept { stream_.Begin(objects_.facts(), meta().name); }

void PdfLayer::ReadStream(Bytes& in, Uninspected& total) noexcept {
  Uninspected left;
  const bool ended = stream_.Read(in, left);
  if (encrypted_) left = {.locked = left.opaque + left.undecodable + left.locked, .lost = left.lost};
  total += left;
  if (!ended) return;
  state_ = State::kOutside;
  pages_.HandOn();
}

void PdfLayer::Finish(protocol::BodyEnd end) noexcept {
  Uninspected untold;
  if (state_ == State::kObject) objects_.End();
  if (stream_.open()) stream_.End(end, untold);
  outside_.Close();
  pages_.Finish();
  if (encrypted_) body().ReportLocked(meta().name, size_, "pdf");
  pages_.Release();
}

}  // namespace gander::content
