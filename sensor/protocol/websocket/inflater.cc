// SPDX-License-Identifier: Apache-2.0
#include "protocol/websocket/inflater.h"

#include "protocol/websocket/websocket.h"

namespace gander::protocol::websocket {
namespace {

constexpr int kBareDeflate = -15;  // largest window: whatever was agreed on fits

}  // namespace

std::size_t Inflater::Step(Bytes& in, std::span<std::byte> out) noexcept {
  if (!made_) {
    stream_ = {};
    made_ = ok_ = inflateInit2(&stream_, kBareDeflate) == Z_OK;
    if (!ok_) return 0;
  }
  stream_.next_in = const_cast<Bytef*>(Octets(in));
  stream_.avail_in = static_cast<uInt>(in.size());
  stream_.next_out = reinterpret_cast<Bytef*>(out.data());
  stream_.avail_out = static_cast<uInt>(out.size());
  const int status = inflate(&stream_, Z_SYNC_FLUSH);
  const std::size_t used = in.size() - stream_.avail_in, produced = out.size() - stream_.avail_out;
  in = in.subspan(used);
  produced_ += produced;
  // A sender may end its blocks for good at the end of a message; a fresh start follows.
  if (status == Z_STREAM_END) inflateReset(&stream_);
  const bool stuck = used == 0 && produced == 0;
  ok_ = (status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR) && !stuck && produced_ <= kMaxInflated;
  return produced;
}

void Inflater::EndMessage(bool keep_window) noexcept {
  produced_ = 0;
  if (!keep_window && made_ && ok_) inflateReset(&stream_);
}

void Inflater::GiveUp() noexcept {
  Reset();
  ok_ = false;
}

void Inflater::Reset() noexcept {
  if (made_) inflateEnd(&stream_);
  made_ = false;
  ok_ = true;
  produced_ = 0;
}

}  // namespace gander::protocol::websocket
