// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "protocol/smb/details.h"
#include "protocol/smb/listing.h"
#include "protocol/smb/names.h"
#include "protocol/smb/rpc.h"
#include "protocol/smb/smb.h"
#include "protocol/smb/smb2.h"

namespace gander::protocol::smb {
namespace {

using Kind = Transaction::Kind;

class AnswerReader {
 public:
  AnswerReader(Connection& connection, Message message, MessageSink& sink) noexcept
      : connection_(connection), message_(message), sink_(sink), status_(message.header.status) {
    if (message.bytes.size() > kSmb2Header) body_ = message.bytes.subspan(kSmb2Header);
  }

  DataPlace Read() {
    if (message_.header.command2() == Command2::kRead) return ReadFile();
    Transaction* t = Find();
    if (message_.header.command2() == Command2::kIoctl) Control();
    const bool unasked = t == nullptr || connection_.requests == 0;
    if (unasked && (message_.header.command2() == Command2::kClose || message_.header.command2() == Command2::kCreate))
      CloseNameless();
    if (t == nullptr) return {};
    switch (message_.header.command2()) {
      case Command2::kNegotiate: Negotiate(*t); break;
      case Command2::kSessionSetup: Adopt(*t); break;
      case Command2::kTreeConnect: TreeConnect(*t); break;
      case Command2::kCreate: Create(*t); break;
      case Command2::kClose: Close(*t); break;
      case Command2::kQueryDirectory:
      case Command2::kChangeNotify: Listing(*t); break;
      default: break;
    }
    connection_.Answer(*t, message_.header, sink_);
    return {};
  }

 private:
  Transaction* Find() {
    Transaction* t = connection_.transactions.Find(message_.header);
    // A client that speaks both begins with SMB 1 and may be answered in SMB 2.
    if (t == nullptr && message_.header.command2() == Command2::kNegotiate)
      t = connection_.transactions.FindKind(Kind::kNegotiate);
    // Of a flow of which only the server is heard, its answers are all there is to tell.
    if (t == nullptr && connection_.requests == 0 && !status_.pending() &&
        message_.header.command2() != Command2::kWrite && message_.header.command2() != Command2::kIoctl &&
        message_.header.command2() != Command2::kQueryInfo && message_.header.command2() != Command2::kSetInfo)
      t = &BeginUnasked();
    return t;
  }
  Transaction& BeginUnasked() {
    Transaction& t = connection_.Begin(message_, sink_);
    if (message_.header.command2() == Command2::kCreate) t.kind = Kind::kCreate;
    return t;
  }
  // The session and tree that the answer tells.
  void Adopt(Transaction& t) {
    t.header.session = message_.header.session;
    if (!message_.header.async) t.header.tree = message_.header.tree;
  }

  void Negotiate(Transaction& t) {
    if (body_.size() < 64) return;
    NameText scratch;
    connection_.dialect = DialectName(static_cast<std::uint16_t>(Field(body_, 4, 2)), scratch);
    connection_.max_read = Field(body_, 32, 4);
    connection_.max_write = Field(body_, 36, 4);
    GuidBuffer guid;
    t.detail.String("server_guid", GuidText(Range(body_, 8, 16), guid));
    t.detail.Integer("max_read_size", static_cast<std::int64_t>(connection_.max_read));
    t.detail.Integer("max_write_size", static_cast<std::int64_t>(connection_.max_write));
  }

  void TreeConnect(Transaction& t) {
    Adopt(t);
    if (!status_.ok()) return;
    constexpr std::uint8_t kPipe = 2;
    t.share_type = static_cast<std::uint8_t>(Field(body_, 2, 1));
    connection_.trees.Add(t.header.session, t.header.tree, t.share_type == kPipe, t.name);
  }

