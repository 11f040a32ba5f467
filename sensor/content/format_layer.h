// SPDX-License-Identifier: Apache-2.0
// A file format that holds other things (an archive, a document), being taken apart as it streams by. The subclass
// reads the format; this class keeps its place among the wrappings.
//
// Rules for a format: what it cannot read goes to OpenLeaf(), where text is still found; a member goes to OpenMember();
// what is held is held in HeldBytes or comes from the pool's memory.
#ifndef GANDER_CONTENT_FORMAT_LAYER_H_
#define GANDER_CONTENT_FORMAT_LAYER_H_

#include "content/decoder_pool.h"
#include "content/open.h"

namespace gander::content {

class FormatLayer : public Layer {
 public:
  // The wrapping is counted in `body.depth` already. `segment`: what the path says of it, static; empty = nothing.
  void Open(Body& body, const EntityMeta& meta, std::string_view segment) noexcept;
  Uninspected Feed(Bytes in) noexcept final;
  void End(protocol::BodyEnd end) noexcept final;

 protected:
  // Ready for the first byte.
  virtual void Begin() noexcept = 0;
  virtual Uninspected Read(Bytes in) noexcept = 0;
  // Ends the layers within and gives memory back. What can only be read now is read here; what of it stays uninspected
  // can no longer be told, so what a format holds it returns as lost or opaque when it takes it, if it cannot be sure.
  virtual void Finish(protocol::BodyEnd end) noexcept = 0;

  Body& body() noexcept { return *body_; }
  // Of the file itself.
  const EntityMeta& meta() const noexcept { return meta_; }

  std::string_view segment() const noexcept { return segment_; }
  // It turned out to be something more special. Not while a layer within is open.
  void Rename(std::string_view segment) noexcept;

 private:
  Body* body_ = nullptr;
  EntityMeta meta_;
  std::string_view segment_;
  bool pushed_ = false;
  std::size_t path_before_ = 0;
};

// A layer of the kind T for the file `meta` tells of, or one that counts what it is fed as lost where the cap on
// wrappings forbids it.
template <class T>
LayerPtr OpenFormat(Body& body, const EntityMeta& meta, std::string_view segment) noexcept {
  if (!body.MayNest()) return OpenLost(body);
  T* const layer = body.pool->Take<T>();
  layer->Open(body, meta, segment);
  return LayerPtr(layer);
}

}  // namespace gander::content

#endif  // GANDER_CONTENT_FORMAT_LAYER_H_
