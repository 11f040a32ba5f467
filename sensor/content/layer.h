// SPDX-License-Identifier: Apache-2.0
// A layer takes one wrapping off: compressed bytes in, what was inside out to the layer within. The layers
// open for a body form a chain; the innermost is an Entity, which hands text to the sink.
#ifndef GANDER_CONTENT_LAYER_H_
#define GANDER_CONTENT_LAYER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "content/body_reader.h"
#include "content/path.h"

namespace gander::content {

class DecoderPool;
class SharedStrings;

// How many of the bytes fed to a layer were not inspected, in units of those bytes. Never more than were fed,
// but for a few bytes a layer held back earlier.
struct Uninspected {
  std::uint64_t opaque = 0;
  std::uint64_t undecodable = 0;
  std::uint64_t locked = 0;  // needs a password or a key
  std::uint64_t lost = 0;

  Uninspected& operator+=(const Uninspected& o) noexcept {
    opaque += o.opaque;
    undecodable += o.undecodable;
    locked += o.locked;
    lost += o.lost;
    return *this;
  }
  Uninspected operator-(const Uninspected& o) const noexcept {
    return {opaque - o.opaque, undecodable - o.undecodable, locked - o.locked, lost - o.lost};
  }
  // The same shares of `to` bytes instead of `of`: decoded bytes translated to the coded ones they came from.
  Uninspected Scaled(std::uint64_t of, std::uint64_t to) const noexcept {
    if (of == 0) return {};
    return {Share(opaque, of, to), Share(undecodable, of, to), Share(locked, of, to), Share(lost, of, to)};
  }

 private:
  static std::uint64_t Share(std::uint64_t part, std::uint64_t of, std::uint64_t to) noexcept {
    if (part == 0) return 0;  // nearly always, and the division is slow
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(part < of ? part : of) * to / of);
  }
};

// What all layers of one body share.
struct Body {
  TextSink* sink = nullptr;  // of the call at hand
  std::uint64_t wire = 0;    // bytes fed so far
  Direction direction = Direction::kToServer;
  std::uint32_t tx_id = 0;
  Path path;
  const Options* options = nullptr;
  Counters* counters = nullptr;
  DecoderPool* pool = nullptr;
  std::uint64_t output = 0;   // bytes decompressed so far, over all layers
  std::size_t coding_memory = 0;  // bytes that the decoders of the open codings hold
  std::uint32_t depth = 0;    // wrappings now open
  std::uint32_t buffers = 0;  // output buffers in use by the open layers
  std::uint32_t parts = 0;    // MIME parts and embedded values begun
  std::uint32_t files = 0;    // files reported
  std::uint64_t awaited = 0;  // bytes of earlier parts since something was last decoded
  protocol::BodyRange range;  // of the message at hand
  std::uint32_t messages = 0;  // behind the first, that went on with the body
  bool from_start = true;      // the first began where the whole does
  Uninspected late;           // what ended layers had held back and could no longer return, for whoever ended them
  bool capped = false;        // output or ratio cap reached: nothing more is decompressed
  bool told_depth = false;    // the depth anomaly is reported once a body
  bool told_parts = false;    // so is that of too many parts
  bool told_files = false;    // so is that of too many files

  // What ended within a member of `of` bytes, in the `to` bytes it stands for; it is told once.
  Uninspected TakeLate(std::uint64_t of, std::uint64_t to) noexcept {
    return std::exchange(late, Uninspected{}).Scaled(of, to);
  }
  // The same of what stands for itself.
  Uninspected TakeLate() noexcept { return std::exchange(late, Uninspected{}); }
  // Whether `produced` more decompressed bytes are within the caps; counts the cap and reports it when not. `cost`:
  // of a byte, against one of deflate.
  bool MayOutput(std::uint64_t produced, std::uint32_t cost = 1) noexcept;
  // Work of another kind (BurstBudget). Whether it was too much, the next MayOutput() tells.
  void Spend(std::uint64_t work) noexcept;
  // Something comes out of a decoder that had taken `bytes` since it last gave anything.
  void GrantAwaited(std::uint64_t bytes) noexcept;
  // Whether one more wrapping may be opened; counts and reports when not. Whoever asked takes it off `depth` again.
  bool MayNest() noexcept;
  // Whether one more part may be begun; counts and reports when not.
  bool MayBeginPart() noexcept;
  // Whether one more file may be reported; past the cap files are read all the same, and counted.
  bool MayReportFile() noexcept;
  // A file that cannot be looked into: its name and its size are all there is. No view is kept.
  void ReportLocked(std::string_view name, std::uint64_t size, std::string_view magic) noexcept;
  // The same for a file whose coding nobody here reads.
  void ReportUndecodable(std::string_view name, std::uint64_t size, std::string_view magic) noexcept;
  // And for one whose text was read without knowing where in it the file begins and ends.
  void ReportListed(std::string_view name, std::uint64_t size, std::string_view magic) noexcept;

 private:
  void ReportUnread(std::string_view name, std::uint64_t size, std::string_view magic, bool locked,
                    protocol::BodyEnd end) noexcept;
};

class Layer {
 public:
  virtual ~Layer() = default;
  virtual Uninspected Feed(Bytes in) noexcept = 0;
  // The message is complete that brought this stretch of the body, which may go on in another. Of interest to whoever
  // reports the body as a file, and on the way to it.
  virtual void EndPart() noexcept {}
  // Hands on what is held back, ends the layer within, and takes its place in the path back.
  virtual void End(protocol::BodyEnd end) noexcept = 0;
  // Returns to the pool it came from.
  virtual void GiveBack() noexcept = 0;
};

struct GiveBack {
  void operator()(Layer* layer) const noexcept { layer->GiveBack(); }
};
using LayerPtr = std::unique_ptr<Layer, GiveBack>;

// What is said about an entity before its first byte. Views outlive the entity's layer.
struct EntityMeta {
  std::string_view content_type;  // whole header value; empty = unknown
  std::string_view name;          // file name, or the form field's name
  bool keep = false;              // a file as it was sent, not the member of one: may be kept for the operator
  bool is_file = false;           // reported as a file when it turns out to be a leaf
  SharedStrings* document = nullptr;  // it is a part of an office document: of all its parts
  bool in_parts = false;          // comes in stretches, which are reported too
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_LAYER_H_
