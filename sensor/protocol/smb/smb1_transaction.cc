// SPDX-License-Identifier: Apache-2.0
// SMB_COM_TRANSACTION and SMB_COM_TRANSACTION2 ([MS-CIFS] §2.2.5, §2.2.6): pipes, and what is said of files by name.
#include "protocol/smb/details.h"
#include "protocol/smb/listing.h"
#include "protocol/smb/rpc.h"
#include "protocol/smb/smb1.h"

namespace gander::protocol::smb {
namespace {

enum class Subcommand : std::uint16_t {
  kOpen = 0,
  kFindFirst = 1,
  kFindNext = 2,
  kQueryPath = 5,
  kSetPath = 6,
  kSetFile = 8,
  kCreateDirectory = 13,
  kReferral = 16,
};
constexpr std::uint64_t kTransactPipe = 0x26;
// Levels of information that are handed through to the file system, and CIFS' own.
constexpr std::uint64_t kRename = 1010, kDisposition = 1013, kDispositionOld = 0x102;

Layout LayoutOf(std::uint64_t level) noexcept {
  constexpr Layout kLevels[] = {Layout::kDirectory, Layout::kFull,   Layout::kNames,
                                Layout::kBoth,      Layout::kIdFull, Layout::kIdBoth};
  return level >= 0x101 && level <= 0x106 ? kLevels[level - 0x101] : Layout::kNone;
}

class TransactionReader {
 public:
  TransactionReader(Connection& connection, const Message& message, const Block& block, MessageSink& sink) noexcept
      : connection_(connection), message_(message), header_(message.header), words_(block.words), sink_(sink),
        parameters_at_(static_cast<std::size_t>(Field(words_, 20, 2))),
        parameters_(Range(message.bytes, parameters_at_, Field(words_, 18, 2))),
        data_(Range(message.bytes, Field(words_, 24, 2), Field(words_, 22, 2))) {}

  void Read() {
    if (words_.size() < 28) return sink_.OnAnomaly("malformed_data");
    if (header_.command1() == Command1::kTransaction) return Pipe();
    switch (static_cast<Subcommand>(Field(words_, 28, 2))) {
      case Subcommand::kFindFirst:
        Name(12);
        Expect(Field(parameters_, 6, 2));
        break;
      case Subcommand::kFindNext:
        Name(12);
        Expect(Field(parameters_, 4, 2));
        break;
      case Subcommand::kQueryPath: Name(6); break;
      case Subcommand::kSetPath: SetPath(); break;
      case Subcommand::kSetFile: SetFile(); break;
      case Subcommand::kOpen: Name(28); break;
      case Subcommand::kCreateDirectory: Name(4); break;
      case Subcommand::kReferral: Name(2); break;
      default: break;
    }
  }

 private:
  std::string Name(std::size_t at) {
    const Bytes until_end = message_.bytes.first(std::min(message_.bytes.size(), parameters_at_ + parameters_.size()));
    const std::string name = Strings(until_end, parameters_at_ + at, header_.unicode).Next();
    OnName("smb.filename", {}, name, message_.direction, sink_);
    return name;
  }
  // How the answer's entries are laid out.
  void Expect(std::uint64_t level) {
    const Layout layout = LayoutOf(level);
    if (layout != Layout::kNone) connection_.reads.Add({header_.message_id, 0, static_cast<std::uint64_t>(layout)});
  }

  void Pipe() {
    if (Field(words_, 28, 2) != kTransactPipe) return;
    File& file = connection_.FileOf(FileId1(Field(words_, 30, 2), header_), header_, sink_);
    file.pipe = true;
    connection_.reads.Add({header_.message_id, file.uid, 0});
    OnPipeRequest(connection_, file, message_, data_, sink_);
  }

  void SetPath() {
    const std::string name = Name(6);
    Set(Field(parameters_, 0, 2), name, {});
  }
  void SetFile() {
    const std::uint64_t fid = Field(parameters_, 0, 2);
    const File& file = connection_.FileOf(FileId1(fid, header_), header_, sink_);
    GuidBuffer text;
    const std::string_view name = file.name.empty() ? std::string_view("<unknown>") : std::string_view(file.name);
    Set(Field(parameters_, 2, 2), name, FidText(fid, text));
  }

  void Set(std::uint64_t level, std::string_view name, std::string_view fid) {
    if (level == kRename) {
      Transaction& t = connection_.Begin(message_, sink_);
      const std::string_view to = NameOf(Range(data_, 12, Field(data_, 8, 4)), header_.unicode);
      OnName("smb.filename", {}, to, message_.direction, sink_);
      WriteRename(name, to, t.detail);
      if (!fid.empty()) t.detail.String("fuid", fid);
    } else if (level == kDisposition || level == kDispositionOld) {
      Transaction& t = connection_.Begin(message_, sink_);
      t.detail.String("filename", name, Privacy::kIdentifier);
      t.detail.String("access", AccessName(Field(data_, 0, 1) != 0));
      t.detail.String("subcmd", !fid.empty() ? "SET_FILE_INFO" : "SET_PATH_INFO");
      t.detail.String("level_of_interest", "Set Disposition Information");
      if (!fid.empty()) t.detail.String("fuid", fid);
    }
  }

  Connection& connection_;
  const Message& message_;
  const Header& header_;
  const Bytes words_;
  MessageSink& sink_;
  const std::size_t parameters_at_;
  const Bytes parameters_, data_;
};

}  // namespace

void ReadTransaction(Connection& connection, const Message& message, const Block& block, MessageSink& sink) {
  TransactionReader(connection, message, block, sink).Read();
}

void ReadTransactionAnswer(Connection& connection, const Message& message, const Block& block, MessageSink& sink) {
  Read asked;
  if (!connection.reads.Take(message.header.message_id, asked)) return;
  const Bytes data = Range(message.bytes, Field(block.words, 14, 2), Field(block.words, 12, 2));
  if (!message.header.status.has_data()) return;
  if (message.header.command1() == Command1::kTransaction2)
    return ReadListing(data, static_cast<Layout>(asked.offset), message.header.unicode, message.direction, sink);
  File* file = connection.files.FindUid(asked.file);
  if (file != nullptr) OnPipeAnswer(connection, *file, message, data, sink);
}

}  // namespace gander::protocol::smb
