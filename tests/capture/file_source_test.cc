// SPDX-License-Identifier: Apache-2.0
// Opening of files and pipes: what is refused and why; a pipe cut anyhow gives what the mapped file gives.
#include "capture/file_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "capture/drain.h"
#include "support/pcap_builder.h"

namespace gander {
namespace {

using test::PcapngWriter;
using test::PcapWriter;
using test::TemporaryFile;
using testing::HasSubstr;

Error ErrorOf(const std::string& path) {
  auto source = capture::OpenFile(path);
  if (source) {
    ADD_FAILURE() << path << " opened";
    return {};
  }
  EXPECT_FALSE(source.error().cause.empty());
  EXPECT_FALSE(source.error().remedy.empty());
  return source.error();
}

// A capture of frames of all sizes, larger than the stream's buffer.
std::string LargeCapture() {
  PcapWriter writer;
  for (std::size_t i = 0; i < 3000; ++i) {
    writer.Add({static_cast<std::int64_t>(i) * 1'000'000},
               std::string((i * 7919) % 3000, static_cast<char>(i)));
  }
  writer.Add({0}, std::string(262144, 'L'));
  for (int i = 0; i < 10; ++i) writer.Add({0}, std::string(200'000, static_cast<char>('l' + i)));
  return writer.Add({0}, "last").bytes();
}

class Pipe {
 public:
  explicit Pipe(std::string bytes) : bytes_(std::move(bytes)) {
    if (pipe(ends_) != 0) std::abort();
    writer_ = std::thread([this] {
      for (std::size_t done = 0; done < bytes_.size();) {
        const ssize_t n =
            write(ends_[1], bytes_.data() + done, std::min<std::size_t>(bytes_.size() - done, 50'000));
        if (n <= 0) break;
        done += static_cast<std::size_t>(n);
      }
      close(ends_[1]);
    });
  }
  ~Pipe() { writer_.join(); }
  int reading_end() const { return ends_[0]; }

 private:
  std::string bytes_;
  int ends_[2];
  std::thread writer_;
};

TEST(OpenFile, SaysWhatIsWrongWithIt) {
  EXPECT_THAT(ErrorOf("/no/such/capture.pcap").cause, HasSubstr("No such file"));
  EXPECT_THAT(ErrorOf(std::filesystem::temp_directory_path()).cause, HasSubstr("directory"));
  EXPECT_THAT(ErrorOf(TemporaryFile("").path()).cause, HasSubstr("empty"));
  EXPECT_THAT(ErrorOf("/dev/null").cause, HasSubstr("empty"));
  EXPECT_THAT(ErrorOf(TemporaryFile("abc").path()).cause, HasSubstr("neither pcap nor pcapng"));
  EXPECT_THAT(ErrorOf(TemporaryFile("GET / HTTP/1.1\r\n").path()).cause,
              HasSubstr("neither pcap nor pcapng"));
  EXPECT_THAT(ErrorOf(TemporaryFile("\x1f\x8b\x08....").path()).remedy, HasSubstr("gunzip"));
  EXPECT_THAT(ErrorOf(TemporaryFile("\x28\xb5\x2f\xfd....").path()).remedy, HasSubstr("zstd"));
  EXPECT_THAT(ErrorOf(TemporaryFile(std::string("snoop\0\0\0\0\0\0\2", 12)).path()).remedy,
              HasSubstr("editcap"));
  const TemporaryFile file("nothing");
  EXPECT_EQ(ErrorOf(file.path()).file, file.path());
}

TEST(OpenFile, MapsRegularFilesWhoseFramesOutlivePoll) {
  const TemporaryFile file(LargeCapture());
  auto source = capture::OpenFile(file.path());
  ASSERT_TRUE(source);
  EXPECT_TRUE((*source)->frames_outlive_poll());
  EXPECT_EQ((*source)->name(), file.path());
  const capture::Packet first_data = (*source)->Poll()[1];
  const std::string before(AsText(first_data.frame));
  EXPECT_EQ(test::Drain(**source).size(), 3012u - capture::PacketSource::kMaxBurst);
  EXPECT_EQ(AsText(first_data.frame), before);
  EXPECT_EQ((*source)->progress().done, (*source)->progress().total);
  EXPECT_EQ((*source)->problem(), nullptr);
}

TEST(OpenFile, AFileShortenedMeanwhileEndsWithAnError) {
  std::string bytes = test::PcapOf(std::vector<std::string>(10'000, std::string(1000, 's')));
  const TemporaryFile file(bytes);
  ASSERT_GT(bytes.size(), 2 * capture::MappedInput::kWindow);
  auto source = capture::OpenFile(file.path());
  ASSERT_TRUE(source);
  EXPECT_FALSE((*source)->Poll().empty());
  std::filesystem::resize_file(file.path(), capture::MappedInput::kWindow + 10'000);
  EXPECT_EQ(test::Drain(**source).size() + capture::PacketSource::kMaxBurst,
            capture::MappedInput::kWindow / 1016);
  ASSERT_NE((*source)->problem(), nullptr);
  EXPECT_THAT((*source)->problem()->cause, HasSubstr("shortened"));
}

TEST(OpenFile, PiecesGiveWhatTheMappedFileGives) {
  PcapngWriter ng;
  ng.Section().Interface(1, 0, 9).Block(4, std::string(5 << 20, 'n'));
  for (std::uint64_t i = 0; i < 500; ++i) ng.Enhanced(0, i, std::string((i * 7919) % 3000, 'f'));
  for (const std::string& bytes : {LargeCapture(), ng.bytes(), LargeCapture().substr(0, 1'234'567)}) {
    ASSERT_GT(bytes.size(), 2 * capture::PieceInput::kPiece);
    const TemporaryFile file(bytes);
    auto mapped = capture::OpenFile(file.path()), pieces = capture::OpenFile(file.path(), capture::FileAccess::kPieces);
    ASSERT_TRUE(mapped && pieces);
    EXPECT_FALSE((*pieces)->frames_outlive_poll());
    // Bursts too are the same ones, also where 64 frames are many pieces.
    while (!(*mapped)->exhausted()) {
      const auto expected = test::CopyOf((*mapped)->Poll());
      ASSERT_EQ(test::CopyOf((*pieces)->Poll()), expected);
    }
    EXPECT_TRUE((*pieces)->exhausted());
    EXPECT_EQ((*pieces)->progress().done, (*mapped)->progress().done);
    const Error *ours = (*pieces)->problem(), *theirs = (*mapped)->problem();
    EXPECT_EQ(ours != nullptr ? ours->ToString() : "", theirs != nullptr ? theirs->ToString() : "");
  }
}

TEST(OpenFile, AFileShortenedWhilePiecesAreReadEndsWithAnError) {
  const TemporaryFile file(test::PcapOf(std::vector<std::string>(1000, std::string(1000, 's'))));
  auto source = capture::OpenFile(file.path(), capture::FileAccess::kPieces);
  ASSERT_TRUE(source);
  EXPECT_FALSE((*source)->Poll().empty());
  std::filesystem::resize_file(file.path(), capture::PieceInput::kPiece + 10'000);
  EXPECT_EQ(test::Drain(**source).size() + capture::PacketSource::kMaxBurst,
            (capture::PieceInput::kPiece + 10'000) / 1016);
  ASSERT_NE((*source)->problem(), nullptr);
  EXPECT_THAT((*source)->problem()->cause, HasSubstr("shortened"));
}

TEST(OpenFile, ReadsAFifo) {
  const std::string path =
      (std::filesystem::temp_directory_path() / fmt::format("gander-fifo-{}", getpid())).string();
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&] {
    const std::string bytes = test::PcapOf({"one", "two"});
    const int fd = open(path.c_str(), O_WRONLY);
    EXPECT_EQ(write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    close(fd);
  });
  auto source = capture::OpenFile(path);
  ASSERT_TRUE(source);
  EXPECT_FALSE((*source)->frames_outlive_poll());
  EXPECT_EQ(test::Drain(**source).size(), 2u);
  writer.join();
  unlink(path.c_str());
}

TEST(OpenFile, DashIsStandardInput) {
  const int saved = dup(STDIN_FILENO);
  {
    Pipe pipe(LargeCapture());
    dup2(pipe.reading_end(), STDIN_FILENO);
    close(pipe.reading_end());
    auto source = capture::OpenFile("-");
    ASSERT_TRUE(source);
    EXPECT_EQ((*source)->name(), "standard input");
    EXPECT_EQ(test::Drain(**source).size(), 3012u);
    EXPECT_EQ((*source)->problem(), nullptr);
  }
  dup2(saved, STDIN_FILENO);
  close(saved);
}

TEST(StreamInput, GivesWhatTheMappedFileGivesHoweverItIsCut) {
  PcapngWriter ng;
  ng.Section().Interface(1, 0, 9).Block(4, std::string(5 << 20, 'n'));
  for (std::uint64_t i = 0; i < 500; ++i) ng.Enhanced(0, i, std::string((i * 7919) % 3000, 'f'));
  for (const std::string& bytes : {LargeCapture(), ng.bytes()}) {
    const auto expected = test::Drain(**test::OpenBytes(bytes));
    for (const std::size_t read_bytes : {1009u, 65536u}) {
      Pipe pipe(bytes);
      auto input = std::make_unique<capture::StreamInput>(pipe.reading_end(), true, read_bytes);
      auto source = capture::FileSource::Open(std::move(input), "pipe");
      ASSERT_TRUE(source);
      EXPECT_EQ(test::Drain(**source), expected);
      EXPECT_EQ((*source)->problem(), nullptr);
    }
  }
}

TEST(StreamInput, CutAtEachByteSaysTheSameAsMemory) {
  const std::string pcap = test::PcapOf({"first", "second"});
  const std::string ng = PcapngWriter().Section().Interface().Enhanced(0, 1, "one").Block(5, "skip").bytes();
  for (const std::string& whole : {pcap, ng}) {
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
      const std::string bytes = whole.substr(0, cut);
      auto expected = test::OpenBytes(bytes);
      Pipe pipe(bytes);
      auto source = capture::FileSource::Open(
          std::make_unique<capture::StreamInput>(pipe.reading_end(), true, 3), "test");
      ASSERT_EQ(source.has_value(), expected.has_value()) << cut;
      if (!source) {
        EXPECT_EQ(source.error().ToString(), expected.error().ToString());
        continue;
      }
      EXPECT_EQ(test::Drain(**source), test::Drain(**expected));
      const Error *ours = (*source)->problem(), *theirs = (*expected)->problem();
      EXPECT_EQ(ours != nullptr ? ours->ToString() : "", theirs != nullptr ? theirs->ToString() : "");
    }
  }
}

TEST(StreamInput, AnIdlePipeGivesAnEmptyBurst) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string bytes = test::PcapOf({"one"});
  ASSERT_EQ(write(ends[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  auto source = capture::FileSource::Open(std::make_unique<capture::StreamInput>(ends[0], true), "pipe");
  ASSERT_TRUE(source);
  EXPECT_EQ((*source)->Poll().size(), 1u);
  EXPECT_TRUE((*source)->Poll().empty());
  EXPECT_FALSE((*source)->exhausted());
  close(ends[1]);
  EXPECT_TRUE((*source)->Poll().empty());
  EXPECT_TRUE((*source)->exhausted());
}

TEST(OpenMemory, ReplaysAndCountsOn) {
  const std::string a = "frame a", b = "b";
  std::vector<capture::Packet> packets(2);
  packets[0].frame = AsBytes(a);
  packets[1].frame = AsBytes(b);
  packets[1].wire_length = 10;
  auto source = capture::OpenMemory(packets, "memory", 100);
  const auto all = test::Drain(*source);
  ASSERT_EQ(all.size(), 200u);
  EXPECT_EQ(all[198].frame, a);
  EXPECT_EQ(all[199].number, 200u);
  EXPECT_EQ(source->counters().received_bytes, 1700u);
  EXPECT_TRUE(capture::OpenMemory({}, "none")->exhausted());
}

}  // namespace
}  // namespace gander
