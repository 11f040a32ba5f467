// SPDX-License-Identifier: Apache-2.0
// Messages of protobuf without their definition (protobuf.dev/programming-guides/encoding): the wire format is walked
// as it streams by, strings become text, and so do numbers that may identify somebody (personal and phone numbers are
// often int64). The fields of one message are columns of a line, so that what belongs together stands together; a
// message inside another is a line of its own. Packed numbers longer than kProtobufLook, zigzag and 32-bit numbers are
// not read.
//
// Bytes that begin with a magic number are files; others, where long, are judged as leaves are. What is no message
// after all is handed on as whatever it is: the whole of it when not even its first field can be read, else the rest.
#ifndef GANDER_CONTENT_PROTOBUF_H_
#define GANDER_CONTENT_PROTOBUF_H_

#include <array>

#include "content/database/row_writer.h"
#include "content/format_layer.h"
#include "content/notation/protobuf_guess.h"
#include "content/owed.h"

namespace gander::content {

class Protobuf final : public FormatLayer {
 public:
  static constexpr std::string_view kSegment = "protobuf";
  static constexpr std::size_t kMaxMessages = 32;      // inside each other; one more is bytes
  static constexpr std::uint64_t kSkippedBytes =
      512;  // bytes that are no text and no file, up to so many, are not read

  void GiveBack() noexcept override;

 protected:
  void Begin() noexcept override;
  Uninspected Read(Bytes in) noexcept override;
  void Finish(protocol::BodyEnd end) noexcept override;

 private:
  enum class State : std::uint8_t {
    kTag,
    kVarint,
    kFixed32,
    kFixed64,
    kLength,
    kLook,    // at the begin of a length-delimited field
    kText,    // in a string
    kRead,    // in what was read already
    kSkip,    // in bytes that are not read
    kInside,  // in bytes that `inside_` takes
    kNone,    // this is no message: `inside_` takes the rest
  };

  void Walk(Bytes in) noexcept;
  void TakeHead(Bytes& in) noexcept;
  void OnHead() noexcept;
  void Look(Bytes& in) noexcept;
  void WalkLooked() noexcept;
  void Enter(Bytes prefix) noexcept;
  void TakeContent(Bytes& in) noexcept;
  void OpenInside(bool file) noexcept;
  void CloseInside(protocol::BodyEnd end) noexcept;
  void EndField() noexcept;
  void Fail() noexcept;
  std::uint64_t LeftInMessage() const noexcept;

  static constexpr std::uint8_t kMaxVarint = 10;

  State state_ = State::kTag;
  bool any_field_ = false;
  bool capped_ = false;  // the field at hand would be one part too many
  std::uint8_t head_size_ = 0;   // bytes of `head_`
  std::uint8_t count_ = 0;       // bytes of the number at hand
  std::uint8_t messages_ = 0;    // open inside each other
  std::uint8_t looked_ = 0;      // bytes of `look_`
  std::uint64_t value_ = 0;      // the number at hand
  std::uint64_t left_ = 0;       // bytes of the field at hand
  std::uint64_t position_ = 0;   // bytes walked
  std::array<std::uint64_t, kMaxMessages> ends_;  // positions
  std::array<std::byte, 24> head_;                // of the field at hand: given on when it is none
  std::array<std::byte, kProtobufLook> look_;
  RowWriter rows_;
  LayerPtr inside_;
  Owed owed_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_PROTOBUF_H_
