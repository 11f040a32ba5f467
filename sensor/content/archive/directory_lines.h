// SPDX-License-Identifier: Apache-2.0
// vCard (RFC 6350, 2.1), iCalendar (RFC 5545) and LDIF (RFC 2849) as plain lines: what was folded is one line again,
// and values are what they stand for.
//   a line end and a blank                 nothing: the line goes on
//   ;ENCODING=QUOTED-PRINTABLE:J=C3=BC...  decoded, its own soft line ends too (vCard 2.1)
//   \n \, \; \\                            line end, comma, semicolon, backslash (not in LDIF)
//   attribute:: c2hvcnQ=                   decoded when short (LDIF); what is longer embedded_values.h looks into
#ifndef GANDER_CONTENT_DIRECTORY_LINES_H_
#define GANDER_CONTENT_DIRECTORY_LINES_H_

#include <array>

#include "content/converting_layer.h"

namespace gander::content {

class DirectoryLines final : public ConvertingLayer {
 public:
  // To be called before Open().
  void SetLdif(bool ldif) noexcept { ldif_ = ldif; }
  void GiveBack() noexcept override;

 protected:
  void Start() noexcept override;
  std::size_t Convert(Bytes& in, std::span<std::byte> out) noexcept override;
  std::size_t Finish(std::span<std::byte> out) noexcept override;

 private:
  static constexpr std::size_t kShortValue = 24;  // characters of base64

  enum class State : std::uint8_t {
    kName,     // in front of the colon
    kValue,
    kEscape,   // behind a backslash
    kQuoted,   // in quoted-printable
    kBase64,   // in a short value
  };

  // Each writes at most kMaxExpansion bytes.
  std::size_t Byte(char c, std::span<std::byte> out) noexcept;
  std::size_t Unfolded(char c, std::span<std::byte> out) noexcept;
  std::size_t Name(char c, std::span<std::byte> out) noexcept;
  std::size_t Quoted(char c, std::span<std::byte> out) noexcept;
  std::size_t Base64(char c, std::span<std::byte> out) noexcept;
  std::size_t EndBase64(std::span<std::byte> out) noexcept;
  std::size_t Escape(char c, std::span<std::byte> out) noexcept;
  std::size_t FlushHeld(std::span<std::byte> out) noexcept;

  bool ldif_ = false;
  State state_ = State::kName;
  bool cr_ = false, lf_ = false;  // a line end that may turn out to be a fold
  bool quoted_ = false;           // the parameters say quoted-printable
  std::uint8_t colons_ = 0;
  std::uint8_t matched_ = 0;  // characters of the word that says so
  std::uint8_t held_size_ = 0;
  std::array<char, kShortValue + 1> held_;  // base64, or an escape of quoted-printable begun
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_DIRECTORY_LINES_H_
