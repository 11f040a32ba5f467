// SPDX-License-Identifier: Apache-2.0
// A capture as a packet source: an input, a record format, and what to say when they break.
#ifndef GANDER_CAPTURE_FILE_SOURCE_H_
#define GANDER_CAPTURE_FILE_SOURCE_H_

#include <optional>

#include "capture/burst.h"
#include "capture/byte_input.h"
#include "capture/packet_source.h"
#include "capture/record_format.h"

namespace gander::capture {

class FileSource final : public PacketSource {
 public:
  // Recognises the format from the first bytes of `input`, waiting for them where it must. Errors: empty,
  // compressed, no capture, unknown version.
  static Result<std::unique_ptr<PacketSource>> Open(std::unique_ptr<ByteInput> input, std::string name);

  std::span<const Packet> Poll() noexcept override;
  bool exhausted() const noexcept override { return exhausted_; }
  SourceCounters counters() const noexcept override { return burst_.counters(); }
  bool frames_outlive_poll() const noexcept override { return input_->stable(); }
  const Error* problem() const noexcept override { return problem_ ? &*problem_ : nullptr; }
  const std::string& name() const noexcept override { return name_; }
  Progress progress() const noexcept override;

 private:
  FileSource(std::unique_ptr<ByteInput> input, std::unique_ptr<RecordFormat> format, std::string name)
      : input_(std::move(input)), format_(std::move(format)), name_(std::move(name)) {}

  void EndAt(const RecordFormat::Outcome& outcome) noexcept;
  void BreakAt(const RecordFormat::Outcome& outcome, const std::string& why, std::string remedy) noexcept;

  std::unique_ptr<ByteInput> input_;
  std::unique_ptr<RecordFormat> format_;
  std::string name_;
  Burst burst_;
  std::optional<Error> problem_;
  bool exhausted_ = false;
};

// The format of a capture, chosen by its first bytes; `head` holds at least HeadBytes() of them unless the
// input ended.
std::size_t HeadBytes(Bytes magic) noexcept;
Result<std::unique_ptr<RecordFormat>> OpenFormat(Bytes head);

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_FILE_SOURCE_H_
