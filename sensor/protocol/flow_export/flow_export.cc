// SPDX-License-Identifier: Apache-2.0
#include "protocol/flow_export/flow_export.h"

#include <string_view>

#include "base/renew.h"
#include "protocol/flow_export/message.h"

namespace gander::protocol {
namespace {

class FlowExportParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    if (chunk.bytes.empty()) return ParseStatus::kContinue;
    const flow_export::Message message = flow_export::Read(chunk.bytes, templates_);
    if (message.format == nullptr) {
      if (messages_ == 0) return ParseStatus::kNotThis;
      sink.OnAnomaly("malformed_data");
      sink.OnFate(ByteFate::kOpaqueBinary, chunk.bytes.size());
      return ParseStatus::kContinue;
    }
    if (messages_++ == 0) {
      sink.OnProtocolName(message.format);
      first_ = message;
      direction_ = chunk.direction;
    }
    records_ += message.records;
    return ParseStatus::kContinue;
  }
  // One event a flow: an exporter sends for ever.
  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    if (messages_ == 0 || direction != direction_) return;
    record_.Clear();
    record_.BeginObject("flow_export").String("format", first_.format).Integer("version", first_.version);
    record_.Integer("messages", messages_).Integer("records", static_cast<std::int64_t>(records_)).EndObject();
    sink.OnEvent("flow_export", 0, direction_, record_);
  }
  void Reset() noexcept override { Renew(*this, {}, &FlowExportParser::templates_, &FlowExportParser::record_); }

 private:
  std::uint32_t messages_ = 0;
  std::uint64_t records_ = 0;
  flow_export::Message first_;
  Direction direction_ = Direction::kToServer;
  flow_export::Templates templates_;
  Record record_;
};

Probe ProbeFlowExport(const ProbeInput& input) noexcept {
  flow_export::Templates templates;
  return flow_export::Read(input.bytes, templates).format == nullptr ? Probe::kNo : Probe::kYes;
}

std::unique_ptr<Parser> Create() { return std::make_unique<FlowExportParser>(); }

}  // namespace

const ProtocolInfo kFlowExport = {"netflow",       false,  true,
                                  ProbeFlowExport, Create, FirstOctets::AnyOf(std::string_view("\0H", 2))};

}  // namespace gander::protocol
