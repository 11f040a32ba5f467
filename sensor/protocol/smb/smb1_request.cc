// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "protocol/smb/details.h"
#include "protocol/smb/rpc.h"
#include "protocol/smb/session.h"
#include "protocol/smb/smb.h"
#include "protocol/smb/smb1.h"

namespace gander::protocol::smb {
namespace {

using Kind = Transaction::Kind;

class RequestReader {
 public:
  RequestReader(Connection& connection, const Message& message, const Block& block, MessageSink& sink) noexcept
      : connection_(connection), message_(message), header_(message.header), block_(block), sink_(sink),
        strings_(message.bytes, block.data_at, message.header.unicode) {}

  DataPlace Read() {
    switch (header_.command1()) {
      case Command1::kNegotiate: Negotiate(); break;
      case Command1::kSessionSetupAndX: SessionSetup(); break;
      case Command1::kTreeConnectAndX: TreeConnect(); break;
      case Command1::kTreeConnect: OldTreeConnect(); break;
      case Command1::kNtCreateAndX: Create(); break;
      case Command1::kOpenAndX: Named(Kind::kCreate, 0); break;
      case Command1::kOpen:
      case Command1::kCreate:
      case Command1::kCreateNew:
      case Command1::kCreateTemporary: Named(Kind::kCreate, 1); break;
      case Command1::kCreateDirectory:
      case Command1::kDeleteDirectory:
      case Command1::kDelete:
      case Command1::kQueryInformation:
      case Command1::kSetInformation:
      case Command1::kCheckDirectory: Named(Kind::kPlain, 1); break;
      case Command1::kRename: Rename(); break;
      case Command1::kReadAndX:
      case Command1::kRead:
      case Command1::kLockAndRead: ReadFile(); break;
      case Command1::kWriteAndX:
      case Command1::kWrite:
      case Command1::kWriteAndUnlock:
      case Command1::kWriteAndClose: return WriteFile();
      case Command1::kClose: Close(); break;
      case Command1::kTransaction:
      case Command1::kTransaction2: ReadTransaction(connection_, message_, block_, sink_); break;
      case Command1::kTreeDisconnect:
        Plain();
        connection_.CloseTree(header_.session, header_.tree, sink_);
        break;
      case Command1::kLogoffAndX:
        Plain();
        connection_.CloseSession(header_.session, sink_);
        break;
      case Command1::kNtCancel:
      case Command1::kTransaction2Secondary: connection_.Tell(Plain(), sink_); break;
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
  std::uint64_t Word(std::size_t at, std::size_t octets = 2) const noexcept { return Field(block_.words, at, octets); }
  bool Has(std::size_t words) {
    if (block_.words.size() >= 2 * words) return true;
    sink_.OnAnomaly("malformed_data");
    return false;
  }

  // Names with an octet 2 before each; the answer gives the number of one.
  void Negotiate() {
    Transaction& t = Plain(Kind::kNegotiate);
    t.detail.BeginArray("client_dialects");
    std::string_view rest = AsText(block_.data);
    bool malformed = rest.empty();
    for (std::size_t i = 0; i < kMaxDialects && !rest.empty(); ++i) {
      malformed = malformed || rest[0] != 2;
      rest.remove_prefix(1);
      const std::size_t end = std::min(rest.find('\0'), rest.size());
      malformed = malformed || end == 0;
      t.detail.String(nullptr, NameOf(AsBytes(rest.substr(0, end)), false));
      t.name.append(rest.substr(0, end)) += '\0';
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    t.detail.EndArray();
    if (malformed) sink_.OnAnomaly("negotiate_malformed_dialects");
  }

  void SessionSetup() {
    Transaction& t = Plain();
    const std::size_t words = block_.words.size() / 2;
    if (!Has(10)) return;
    if (words == 12) {
      ReadSecurityToken(strings_.Octets(static_cast<std::size_t>(Word(14))), message_.direction, t.detail, sink_);
    } else {
      strings_.Skip(static_cast<std::size_t>(Word(14) + (words >= 13 ? Word(16) : 0)));
      const std::string user = strings_.Next(), domain = strings_.Next();
      t.detail.BeginObject("ntlmssp").String("domain", domain, Privacy::kIdentifier);
      t.detail.String("user", user, Privacy::kPersonal).EndObject();
      OnName("smb.user", "user", user, message_.direction, sink_);
      OnName("smb.domain", "domain", domain, message_.direction, sink_);
    }
    const std::string os = strings_.Next(), lm = strings_.Next();
    t.detail.BeginObject("request").String("native_os", os).String("native_lm", lm).EndObject();
  }

  void TreeConnect() {
    Transaction& t = Plain(Kind::kTreeConnect);
    if (!Has(4)) return;
    strings_.Skip(static_cast<std::size_t>(Word(6)));
    t.name = strings_.Next();
    t.service = strings_.NextAscii();
    OnName("smb.share", "share", t.name, message_.direction, sink_);
  }
  // Share, password and service, each behind an octet 4.
  void OldTreeConnect() {
    Transaction& t = Plain(Kind::kTreeConnect);
    strings_.Skip(1);
    t.name = strings_.Next();
    strings_.Skip(1);
    (void)strings_.Next();
    strings_.Skip(1);
    t.service = strings_.NextAscii();
    OnName("smb.share", "share", t.name, message_.direction, sink_);
  }

  void Create() {
    Transaction& t = Plain(Kind::kCreate);
    if (!Has(24)) return;
    t.name = strings_.Next();
    OnName("smb.filename", {}, t.name, message_.direction, sink_);
    WriteCreate(t.name, static_cast<std::uint32_t>(Word(39, 4)), static_cast<std::uint32_t>(Word(35, 4)), t.detail);
  }

  void Named(Kind kind, std::size_t format) {
    Transaction& t = Plain(kind);
    strings_.Skip(format);
    t.name = strings_.Next();
    OnName("smb.filename", {}, t.name, message_.direction, sink_);
    t.detail.String("filename", t.name, Privacy::kIdentifier);
  }

  void Rename() {
    Transaction& t = Plain();
    strings_.Skip(1);
    const std::string from = strings_.Next();
    strings_.Skip(1);
    const std::string to = strings_.Next();
    for (const std::string& name : {from, to}) OnName("smb.filename", {}, name, message_.direction, sink_);
    WriteRename(from, to, t.detail);
  }

  void ReadFile() {
    const bool andx = header_.command1() == Command1::kReadAndX;
    if (!andx) Plain();
    if (!Has(andx ? 10 : 5)) return;
    const File& file = connection_.FileOf(FileId1(Word(andx ? 4 : 0), header_), header_, sink_);
    const std::uint64_t high = andx && block_.words.size() >= 24 ? Word(20, 4) << 32 : 0;
    connection_.reads.Add({header_.message_id, file.uid, high | Word(andx ? 6 : 4, 4)});
  }

  DataPlace WriteFile() {
    const bool andx = header_.command1() == Command1::kWriteAndX;
    if (!andx) Plain();
    if (!Has(andx ? 12 : 5)) return {};
    File& file = connection_.FileOf(FileId1(Word(andx ? 4 : 0), header_), header_, sink_);
    const std::uint64_t high = andx && block_.words.size() >= 28 ? Word(24, 4) << 32 : 0;
    const DataPlace place = PlaceOfWrite(header_.command1(), block_, message_, sink_);
    const Bytes data = Range(message_.bytes, place.at, place.length);
    if (file.pipe || (connection_.MayBePipe(file) && IsRpcPacket(data))) {
      file.pipe = true;
      OnPipeRequest(connection_, file, message_, data, sink_);
      return {};
    }
    if (place.length > 0) connection_.BeginData(file, message_, high | Word(andx ? 6 : 4, 4), place.length, sink_);
    return place;
  }

  void Close() {
    Transaction& t = Plain();
    if (!Has(3)) return;
    t.file = FileId1(Word(0), header_);
    File* file = connection_.files.Find(t.file);
    if (file != nullptr && !connection_.IsReading(*file)) connection_.Close(*file, sink_);
  }

  Connection& connection_;
  const Message& message_;
  const Header& header_;
  const Block& block_;
  MessageSink& sink_;
  Strings strings_;
};

}  // namespace

DataPlace ReadRequest1(Connection& connection, const Message& message, const Block& block, MessageSink& sink) {
  return RequestReader(connection, message, block, sink).Read();
}

}  // namespace gander::protocol::smb
