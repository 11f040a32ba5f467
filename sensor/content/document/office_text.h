// SPDX-License-Identifier: Apache-2.0
// The text of an office document: XML of one of its parts in, paragraphs as lines, tables as rows of cells out. Word
// processors cut a number in two where one digit was corrected; here it is whole again.
#ifndef GANDER_CONTENT_OFFICE_TEXT_H_
#define GANDER_CONTENT_OFFICE_TEXT_H_

#include <span>
#include <string_view>

#include "content/document/office_names.h"
#include "content/document/shared_strings.h"
#include "content/document/xml_tokens.h"
#include "content/layer.h"

namespace gander::content {

class OfficeText final : public Layer, private XmlHandler {
 public:
  // So much stands aside until the paragraph is over: deleted text, where links lead.
  static constexpr std::size_t kMaxAsides = 4096;
  static constexpr std::size_t kMaxTabs = 256;  // between two cells

  // `strings`: of the whole document.
  void Open(Body& body, SharedStrings& strings, std::string_view name) noexcept;
  Uninspected Feed(Bytes in) noexcept override;
  void End(protocol::BodyEnd end) noexcept override;
  void GiveBack() noexcept override;

  // What is left of a document whose parts are all read: rows that waited in vain, strings nobody asked for.
  static void TellRest(Body& body, SharedStrings& strings, std::string_view name) noexcept;

 private:
  enum class Target : std::uint8_t { kOut, kRows, kString };

  void OnText(std::string_view piece) noexcept override;
  void OnOpen(std::string_view element) noexcept override;
  bool WantsAttribute(std::string_view name) noexcept override;
  void OnAttribute(std::string_view name, std::string_view piece, bool last) noexcept override;
  void OnClose(std::string_view element) noexcept override;
  void OnAside(std::string_view piece) noexcept override;

  void BeginPart(std::string_view root) noexcept;
  void CellAttribute(std::string_view name, std::string_view value) noexcept;
  void OpenCell() noexcept;
  void CloseCell() noexcept;
  void CloseFormula() noexcept;
  void CloseString() noexcept;
  void CloseValue() noexcept;
  void Line() noexcept;
  void Words(std::string_view piece) noexcept;
  void Separate() noexcept;
  void Resolve(std::uint64_t number) noexcept;
  void TellRows() noexcept;
  void Aside(std::string_view piece) noexcept;
  void EndAside() noexcept;
  void TellAsides() noexcept;
  void Put(std::string_view piece) noexcept;
  void TooLarge() noexcept;
  void PutOut(std::string_view piece) noexcept;
  void Flush() noexcept;
  bool within() const noexcept { return inline_ > 0 || rows_ > 0; }

  Body* body_ = nullptr;
  SharedStrings* strings_ = nullptr;
  LayerPtr inner_;
  XmlTokens tokens_;
  std::span<std::byte> out_;  // of the pool, while in a call
  std::size_t out_size_ = 0;
  std::size_t buffer_ = 0;

  OfficePart part_ = OfficePart::kOoxml;
  Target target_ = Target::kOut;
  bool begun_ = false;     // the root element was seen
  OfficeMark mark_ = OfficeMark::kOther;  // of the element opened last
  std::string_view told_;  // its attribute that is told
  // Elements open, of each kind.
  std::uint32_t inline_ = 0, runs_ = 0, texts_ = 0, asides_open_ = 0, cells_ = 0, rows_ = 0, phonetic_ = 0;

  bool blank_ = true;        // since the last tag, only blanks
  bool written_ = false;     // anything, ever
  bool aside_open_ = false;  // the last line is an aside
  char pending_ = '\0';      // to be written before the next word
  // The row at hand.
  bool fresh_cell_ = false, row_written_ = false;
  std::uint32_t column_ = 0, written_column_ = 0, repeat_ = 1;
  // The value at hand, if it is a string's number.
  bool shared_ = false, in_value_ = false;
  std::uint64_t number_ = 0;

  HeldBytes asides_;
  std::size_t aside_start_ = 0;  // of the one at hand
};

// A layer for a part of a document.
LayerPtr OpenOfficePart(Body& body, SharedStrings& strings, std::string_view name) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_OFFICE_TEXT_H_
