// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "protocol/smb/details.h"
#include "protocol/smb/rpc.h"
#include "protocol/smb/smb.h"
#include "protocol/smb/smb1.h"

namespace gander::protocol::smb {
namespace {

using Kind = Transaction::Kind;

class AnswerReader {
 public:
  AnswerReader(Connection& connection, const Message& message, const Block& block, MessageSink& sink) noexcept
      : connection_(connection), message_(message), header_(message.header), block_(block), sink_(sink),
        strings_(message.bytes, block.data_at, message.header.unicode) {}

  DataPlace Read() {
    const Command1 command = header_.command1();
    if (command == Command1::kTransaction || command == Command1::kTransaction2)
      ReadTransactionAnswer(connection_, message_, block_, sink_);
    Transaction* t = connection_.transactions.Find(header_);
    if (t != nullptr) {
      ReadFor(*t);
      connection_.Answer(*t, header_, sink_);
    }
    const bool read = command == Command1::kReadAndX || command == Command1::kRead || command == Command1::kLockAndRead;
    return read ? ReadFile() : DataPlace();
  }

 private:
  std::uint64_t Word(std::size_t at, std::size_t octets = 2) const noexcept { return Field(block_.words, at, octets); }

  void ReadFor(Transaction& t) {
    const bool ok = header_.status.ok();
    switch (header_.command1()) {
      case Command1::kNegotiate: Negotiate(t); break;
      case Command1::kSessionSetupAndX: SessionSetup(t); break;
      case Command1::kTreeConnectAndX: TreeConnect(t); break;
      case Command1::kTreeConnect:
        t.header.tree = ok ? static_cast<std::uint32_t>(Word(2)) : header_.tree;
        Connected(t, {});
        break;
      case Command1::kNtCreateAndX:
        if (ok) Create(t);
        break;
      case Command1::kOpenAndX:
        if (ok) Opened(t, Word(4), Word(12, 4));
        break;
      case Command1::kOpen:
        if (ok) Opened(t, Word(0), Word(8, 4));
        break;
      case Command1::kCreate:
      case Command1::kCreateNew:
      case Command1::kCreateTemporary:
        if (ok) Opened(t, Word(0), 0);
        break;
      case Command1::kClose: {
        File* file = connection_.files.Find(t.file);
        if (file != nullptr) connection_.Close(*file, sink_);
        break;
      }
      default: break;
    }
  }

  void Negotiate(Transaction& t) {
    std::string_view names = t.name;
    for (std::uint64_t i = Word(0); i > 0 && !names.empty(); --i)
      names.remove_prefix(std::min(names.find('\0') + 1, names.size()));
    connection_.dialect = NameOf(AsBytes(names.substr(0, std::min(names.find('\0'), names.size()))), false);
    if (names.empty()) sink_.OnAnomaly("negotiate_malformed_dialects");
    GuidBuffer guid;
    t.detail.String("server_guid", GuidText(block_.data, guid));
  }

  void SessionSetup(Transaction& t) {
    t.header.session = header_.session;
    t.header.tree = header_.tree;
    if (block_.words.size() < 6) return;
    if (block_.words.size() >= 8) strings_.Skip(static_cast<std::size_t>(Word(6)));
    const std::string os = strings_.Next(), lm = strings_.Next();
    t.detail.BeginObject("response").String("native_os", os).String("native_lm", lm).EndObject();
  }

  void TreeConnect(Transaction& t) {
    t.header.session = header_.session;
    t.header.tree = header_.tree;
    Connected(t, header_.status.ok() ? strings_.NextAscii() : std::string());
  }

  void Connected(Transaction& t, std::string service) {
    constexpr std::uint8_t kDisk = 1, kPipe = 2;
    if (!header_.status.ok()) return;
    const bool pipe = (service.empty() ? t.service : service) == "IPC";
    t.share_type = pipe ? kPipe : kDisk;
    t.service_answer = std::move(service);
    connection_.trees.Add(t.header.session, t.header.tree, pipe, t.name);
  }

  void Create(Transaction& t) {
    if (block_.words.size() < 68) return sink_.OnAnomaly("malformed_data");
    WriteTimes(block_.words, 11, t.detail);
    t.detail.Integer("size", static_cast<std::int64_t>(Word(55, 8)));
    Opened(t, Word(5), Word(55, 8));
  }

  void Opened(Transaction& t, std::uint64_t fid, std::uint64_t size) {
    GuidBuffer text;
    t.detail.String("fuid", FidText(fid, text));
    File& file = connection_.Open(FileId1(fid, header_), t.name, t.header, sink_);
    file.end = size;
    if (size > 0 && size <= INT64_MAX) file.streams[Index(message_.direction)].size = static_cast<std::int64_t>(size);
  }

  DataPlace ReadFile() {
    smb::Read read;
    const bool asked = connection_.reads.Take(header_.message_id, read);
    File* file = asked ? connection_.files.FindUid(read.file) : nullptr;
    if (!header_.status.has_data() || block_.words.size() < 10) return {};
    const DataPlace place = PlaceOfRead(header_.command1(), block_, message_, sink_);
    const Bytes data = Range(message_.bytes, place.at, place.length);
    if (file == nullptr) file = &connection_.Nameless(message_.direction, header_, sink_);
    if (file->pipe || (connection_.MayBePipe(*file) && IsRpcPacket(data))) {
      file->pipe = !file->nameless;
      OnPipeAnswer(connection_, *file, message_, data, sink_);
      return {};
    }
    // Nothing more is there.
    if (place.length == 0) connection_.bodies.OnEndOfFile(message_.direction, *file, read.offset, sink_);
    const std::uint64_t offset = file->nameless ? file->streams[Index(message_.direction)].next : read.offset;
    if (place.length > 0) connection_.BeginData(*file, message_, offset, place.length, sink_);
    return place;
  }

  Connection& connection_;
  const Message& message_;
  const Header& header_;
  const Block& block_;
  MessageSink& sink_;
  Strings strings_;
};

}  // namespace

DataPlace ReadAnswer1(Connection& connection, const Message& message, const Block& block, MessageSink& sink) {
  return AnswerReader(connection, message, block, sink).Read();
}

}  // namespace gander::protocol::smb
