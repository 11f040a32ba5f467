// SPDX-License-Identifier: Apache-2.0
#include "content/notation/grpc_frames.h"

#include <algorithm>

#include "content/notation/protobuf.h"
#include "protocol/mime/header_value.h"

namespace gander::content {
namespace {

using protocol::mime::MainValue;
using protocol::mime::StartsWithIgnoreCase;

bool Contains(std::string_view type, std::string_view lower) noexcept {
  const auto equal = [](char a, char b) { return (a | 0x20) == b; };
  return std::search(type.begin(), type.end(), lower.begin(), lower.end(), equal) != type.end();
}

bool IsFramed(std::string_view type) noexcept {
  return StartsWithIgnoreCase(type, "application/grpc") || StartsWithIgnoreCase(type, "application/connect+");
}

}  // namespace

void GrpcFrames::GiveBack() noexcept { body().pool->Give(this); }

void GrpcFrames::Begin() noexcept {
  framer_.Clear();
  json_ = Contains(MainValue(meta().content_type), "json");
  owed_.Clear();
}

Uninspected GrpcFrames::Read(Bytes in) noexcept {
  const auto begin = [this](bool compressed) {
    EntityMeta message;
    message.name = meta().name;
    if (json_) message.content_type = "application/json";
    // Which coding it is, its own header field says; gzip is known by its magic number.
    inside_ =
        compressed || json_ ? OpenEntity(body(), message) : OpenFormat<Protobuf>(body(), message, Protobuf::kSegment);
  };
  framer_.Feed(in, begin, [this](Bytes part) { owed_ += inside_->Feed(part); },
               [this] { EndMessage(protocol::BodyEnd::kComplete); });
  return owed_.Tell(in.size());
}

void GrpcFrames::EndMessage(protocol::BodyEnd end) noexcept {
  if (inside_ == nullptr) return;
  inside_->End(end);
  inside_.reset();
}

void GrpcFrames::Finish(protocol::BodyEnd end) noexcept { EndMessage(end); }

bool IsProtobufType(std::string_view type) noexcept {
  return StartsWithIgnoreCase(type, "application/") &&
         (IsFramed(type) || Contains(type, "protobuf") || Contains(type, "+proto") || Contains(type, "/proto"));
}

LayerPtr OpenProtobuf(Body& body, const EntityMeta& meta, Bytes prefix) noexcept {
  const std::string_view type = MainValue(meta.content_type);
  if (StartsWithIgnoreCase(type, "application/grpc-web-text")) {
    return OpenTransferEncoding(body, "base64", OpenFormat<GrpcFrames>(body, meta, GrpcFrames::kSegment));
  }
  // No message begins with these bytes: fields are numbered from one on.
  const bool flag = !prefix.empty() && prefix[0] <= std::byte{1};
  if (IsFramed(type) && flag) return OpenFormat<GrpcFrames>(body, meta, GrpcFrames::kSegment);
  if (Contains(type, "json")) return nullptr;
  return OpenFormat<Protobuf>(body, meta, Protobuf::kSegment);
}

}  // namespace gander::content
