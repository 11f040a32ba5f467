// SPDX-License-Identifier: Apache-2.0
// TNEF ([MS-OXTNEF]), Outlook's "winmail.dat": a message's attributes one behind the other. Attachments are files of
// their own, subject, body, names and addresses are texts, the formatted body is unpacked.
//
// The long name of an attachment stands behind its bytes: the file stays open until it is known.
#ifndef GANDER_CONTENT_TNEF_H_
#define GANDER_CONTENT_TNEF_H_

#include <array>
#include <string>

#include "content/archive/archive_layer.h"
#include "content/entity.h"
#include "content/mail/header_words.h"
#include "content/mail/mapi_properties.h"

namespace gander::content {

class Tnef final : public ArchiveLayer, private MapiSink {
 public:
  static constexpr std::string_view kSegment = "tnef";
  static constexpr std::size_t kMaxShort = 1024;  // of a text that is told as one piece; a longer one is an entity
  static constexpr std::size_t kMaxProperties = 64 << 10;  // of an attachment whose name is looked for

  void GiveBack() noexcept override;

 protected:
  void Begin() noexcept override;
  Uninspected Read(Bytes in) noexcept override;
  void Finish(protocol::BodyEnd end) noexcept override;

 private:
  enum class At : std::uint8_t { kHead, kAttribute, kData, kChecksum, kLost };
  // What becomes of the bytes of an attribute, or of a value.
  enum class As : std::uint8_t { kNothing, kShort, kInner, kFile, kProperties, kHeldProperties, kLeaf };

  void AttributeRead() noexcept;
  void AttributeBegins(std::uint32_t id, std::uint32_t bytes) noexcept;
  Uninspected Data(Bytes bytes) noexcept;
  Uninspected DataRead() noexcept;
  Uninspected ChecksumRead() noexcept;

  void BeginText(std::string_view name, std::uint32_t bytes, bool wide) noexcept;
  Uninspected TextBytes(Bytes bytes) noexcept;
  void EndText() noexcept;
  void TellShort() noexcept;

  void OpenFile() noexcept;
  Uninspected EndFile(protocol::BodyEnd end) noexcept;
  void FindLongName(Bytes properties) noexcept;
  Uninspected ReadProperties(Bytes bytes) noexcept;
  Uninspected HoldProperties(Bytes bytes) noexcept;
  Uninspected HeldPropertiesRead() noexcept;

  void OnValue(std::uint16_t id, std::uint16_t type, std::uint32_t bytes) noexcept override;
  Uninspected OnValueBytes(Bytes bytes) noexcept override;
  void OnValueEnd() noexcept override;
  void EndInner(protocol::BodyEnd end) noexcept;

  At at_ = At::kHead;
  As as_ = As::kNothing, value_as_ = As::kNothing;
  std::array<std::byte, 9> head_;
  std::size_t held_ = 0;
  std::uint32_t id_ = 0;
  std::uint32_t left_ = 0;         // bytes to come of the attribute's data
  std::uint16_t sum_ = 0;
  std::string_view short_name_;    // of the text at hand
  std::uint32_t text_left_ = 0;    // bytes of it before the zero at its end
  bool wide_ = false;              // it is in UTF-16
  std::string short_;
  std::string type_, charset_;     // of texts in bytes
  HeaderWords words_;
  LayerPtr inner_;                 // a long text, or a value that is a file
  LayerPtr file_owner_;
  Entity* file_ = nullptr;         // of the attachment at hand
  std::uint64_t file_bytes_ = 0;
  std::string name_, long_name_, found_name_;  // of the attachment
  MapiProperties properties_;
  HeldBytes held_properties_;
  bool sound_properties_ = true;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_TNEF_H_
