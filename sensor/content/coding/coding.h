// SPDX-License-Identifier: Apache-2.0
// A content coding (RFC 9110 §8.4.1) being taken off, whichever decoder does it: recognition of bodies that
// are not what their header says, caps, and the apportioning of what could not be decoded.
#ifndef GANDER_CONTENT_CODING_H_
#define GANDER_CONTENT_CODING_H_

#include <array>
#include <cstddef>
#include <span>

#include "content/coding/coding_memory.h"
#include "content/layer.h"

namespace gander::content {

class CodingLayer : public Layer {
 public:
  // So many bytes are looked at before a body without a magic number is taken for coded or plain.
  static constexpr std::size_t kPrefixBytes = 64;
  // So many when the label does not fit: with that much, 99 of 100 texts behind brotli or deflate show some of theirs.
  static constexpr std::size_t kTrialBytes = 192;

  // `name`: of the coding in paths, static. `declared` is false for a coding found by its magic.
  void Open(Body& body, LayerPtr inner, const char* name, bool declared) noexcept;
  // For one that nobody declared and whose magic number, if it has one, proves nothing: whether `prefix` is of this
  // coding (`all`: the whole body; `surely`: as for Try()). Only then is `inner` taken; when not, nothing is open.
  bool OpenIfFits(Body& body, LayerPtr& inner, const char* name, Bytes prefix, bool all, bool surely) noexcept;
  // For a member of an archive: the path does not say how it is packed, it is no wrapping of its own, and one stream is
  // all of it.
  void OpenMember(Body& body, LayerPtr inner) noexcept;

  // Takes from the front of `in` what belongs to the coded stream, all of it while the stream goes on. How a member's
  // end is found whose size nobody told.
  Uninspected FeedMember(Bytes& in) noexcept;
  // The coded stream is complete: what follows is not part of it.
  bool ended() const noexcept {
    return state_ == State::kEnded || state_ == State::kBehindEnd || (state_ == State::kCoded && Complete());
  }
  // It is damaged, or was none.
  bool failed() const noexcept {
    return (state_ == State::kCorrupt && damage_skip_ == 0) || state_ == State::kBehindDamage ||
           state_ == State::kPlain;
  }
  // A cap forbids to go on.
  bool capped() const noexcept { return state_ == State::kCapped; }
  std::uint64_t decoded() const noexcept { return decoded_; }  // bytes that came out

  Uninspected Feed(Bytes in) noexcept final;
  void EndPart() noexcept final { inner_->EndPart(); }
  void End(protocol::BodyEnd end) noexcept final;

 protected:
  enum class Guess : std::uint8_t { kNeedMore, kCoded, kPlain };
  enum class Step : std::uint8_t {
    kMore,  // goes on
    kEnd,   // the coded stream is over, what is left of the input is not part of it
    kCorrupt,
    kNoMemory,  // the decoder's memory budget is used up, or it wants more than a body may have
  };

  // What the first bytes say; after kCoded the decoder is ready for byte 0. `all`: nothing follows the
  // prefix. Must answer when the prefix has kPrefixBytes or is all. Of a member it is known: kCoded at once, for what
  // is gathered to be looked at might stand behind its end.
  virtual Guess Recognise(Bytes prefix, bool all) noexcept = 0;
  // Decodes from the front of `in`, removing what was read. Produces less than out.size() only when it is
  // starved.
  virtual Step Decode(Bytes& in, std::span<std::byte> out, std::size_t* produced) noexcept = 0;
  // Whether the stream is complete as it stands.
  virtual bool Complete() const noexcept = 0;
  // Whether a sender may have stopped here, though the coding does not say that it ends.
  virtual bool MayEndHere() const noexcept { return Complete(); }
  // Whether Decode() has read exactly up to the damage when it says kCorrupt. What follows is then searched for text at
  // once, and else from the next slice on.
  virtual bool StopsAtDamage() const noexcept { return false; }
  // After kEnd: bytes taken off the input that are not part of the stream.
  virtual Bytes Unread() const noexcept { return {}; }
  virtual void CountBody(Counters& counters) const noexcept = 0;
  // What a decoded byte costs, against one of deflate: how much one part of a body may expand to (Options::max_burst).
  virtual std::uint32_t Cost() const noexcept { return 1; }
  // The body is over: memory that is not worth keeping goes.
  virtual void Close() noexcept = 0;

  // False for a coding nobody here decodes: what is plain all the same is read, the rest is undecodable.
  virtual bool Supported() const noexcept { return true; }

  // A decoder's verdict on a prefix without a magic number: decodes it on trial. `surely`: label or header speak for
  // it, so that it is enough that nothing is wrong; otherwise what comes out has to be text or a known format.
  Guess Try(Bytes prefix, bool all, bool surely) noexcept;
  // By a magic number of up to kPrefixBytes at the front.
  static Guess StartsWith(Bytes prefix, bool all, std::string_view magic) noexcept;

  const char* name() const noexcept { return name_; }
  bool declared() const noexcept { return declared_; }
  // A member of an archive: no stream follows the first.
  bool member() const noexcept { return member_; }
  Body& body() noexcept { return *body_; }
  // Where the decoder takes its memory.
  CodingMemory& memory() noexcept { return memory_; }

 private:
  static constexpr std::size_t kSliceBytes = 4096;

  enum class State : std::uint8_t { kUndecided, kCoded, kPlain, kEnded, kCorrupt, kBehindEnd, kBehindDamage, kCapped };

  void Begin(Body& body, const char* name, bool declared) noexcept;
  Uninspected Decide(Bytes& in) noexcept;
  Guess Look(Bytes prefix, bool all) noexcept;
  void Settle(Guess guess, Bytes prefix, bool all) noexcept;
  Uninspected Take(Bytes in) noexcept;
  void OpenRest() noexcept;
  Uninspected TakeRest(Bytes in) noexcept;
  Uninspected SkipDamage(Bytes& in) noexcept;
  Uninspected Decompress(Bytes& in) noexcept;
  Uninspected DecompressSlice(Bytes& in, std::uint64_t* decoded) noexcept;
  void Stop(Step step) noexcept;
  void Leave() noexcept;

  Body* body_ = nullptr;
  LayerPtr inner_;
  const char* name_ = "";
  State state_ = State::kUndecided;
  bool declared_ = false;
  bool member_ = false;
  bool pushed_ = false;
  bool refused_ = false;  // the declared decoder says that it is not its coding
  std::size_t path_before_ = 0;
  std::size_t buffer_ = 0;
  std::uint64_t coded_ = 0;      // bytes of the stream read
  std::uint64_t decoded_ = 0;    // bytes that came out
  std::uint64_t awaited_ = 0;    // bytes read since something last came out
  std::size_t damage_skip_ = 0;  // bytes to the end of the slice that is damaged
  std::size_t held_ = 0;
  CodingMemory memory_;
  std::array<std::byte, kTrialBytes> hold_;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_CODING_H_
