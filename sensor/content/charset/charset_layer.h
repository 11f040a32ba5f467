// SPDX-License-Identifier: Apache-2.0
// Finds out the character set of a text as it streams by. ASCII and UTF-8 are handed on as they are, without a copy; at
// the first bytes that are neither, or the first sequence that designates another set, the text is converted from there
// on.
#ifndef GANDER_CONTENT_CHARSET_LAYER_H_
#define GANDER_CONTENT_CHARSET_LAYER_H_

#include <array>

#include "content/charset/charset.h"
#include "content/charset/escaped_sets.h"
#include "content/layer.h"
#include "content/memory.h"

namespace gander::content {

class CharsetLayer final : public Layer {
 public:
  // So much is looked at from the first byte beyond ASCII on; of a text that may declare its set in itself, at least
  // the first kDeclarationBytes of the whole.
  static constexpr std::size_t kWindow = 256;

  // `declared`: what the label says, null when it says nothing; bytes are read by it unless they are UTF-8 or make no
  // sense in it. `markup`: the text may say it itself.
  void Open(Body& body, const Charset* declared, bool markup, LayerPtr inner) noexcept;
  // The text is UTF-8 by its byte order mark, which is no text. To be called before Feed().
  void SkipMark() noexcept;
  Uninspected Feed(Bytes in) noexcept override;
  void End(protocol::BodyEnd end) noexcept override;
  void GiveBack() noexcept override;

 private:
  enum class State : std::uint8_t {
    kMark,     // bytes of the mark are awaited
    kAscii,    // nothing else so far
    kSequence,  // in a sequence that may designate a set
    kWindow,   // held_ has bytes that decide
    kDecided,  // `inner_` takes what comes, with a converter in front of it where it takes one
  };

  Uninspected FeedAscii(Bytes& in) noexcept;
  Uninspected FeedEscape(Bytes& in) noexcept;
  Uninspected FeedForeign(Bytes in) noexcept;
  Uninspected FeedWindow(Bytes in) noexcept;
  void KeepHead(Bytes ascii) noexcept;
  Bytes Window() const noexcept { return held_.bytes().subspan(handed_on_); }
  std::size_t WindowEnd() const noexcept;
  bool Decide(Bytes window, bool all) noexcept;
  const Charset* Choose(Bytes window) noexcept;
  bool MakesSense(const Charset& charset, Bytes window) const noexcept;
  Uninspected HandOnHeld() noexcept;

  Body* body_ = nullptr;
  LayerPtr inner_;
  const Charset* declared_ = nullptr;
  State state_ = State::kAscii;
  bool markup_ = false;
  std::uint8_t mark_left_ = 0;
  std::uint8_t escape_size_ = 0;
  std::array<std::byte, kMaxDesignation> escape_;
  std::size_t handed_on_ = 0;  // of held_, which has the head of a text that may declare its set in front of the window
  HeldBytes held_;
};

// The layers for a text of the type `content_type` that begins with `prefix`, around what reads UTF-8.
LayerPtr OpenCharset(Body& body, std::string_view content_type, Bytes prefix, LayerPtr inner) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_CHARSET_LAYER_H_
