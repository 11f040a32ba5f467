// SPDX-License-Identifier: Apache-2.0
// Frames of conversations: cut, shuffled, doubled and thinned as a test wants.
#ifndef GANDER_TESTS_RUNTIME_WEAR_H_
#define GANDER_TESTS_RUNTIME_WEAR_H_

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/replay.h"
#include "runtime/traffic.h"

namespace gander::runtime {

struct Wear {
  bool tiny_segments = false;  // of 1..7 bytes instead of up to 1460
  std::size_t shuffle = 1;     // segments of one turn change places within windows of so many
  bool twice = false;          // every packet
  double loss = 0;             // share of packets that never arrive
};

// The frames of one session, turn by turn.
class Wire {
 public:
  Wire(const Session& session, const Wear& wear, std::mt19937& random)
      : session_(session),
        wear_(wear),
        random_(random),
        dialogs_(session.connections.begin(), session.connections.end()) {}

  std::vector<std::string> Frames(const Turn& turn) {
    const FiveTuple& tuple = session_.connections[turn.connection];
    test::TcpDialog& dialog = dialogs_[turn.connection];
    const auto before = static_cast<std::ptrdiff_t>(dialog.frames().size());
    switch (turn.kind) {
      case Turn::kOpen:
        dialog.Handshake();
        break;
      case Turn::kClose:
        dialog.Close();
        break;
      case Turn::kClient:
      case Turn::kServer:
        Say(dialog, turn);
        break;
      case Turn::kClientDatagram:
        return {test::UdpFrame(tuple, turn.text)};
      case Turn::kServerDatagram:
        return {test::UdpFrame(tuple.Reversed(), turn.text)};
    }
    std::vector<std::string> frames(dialog.frames().begin() + before, dialog.frames().end());
    if (turn.kind == Turn::kClient || turn.kind == Turn::kServer) Shuffle(frames);
    return frames;
  }

 private:
  void Say(test::TcpDialog& dialog, const Turn& turn) {
    for (std::size_t at = 0; at < turn.text.size();) {
      const std::size_t length = wear_.tiny_segments ? random_() % 7 + 1 : 1460;
      const std::string_view piece = std::string_view(turn.text).substr(at, length);
      turn.kind == Turn::kClient ? dialog.ClientSays(piece) : dialog.ServerSays(piece);
      at += length;
    }
  }

  void Shuffle(std::vector<std::string>& frames) {
    const auto window = static_cast<std::ptrdiff_t>(wear_.shuffle);
    for (auto at = frames.begin(); at != frames.end();) {
      const auto end = at + std::min(window, frames.end() - at);
      std::shuffle(at, end, random_);
      at = end;
    }
  }

  const Session& session_;
  const Wear wear_;
  std::mt19937& random_;
  std::vector<test::TcpDialog> dialogs_;
};

// Sessions begin 0.7 s apart and overlap; a turn takes 0.1 s however it is cut.
inline std::vector<TimedFrame> FramesOf(const std::vector<Session>& sessions, const Wear& wear = {},
                                        std::uint32_t seed = 1) {
  std::mt19937 random(seed);
  std::bernoulli_distribution lost(wear.loss);
  std::vector<TimedFrame> out;
  for (std::size_t n = 0; n < sessions.size(); ++n) {
    Wire wire(sessions[n], wear, random);
    Timestamp begin = kStart + Duration::Millis(static_cast<std::int64_t>(n) * 700);
    for (const Turn& turn : sessions[n].turns) {
      const std::vector<std::string> frames = wire.Frames(turn);
      Timestamp time{begin.ns + static_cast<std::int64_t>(n)};  // no two sessions at one instant
      const Duration step{Duration::Millis(100).ns / static_cast<std::int64_t>(frames.size() + 1)};
      for (const std::string& frame : frames) {
        for (int copy = wear.twice ? 2 : 1; copy > 0; --copy) {
          if (!lost(random)) out.push_back({time, frame});
        }
        time = time + step;
      }
      begin = begin + Duration::Millis(100);
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const TimedFrame& a, const TimedFrame& b) { return a.time < b.time; });
  return out;
}

}  // namespace gander::runtime

#endif  // GANDER_TESTS_RUNTIME_WEAR_H_
