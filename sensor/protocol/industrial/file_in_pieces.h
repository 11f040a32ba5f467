// SPDX-License-Identifier: Apache-2.0
// A file that comes in pieces, each in a message of its own: one body from the first to the last.
#ifndef GANDER_PROTOCOL_INDUSTRIAL_FILE_IN_PIECES_H_
#define GANDER_PROTOCOL_INDUSTRIAL_FILE_IN_PIECES_H_

#include <string_view>
#include <utility>

#include "protocol/parser.h"

namespace gander::protocol::industrial {

class FileInPieces {
 public:
  explicit FileInPieces(const char* where) noexcept : where_(where) {}

  void Pass(Bytes piece, std::string_view name, std::uint32_t tx_id, Direction direction, MessageSink& sink) noexcept {
    if (piece.empty()) return;
    if (!std::exchange(open_, true)) {
      BodyMeta meta;
      meta.where = where_;
      meta.direction = direction;
      meta.file_name = name;
      meta.tx_id = tx_id;
      sink.OnBodyBegin(meta);
    }
    sink.OnBodyPart(direction, piece);
  }
  void Close(BodyEnd end, Direction direction, MessageSink& sink) noexcept {
    if (std::exchange(open_, false)) sink.OnBodyEnd(direction, end);
  }
  bool open() const noexcept { return open_; }
  void Reset() noexcept { open_ = false; }

 private:
  const char* where_;
  bool open_ = false;
};

}  // namespace gander::protocol::industrial

#endif  // GANDER_PROTOCOL_INDUSTRIAL_FILE_IN_PIECES_H_
