// SPDX-License-Identifier: Apache-2.0
// The XML that RFC 6120 §11 leaves: tags, text, references to characters. Cut anyhow.
#ifndef GANDER_PROTOCOL_XMPP_XML_READER_H_
#define GANDER_PROTOCOL_XMPP_XML_READER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace gander::protocol::xmpp {

class XmlReader {
 public:
  enum class Step : std::uint8_t {
    kNeedMore,  // the input is used up
    kOpen,      // name(), attribute(), closes() when the element is empty
    kClose,     // name()
    kText,      // text(): a piece of what stands between tags
    kBad,       // a tag that is none, taken
  };

  // Views are valid until the next call.
  Step Next(Bytes& in) noexcept;

  std::string_view name() const noexcept { return name_; }  // without its prefix
  bool closes() const noexcept { return closes_; }
  // The value of an attribute as it stands there; empty when there is none.
  std::string_view attribute(std::string_view name) const noexcept;
  std::string_view text() const noexcept { return text_; }
  std::uint64_t TakeDropped() noexcept;  // bytes of tags beyond the cap since the last call

  // Bytes are missing: all up to the next tag is passed over.
  void Resync() noexcept;
  void Reset() noexcept;

 private:
  enum class At : std::uint8_t { kText, kTag, kReference, kCdata, kComment, kLost };

  bool ReadTag(Bytes& in) noexcept;
  Step FinishTag(std::string_view tag) noexcept;
  Step ReadReference(Bytes& in) noexcept;
  Step ReadCdata(Bytes& in) noexcept;
  void SkipComment(Bytes& in) noexcept;
  void Hold(std::string_view bytes) noexcept;
  void Drop() noexcept;

  At at_ = At::kText;
  char quote_ = 0;            // within an attribute's value
  bool given_ = false;        // held_ was handed out
  bool closes_ = false;
  std::uint8_t matched_ = 0;  // characters of "]]>" or "-->" so far
  std::string held_;          // a tag that spans chunks, a reference
  std::uint64_t dropped_ = 0;
  std::string_view name_, attributes_, text_;
  char decoded_[4] = {};
};

}  // namespace gander::protocol::xmpp

#endif  // GANDER_PROTOCOL_XMPP_XML_READER_H_
