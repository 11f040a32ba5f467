// SPDX-License-Identifier: Apache-2.0
// Messages of ONC RPC out of marked records (RFC 5531 §11) and datagrams.
#ifndef GANDER_PROTOCOL_RPC_MESSAGE_MESSAGE_PARSER_H_
#define GANDER_PROTOCOL_RPC_MESSAGE_MESSAGE_PARSER_H_

#include "protocol/framing/passing_parser.h"
#include "protocol/rpc_message/message.h"
#include "protocol/rpc_message/record_mark.h"

namespace gander::protocol::rpc_message {

using framing::Front;
using framing::Next;

class MessageParser : public framing::PassingParser {
 public:
  MessageParser() noexcept : PassingParser(4) {}  // XDR

 protected:
  framing::Mark ReadMark(Bytes octets, bool begins) const noexcept override {
    const RecordMark mark = rpc_message::ReadMark(octets);
    return {mark.length, mark.last, begins ? mark.OpensRecord() : mark.is_valid()};
  }
  bool LooksLikeMessage(Bytes bytes) const noexcept override {
    return ReadOpening({.bytes = bytes, .transport = ip_proto::kTcp}).fits;
  }
};

}  // namespace gander::protocol::rpc_message

#endif  // GANDER_PROTOCOL_RPC_MESSAGE_MESSAGE_PARSER_H_
