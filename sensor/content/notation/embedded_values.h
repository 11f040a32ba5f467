// SPDX-License-Identifier: Apache-2.0
// Values inside a text that are base64: strings of JSON, form values, attributes and elements, data: addresses (RFC
// 2397). Stands before the leaf, behind the escapes.
//
// A value reaches from one delimiter to another, is at least kMinBase64 characters long, and what it decodes to must
// read as text or begin with a known magic number; anything else passes as it stands.
//   text up to kHeldValue encoded bytes   replaces the value in place, so that its key stays its context; its own
//   escapes
//                                         and values are undone in place too
//   longer text, and files                are opened as an Entity of their own ("... > base64"); the text ends before
//   and
//                                         another begins behind it, for texts may not interleave
//   tokens (RFC 7519, "eyJ....eyJ....")   pass as they are, for they are credentials; header and claims follow behind
//   them
#ifndef GANDER_CONTENT_EMBEDDED_VALUES_H_
#define GANDER_CONTENT_EMBEDDED_VALUES_H_

#include <array>

#include "content/layer.h"
#include "content/memory.h"
#include "content/notation/base64_run.h"
#include "content/owed.h"
#include "protocol/mime/base64.h"

namespace gander::content {

inline constexpr std::size_t kHeldValue = 1024;   // encoded bytes held until it is known what they are
inline constexpr std::size_t kTokenClaims = 4096;  // decoded bytes of a token's header and claims; more are not read

// A value that does not end with the bytes at hand; of the pool.
struct ValueBuffer {
  std::array<std::byte, kHeldValue> bytes;
};

class EmbeddedValues final : public Layer {
 public:
  // `declared_text`: whether the leaf is text by declaration, else it is judged block by block. `lines`: whether values
  // may be broken into lines; not where a line is a value.
  void Open(Body& body, bool declared_text, bool lines, std::string_view name) noexcept;
  // Inside a value of `outer`, which takes the text and outlives this one.
  void OpenInside(Body& body, EmbeddedValues& outer) noexcept;

  Uninspected Feed(Bytes in) noexcept override;
  // The same for a text of which the first `plain` bytes have no run of base64 that may be a value; not within a run.
  Uninspected Feed(Bytes in, std::size_t plain) noexcept;
  void End(protocol::BodyEnd end) noexcept override;
  void GiveBack() noexcept override;

 private:
  enum class State : std::uint8_t {
    kText,
    kHeld,    // in a value that is not over
    kOpened,  // in a value that is an Entity of its own
    kToken,   // in a token whose header was read
  };

  void Begin(Body& body) noexcept;
  // Each takes from the front of `in`.
  void Search(Bytes& in, std::size_t plain) noexcept;
  void Gather(Bytes& in) noexcept;
  void DecodeOpened(Bytes& in) noexcept;
  void FollowToken(Bytes& in) noexcept;
  void Advance(Bytes& in, std::size_t n) noexcept;
  std::uint64_t Latest(Bytes in, std::size_t at) const noexcept;
  bool IsNoValue(Bytes in, Base64Run run) const noexcept;
  bool MayBegin(Bytes in, std::size_t at) const noexcept;

  // Looks into a value, or the begin of one too long to be held (`whole` false), behind which `next` stands, '\0' at
  // the end of the text. False when it stays as it is; else it was taken, and `before` handed on.
  bool Take(Bytes before, Bytes value, const Base64Extent& extent, bool whole, char next) noexcept;
  Uninspected Splice(Bytes decoded) noexcept;
  bool OpenEmbedded(Bytes value, bool is_file) noexcept;
  void Embed(Bytes value) noexcept;
  void EmbedDecoded(Bytes decoded) noexcept;
  void CloseEmbedded(protocol::BodyEnd end) noexcept;
  void EndHeld(char next) noexcept;
  void BeginToken(Bytes header) noexcept;
  void AddClaims(Bytes encoded) noexcept;
  void EndToken() noexcept;

  // Text goes to the leaf, or to the layer around.
  void Out(Bytes text) noexcept;
  void EndText(protocol::BodyEnd end) noexcept;

  // What each piece of a text needs stands first.
  Body* body_ = nullptr;
  EmbeddedValues* outer_ = nullptr;
  LayerPtr leaf_;           // opened when there is text for it
  std::uint64_t last_ = 0;  // the eight bytes before those at hand, the latest lowest; zeros at the begin of a text
  State state_ = State::kText;
  bool declared_text_ = false;
  bool lines_ = true;
  bool token_capped_ = false;
  std::uint8_t token_part_ = 0;  // 0 header, 1 claims, then signature
  std::uint16_t held_ = 0;       // bytes in `hold_`
  Owed owed_;
  std::string_view name_;
  std::size_t buffer_ = 0;
  ValueBuffer* hold_ = nullptr;  // of the pool
  Base64Extent extent_{true};
  LayerPtr embedded_;
  std::uint64_t encoded_bytes_ = 0, decoded_bytes_ = 0;  // of it
  Uninspected within_, told_;                            // of it, decoded; encoded, and added to `owed_`
  std::size_t path_before_ = 0;
  protocol::mime::Base64Decoder decoder_;
  HeldBytes token_;  // header and claims, decoded
  std::size_t claims_ = 0;  // where the claims begin in it
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_EMBEDDED_VALUES_H_
