// SPDX-License-Identifier: Apache-2.0
// Bodies of protobuf by their media type: a message, or the frames of gRPC and its relatives where the protocol below
// did not take them off (gRPC-Web over HTTP/1, Connect streams): each a flag, a length and a message.
#ifndef GANDER_CONTENT_GRPC_FRAMES_H_
#define GANDER_CONTENT_GRPC_FRAMES_H_

#include "content/format_layer.h"
#include "content/owed.h"
#include "protocol/http2/grpc.h"

namespace gander::content {

class GrpcFrames final : public FormatLayer {
 public:
  static constexpr std::string_view kSegment = "grpc";

  void GiveBack() noexcept override;

 protected:
  void Begin() noexcept override;
  Uninspected Read(Bytes in) noexcept override;
  void Finish(protocol::BodyEnd end) noexcept override;

 private:
  void EndMessage(protocol::BodyEnd end) noexcept;

  protocol::http2::GrpcFramer framer_;
  bool json_ = false;
  LayerPtr inside_;
  Owed owed_;
};

// Whether a media type says protobuf, or frames of it.
bool IsProtobufType(std::string_view type) noexcept;
// For a body of such a type that begins with `prefix`.
LayerPtr OpenProtobuf(Body& body, const EntityMeta& meta, Bytes prefix) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_GRPC_FRAMES_H_
