// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "protocol/smb/details.h"
#include "protocol/smb/listing.h"
#include "protocol/smb/names.h"
#include "protocol/smb/rpc.h"
#include "protocol/smb/session.h"
#include "protocol/smb/smb.h"
#include "protocol/smb/smb2.h"

namespace gander::protocol::smb {
namespace {

using Kind = Transaction::Kind;

// The handle that a chained open will give, until its answer says which.
FileId FutureFile(std::uint64_t message_id) noexcept { return {message_id, ~std::uint64_t{0}}; }

class RequestReader {
 public:
  RequestReader(Connection& connection, Message message, MessageSink& sink) noexcept
      : connection_(connection), message_(message), sink_(sink), chain_(connection.chains[Index(message.direction)]) {
    if (message.bytes.size() > kSmb2Header) body_ = message.bytes.subspan(kSmb2Header);
  }

  DataPlace Read() {
    Header& header = message_.header;
    if (header.related) {
      header.session = chain_.session;
      header.tree = chain_.tree;
    } else {
      chain_ = {header.session, header.tree, kRelatedFile};
    }
    switch (header.command2()) {
      case Command2::kNegotiate: Negotiate(); break;
      case Command2::kSessionSetup: SessionSetup(); break;
      case Command2::kTreeConnect: TreeConnect(); break;
      case Command2::kCreate: Create(); break;
      case Command2::kClose: Close(); break;
      case Command2::kRead: ReadFile(); break;
      case Command2::kWrite: return WriteFile();
      case Command2::kIoctl: Control(); break;
      case Command2::kQueryDirectory: QueryDirectory(); break;
      case Command2::kChangeNotify:
        Plain(Kind::kListing).info_class = static_cast<std::uint16_t>(Layout::kNotify);
        break;
      case Command2::kQueryInfo: break;
      case Command2::kSetInfo: SetInfo(); break;
      case Command2::kTreeDisconnect:
        Plain();
        connection_.CloseTree(header.session, header.tree, sink_);
        break;
      case Command2::kLogoff:
        Plain();
        connection_.CloseSession(header.session, sink_);
        break;
      case Command2::kCancel: connection_.Tell(Plain(), sink_); break;
      default: Plain(); break;
    }
    return {};
  }

 private:
  Transaction& Plain(Kind kind = Kind::kPlain) {
    Transaction& t = connection_.Begin(message_, sink_);
    t.kind = kind;
    return t;
  }
  bool Has(std::size_t octets) {
    if (body_.size() >= octets) return true;
    sink_.OnAnomaly("malformed_data");
    return false;
  }
  FileId IdAt(std::size_t at) noexcept {
    const FileId id = FileIdAt(body_, at);
    if (id == kRelatedFile && message_.header.related) return chain_.file;
    return chain_.file = id;
  }
  File& FileAt(std::size_t at) {
    const FileId id = IdAt(at);
    File& file = connection_.FileOf(id, message_.header, sink_);
    // Of an open that was not yet answered: its name is known.
    if (file.name.empty() && id.transient == ~std::uint64_t{0}) {
      Header open = message_.header;
      open.command = static_cast<std::uint16_t>(Command2::kCreate);
      open.message_id = id.persistent;
      const Transaction* t = connection_.transactions.Find(open);
      if (t != nullptr) file.name = t->name;
    }
    return file;
  }

  void Negotiate() {
    Transaction& t = Plain(Kind::kNegotiate);
    if (!Has(36)) return;
    NameText scratch;
    const std::uint64_t count = std::min<std::uint64_t>(Field(body_, 2, 2), kMaxDialects);
    t.detail.BeginArray("client_dialects");
    for (std::size_t i = 0; i < count && 38 + 2 * i <= body_.size(); ++i) {
      t.detail.String(nullptr, DialectName(static_cast<std::uint16_t>(Field(body_, 36 + 2 * i, 2)), scratch));
    }
    t.detail.EndArray();
    GuidBuffer guid;
    t.detail.String("client_guid", GuidText(Range(body_, 12, 16), guid));
  }

  void SessionSetup() {
    Transaction& t = Plain();
    if (!Has(24)) return;
    const Bytes token = Range(message_.bytes, Field(body_, 12, 2), Field(body_, 14, 2));
    ReadSecurityToken(token, message_.direction, t.detail, sink_);
  }

  void TreeConnect() {
    Transaction& t = Plain(Kind::kTreeConnect);
    if (!Has(8)) return;
    t.name = NameOf(Range(message_.bytes, Field(body_, 4, 2), Field(body_, 6, 2)), true);
    OnName("smb.share", "share", t.name, message_.direction, sink_);
  }