  void Create(Transaction& t) {
    const FileId future{t.header.message_id, ~std::uint64_t{0}};
    File* begun = connection_.files.Find(future);
    if (!status_.ok()) {
      if (begun != nullptr && !status_.pending()) connection_.Close(*begun, sink_);
      return;
    }
    if (body_.size() < 80) return sink_.OnAnomaly("malformed_data");
    WriteTimes(body_, 8, t.detail);
    const std::uint64_t size = Field(body_, 48, 8);
    t.detail.Integer("size", static_cast<std::int64_t>(size));
    GuidBuffer guid;
    t.detail.String("fuid", GuidText(Range(body_, 64, 16), guid));
    const FileId id = FileIdAt(body_, 64);
    if (begun == nullptr) {
      begun = &connection_.Open(id, t.name, t.header, sink_);
    } else {
      begun->id = id;
    }
    connection_.transactions.Rename(future, id);
    begun->end = size;
    FileStream& read = begun->streams[Index(message_.direction)];
    if (size > 0 && size <= INT64_MAX) read.size = static_cast<std::int64_t>(size);
  }

  void Close(Transaction& t) {
    File* file = connection_.files.Find(t.file);
    if (file != nullptr) connection_.Close(*file, sink_);
  }

  void CloseNameless() {
    File* file = connection_.files.Find(NamelessId(message_.direction));
    if (file != nullptr) connection_.Close(*file, sink_);
  }

  DataPlace ReadFile() {
    smb::Read read;
    if (status_.pending()) return {};
    const bool asked = connection_.reads.Take(message_.header.message_id, read);
    File* file = asked ? connection_.files.FindUid(read.file) : nullptr;
    if (status_.end_of_file() && file != nullptr)
      connection_.bodies.OnEndOfFile(message_.direction, *file, read.offset, sink_);
    if (!status_.has_data()) return {};
    if (body_.size() < 16) {
      sink_.OnAnomaly("malformed_data");
      return {};
    }
    const DataPlace place = PlaceOfData2(message_, sink_);
    const Bytes data = Range(message_.bytes, place.at, place.length);
    if (file == nullptr) file = &connection_.Nameless(message_.direction, message_.header, sink_);
    if (file->pipe || (connection_.MayBePipe(*file) && IsRpcPacket(data))) {
      file->pipe = !file->nameless;
      OnPipeAnswer(connection_, *file, message_, data, sink_);
      return {};
    }
    const std::uint64_t offset = file->nameless ? file->streams[Index(message_.direction)].next : read.offset;
    if (place.length > 0) connection_.BeginData(*file, message_, offset, place.length, sink_);
    return place;
  }

  void Control() {
    if (!status_.has_data() || body_.size() < 48) return;
    const Bytes output = Range(message_.bytes, Field(body_, 32, 4), Field(body_, 36, 4));
    if (!IsRpcPacket(output)) return;
    OnPipeAnswer(connection_, connection_.FileOf(FileIdAt(body_, 8), message_.header, sink_), message_, output, sink_);
  }

  void Listing(const Transaction& t) {
    if (!status_.ok() || body_.size() < 8) return;
    const Bytes entries = Range(message_.bytes, Field(body_, 2, 2), Field(body_, 4, 4));
    ReadListing(entries, static_cast<Layout>(t.info_class), true, message_.direction, sink_);
  }

  Connection& connection_;
  Message message_;
  MessageSink& sink_;
  const Status status_;
  Bytes body_;
};

}  // namespace

DataPlace ReadAnswer2(Connection& connection, const Message& message, MessageSink& sink) {
  return AnswerReader(connection, message, sink).Read();
}

DataPlace ReadMessage2(Connection& connection, const Message& message, MessageSink& sink) {
  return message.header.response ? ReadAnswer2(connection, message, sink) : ReadRequest2(connection, message, sink);
}

DataPlace PlaceOfData2(const Message& message, MessageSink& sink) {
  const bool read = message.header.response;
  const std::uint64_t named = Field(message.bytes, kSmb2Header + 2, read ? 1 : 2);
  const std::uint64_t at = std::max<std::uint64_t>(named, read ? kReadAnswerData : kWriteRequestData);
  const std::uint64_t length = Field(message.bytes, kSmb2Header + 4, 4);
  const std::uint64_t room = message.length > at ? message.length - at : 0;
  if (length > room) sink.OnAnomaly(read ? "read_response_too_large" : "write_request_too_large");
  return {at, std::min(length, room)};
}

}  // namespace gander::protocol::smb
