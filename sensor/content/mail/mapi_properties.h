// SPDX-License-Identifier: Apache-2.0
// A list of MAPI properties as TNEF has them ([MS-OXTNEF] §2.1.3.4), or rows of such lists, read as it streams by: what
// has a length is handed on as it comes, numbers and dates are passed over.
#ifndef GANDER_CONTENT_MAPI_PROPERTIES_H_
#define GANDER_CONTENT_MAPI_PROPERTIES_H_

#include <array>
#include <cstdint>

#include "content/layer.h"

namespace gander::content {

// [MS-OXPROPS], those that are treated by what they are.
enum MapiId : std::uint16_t {
  kMapiBody = 0x1000,
  kMapiRtf = 0x1009,
  kMapiHtml = 0x1013,
  kMapiAttachData = 0x3701,
  kMapiAttachLongName = 0x3707,
};
// [MS-OXCDATA] §2.11.1.
enum MapiType : std::uint16_t { kMapiObject = 0x0d, kMapiString8 = 0x1e, kMapiUnicode = 0x1f, kMapiBinary = 0x102 };

class MapiSink {
 public:
  virtual ~MapiSink() = default;
  virtual void OnValue(std::uint16_t id, std::uint16_t type, std::uint32_t bytes) noexcept = 0;
  virtual Uninspected OnValueBytes(Bytes bytes) noexcept = 0;
  virtual void OnValueEnd() noexcept = 0;
};

class MapiProperties {
 public:
  void Begin(bool rows) noexcept;
  // False when the bytes are no properties any more; `read` of them were.
  bool Feed(Bytes in, MapiSink& sink, Uninspected& total, std::size_t& read) noexcept;
  // The list is over, or cut.
  void End(MapiSink& sink) noexcept;

 private:
  enum class At : std::uint8_t {
    kRows,
    kCount,
    kTag,
    kName,        // of a property known by name: whose set it is of, and how it is named
    kNameNumber,
    kNameLength,
    kNameBytes,
    kValues,      // how many there are
    kLength,
    kBytes,
    kPadding,
    kFixed,       // a value of a size that its type tells, padding included
    kOver,
  };

  std::uint32_t Number(std::size_t at = 0) const noexcept;
  void Expect(At at, std::uint32_t bytes) noexcept;
  bool FieldRead(MapiSink& sink) noexcept;
  bool TagRead() noexcept;
  void ValueFollows() noexcept;
  void NextValue() noexcept;
  void NextProperty() noexcept;
  void BytesRead(MapiSink& sink) noexcept;

  At at_ = At::kOver;
  std::uint32_t rows_ = 0, properties_ = 0, values_ = 0;  // to come
  std::uint16_t type_ = 0, id_ = 0;
  std::uint32_t left_ = 0;     // bytes to come of what is at hand
  std::uint32_t padding_ = 0;  // behind it
  std::size_t held_ = 0;
  bool in_value_ = false;
  std::array<std::byte, 20> field_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_MAPI_PROPERTIES_H_
