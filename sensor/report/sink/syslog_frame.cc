// SPDX-License-Identifier: Apache-2.0
#include "report/sink/syslog_frame.h"

#include <unistd.h>

#include "base/format.h"

namespace gander::report {
namespace {

// RFC 5424 §6: the longest each may be.
constexpr std::size_t kMaxHost = 255, kMaxAppName = 48, kMaxProcId = 128, kMaxMsgId = 32;
constexpr std::uint32_t kMaxSequence = 2147483647;  // §7.3.1
constexpr std::size_t kEveOffset = 5;               // "+0000" at the end of EVE's time

// PRINTUSASCII, or the nil value.
std::string Field(std::string_view text, std::size_t most) {
  std::string out(text.substr(0, most));
  for (char& c : out) {
    if (c < 33 || c > 126) c = '_';
  }
  return out.empty() ? "-" : out;
}

std::string HostName() {
  char name[kMaxHost + 1] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

class SyslogFramer final : public Framer {
 public:
  explicit SyslogFramer(const SyslogHeader& header)
      : facility_(header.facility),
        place_(" " + Field(header.host.empty() ? HostName() : header.host, kMaxHost) + " " +
               Field(header.app_name, kMaxAppName) + " " + Field(std::to_string(::getpid()), kMaxProcId) + " "),
        version_(Field(header.version, kMaxAppName)),
        structured_(header.structured) {}

  void Append(const EventBatch& batch, std::size_t i, std::size_t ahead, std::string& out) override {
    const EventLine& line = batch.lines[i];
    message_ = "<" + std::to_string(facility_ * 8 + static_cast<std::uint32_t>(SyslogSeverity(line.severity))) + ">1 ";
    TimeText time;
    std::string_view stamp = WriteEveTime(line.time, time);
    stamp.remove_suffix(kEveOffset);
    message_.append(stamp).append("Z").append(place_).append(Field(line.type, kMaxMsgId)).append(" ");
    if (structured_) {
      const std::uint32_t sequence = static_cast<std::uint32_t>((done_ + ahead) % kMaxSequence) + 1;
      message_ += "[origin software=\"gander\" swVersion=\"" + version_ + "\"][meta sequenceId=\"" +
                  std::to_string(sequence) + "\"] ";
    } else {
      message_ += "- ";
    }
    std::string_view text = batch.line(i);
    if (text.ends_with('\n')) text.remove_suffix(1);
    message_ += text;
    out.append(std::to_string(message_.size())).append(" ").append(message_);
  }
  void Next() noexcept override { ++done_; }

 private:
  const std::uint32_t facility_;
  const std::string place_, version_;
  const bool structured_;
  std::uint64_t done_ = 0;
  std::string message_;
};

}  // namespace

int SyslogSeverity(std::uint8_t severity) noexcept {
  switch (severity) {
    case 5: return 2;
    case 4: return 3;
    case 3: return 4;
    case 2: return 5;
    default: return 6;
  }
}

std::unique_ptr<Framer> NewSyslogFramer(const SyslogHeader& header) { return std::make_unique<SyslogFramer>(header); }

}  // namespace gander::report
