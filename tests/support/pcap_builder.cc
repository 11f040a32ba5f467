// SPDX-License-Identifier: Apache-2.0
// Captures as bytes: classic pcap and pcapng.
#include "support/pcap_builder.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace gander::test {
namespace {

template <class Unsigned>
std::string Fixed(bool big_endian, Unsigned v) {
  std::string out;
  for (std::size_t i = 0; i < sizeof v; ++i) {
    const std::size_t shift = 8 * (big_endian ? sizeof v - 1 - i : i);
    out += static_cast<char>(v >> shift & 0xff);
  }
  return out;
}

std::string Padded(std::string_view body) {
  std::string out(body);
  out.resize((out.size() + 3) / 4 * 4, '\0');
  return out;
}

std::uint32_t LengthOnWire(std::string_view frame, std::uint32_t wire_length) {
  return wire_length != 0 ? wire_length : static_cast<std::uint32_t>(frame.size());
}

}  // namespace

PcapWriter::PcapWriter(const PcapOptions& options) : options_(options) {
  const bool be = options.big_endian;
  bytes_ = Fixed(be, options.magic) + Fixed(be, options.major) + Fixed(be, options.minor) +
           std::string(8, '\0') + Fixed(be, options.snap_length) + Fixed(be, options.link);
}

PcapWriter& PcapWriter::Add(Timestamp time, std::string_view frame, std::uint32_t wire_length) {
  const bool be = options_.big_endian;
  const std::int64_t ticks = time.ns % kNanosPerSecond / (options_.magic == 0xa1b23c4d ? 1 : 1000);
  bytes_ += Fixed(be, static_cast<std::uint32_t>(time.ns / kNanosPerSecond)) +
            Fixed(be, static_cast<std::uint32_t>(ticks)) +
            Fixed(be, static_cast<std::uint32_t>(frame.size())) + Fixed(be, LengthOnWire(frame, wire_length));
  if (options_.magic == 0xa1b2cd34) bytes_ += std::string(8, '\0');
  bytes_ += frame;
  return *this;
}

std::string PcapOf(const std::vector<std::string>& frames, Timestamp start) {
  PcapWriter writer;
  for (const std::string& frame : frames) {
    writer.Add(start, frame);
    start = start + Duration::Millis(1);
  }
  return writer.bytes();
}

PcapngWriter& PcapngWriter::Section(bool big_endian, std::uint16_t major) {
  big_endian_ = big_endian;
  return Block(0x0a0d0d0a, Fixed(big_endian, std::uint32_t{0x1a2b3c4d}) + Fixed(big_endian, major) +
                               Fixed(big_endian, std::uint16_t{0}) + Fixed(big_endian, ~std::uint64_t{0}));
}

PcapngWriter& PcapngWriter::Interface(std::uint16_t link, std::uint32_t snap_length, std::uint8_t resolution,
                                      std::int64_t offset_seconds) {
  const auto option = [this](std::uint16_t code, const std::string& value) {
    return Fixed(big_endian_, code) + Fixed(big_endian_, static_cast<std::uint16_t>(value.size())) +
           Padded(value);
  };
  std::string body =
      Fixed(big_endian_, link) + Fixed(big_endian_, std::uint16_t{0}) + Fixed(big_endian_, snap_length);
  body += option(2, "eth0");
  if (resolution != 6) body += option(9, std::string(1, static_cast<char>(resolution)));
  if (offset_seconds != 0) body += option(14, Fixed(big_endian_, static_cast<std::uint64_t>(offset_seconds)));
  return Block(1, body + option(0, {}));
}

PcapngWriter& PcapngWriter::Enhanced(std::uint32_t interface, std::uint64_t ticks, std::string_view frame,
                                     std::uint32_t wire_length) {
  return Block(6, Fixed(big_endian_, interface) +
                      Fixed(big_endian_, static_cast<std::uint32_t>(ticks >> 32)) +
                      Fixed(big_endian_, static_cast<std::uint32_t>(ticks)) +
                      Fixed(big_endian_, static_cast<std::uint32_t>(frame.size())) +
                      Fixed(big_endian_, LengthOnWire(frame, wire_length)) + std::string(frame));
}

PcapngWriter& PcapngWriter::Simple(std::string_view frame, std::uint32_t wire_length) {
  return Block(3, Fixed(big_endian_, LengthOnWire(frame, wire_length)) + std::string(frame));
}

PcapngWriter& PcapngWriter::Obsolete(std::uint16_t interface, std::uint64_t ticks, std::string_view frame) {
  const auto size = static_cast<std::uint32_t>(frame.size());
  return Block(2, Fixed(big_endian_, interface) + Fixed(big_endian_, std::uint16_t{0xffff}) +
                      Fixed(big_endian_, static_cast<std::uint32_t>(ticks >> 32)) +
                      Fixed(big_endian_, static_cast<std::uint32_t>(ticks)) + Fixed(big_endian_, size) +
                      Fixed(big_endian_, size) + std::string(frame));
}

PcapngWriter& PcapngWriter::Block(std::uint32_t type, std::string_view body) {
  const std::string padded = Padded(body);
  const std::string length = Fixed(big_endian_, static_cast<std::uint32_t>(padded.size() + 12));
  bytes_ += Fixed(big_endian_, type) + length + padded + length;
  return *this;
}

TemporaryFile::TemporaryFile(std::string_view content, const std::string& suffix)
    : path_((std::filesystem::temp_directory_path() / ("gander-XXXXXX" + suffix)).string()) {
  const int fd = mkstemps(path_.data(), static_cast<int>(suffix.size()));
  if (fd < 0) std::abort();
  for (std::size_t done = 0; done < content.size();) {
    const ssize_t n = write(fd, content.data() + done, content.size() - done);
    if (n <= 0) std::abort();
    done += static_cast<std::size_t>(n);
  }
  close(fd);
}

TemporaryFile::~TemporaryFile() { unlink(path_.c_str()); }

}  // namespace gander::test