  void Create() {
    Transaction& t = Plain(Kind::kCreate);
    chain_.file = FutureFile(message_.header.message_id);
    if (!Has(56)) return;
    t.name = NameOf(Range(message_.bytes, Field(body_, 44, 2), Field(body_, 46, 2)), true);
    OnName("smb.filename", {}, t.name, message_.direction, sink_);
    WriteCreate(t.name, static_cast<std::uint32_t>(Field(body_, 40, 4)),
                static_cast<std::uint32_t>(Field(body_, 36, 4)), t.detail);
  }

  // A file whose reads are still to be answered is closed by the answer to this.
  void Close() {
    Transaction& t = Plain();
    if (!Has(24)) return;
    t.file = IdAt(8);
    File* file = connection_.files.Find(t.file);
    if (file != nullptr && !connection_.IsReading(*file)) connection_.Close(*file, sink_);
  }

  void ReadFile() {
    if (!Has(48)) return;
    const std::uint64_t length = Field(body_, 4, 4);
    if (connection_.max_read != 0 && length > connection_.max_read) sink_.OnAnomaly("read_request_too_large");
    const File& file = FileAt(16);
    connection_.reads.Add({message_.header.message_id, file.uid, Field(body_, 8, 8)});
  }

  DataPlace WriteFile() {
    if (!Has(48)) return {};
    File& file = FileAt(16);
    const DataPlace place = PlaceOfData2(message_, sink_);
    const Bytes data = Range(message_.bytes, place.at, place.length);
    if (file.pipe || (connection_.MayBePipe(file) && IsRpcPacket(data))) {
      file.pipe = true;
      OnPipeRequest(connection_, file, message_, data, sink_);
      return {};
    }
    if (place.length > 0) connection_.BeginData(file, message_, Field(body_, 8, 8), place.length, sink_);
    return place;
  }

  void Control() {
    if (!Has(56)) return static_cast<void>(Plain());
    const auto code = static_cast<std::uint32_t>(Field(body_, 4, 4));
    constexpr std::uint32_t kPipeTransceive = 0x0011c017;
    const FileId id = IdAt(8);
    const Bytes input = Range(message_.bytes, Field(body_, 24, 4), Field(body_, 28, 4));
    if (code == kPipeTransceive && IsRpcPacket(input)) {
      File& file = connection_.FileOf(id, message_.header, sink_);
      file.pipe = true;
      return OnPipeRequest(connection_, file, message_, input, sink_);
    }
    Transaction& t = Plain();
    t.file = id;
    NameText scratch;
    t.detail.String("function", ControlName(code, scratch));
  }

  void QueryDirectory() {
    Transaction& t = Plain(Kind::kListing);
    if (!Has(32)) return;
    t.info_class = static_cast<std::uint16_t>(Field(body_, 2, 1));
    const std::string_view pattern = NameOf(Range(message_.bytes, Field(body_, 24, 2), Field(body_, 26, 2)), true);
    OnName("smb.filename", {}, pattern, message_.direction, sink_);
  }

  void SetInfo() {
    constexpr std::uint64_t kFileInfo = 1, kRename = 10, kDisposition = 13, kEndOfFile = 20;
    if (!Has(32)) return;
    if (Field(body_, 2, 1) != kFileInfo) return;
    const std::uint64_t level = Field(body_, 3, 1);
    const Bytes data = Range(message_.bytes, Field(body_, 8, 2), Field(body_, 4, 4));
    const Bytes raw_id = Range(body_, 16, 16);
    if (level != kRename && level != kDisposition && level != kEndOfFile) return;
    File& file = FileAt(16);
    if (level == kEndOfFile) {
      const std::uint64_t size = Field(data, 0, 8);
      if (size > 0 && size <= INT64_MAX) file.streams[Index(message_.direction)].size = static_cast<std::int64_t>(size);
      return;
    }
    Transaction& t = Plain();
    GuidBuffer guid;
    const std::string_view known = file.name.empty() ? std::string_view("<unknown>") : std::string_view(file.name);
    if (level == kRename) {
      const std::string_view name = NameOf(Range(data, 20, Field(data, 16, 4)), true);
      OnName("smb.filename", {}, name, message_.direction, sink_);
      t.detail.BeginObject("set_info").String("class", "FILE_INFO").String("info_level", "SMB2_FILE_RENAME_INFO");
      t.detail.EndObject();
      WriteRename(known, name, t.detail);
    } else {
      t.detail.String("filename", known, Privacy::kIdentifier);
      t.detail.String("access", AccessName(Field(data, 0, 1) != 0));
    }
    t.detail.String("fuid", GuidText(raw_id, guid));
  }

  Connection& connection_;
  Message message_;
  MessageSink& sink_;
  Chain& chain_;
  Bytes body_;
};

}  // namespace

DataPlace ReadRequest2(Connection& connection, const Message& message, MessageSink& sink) {
  return RequestReader(connection, message, sink).Read();
}

}  // namespace gander::protocol::smb
