// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/connection.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "protocol/framing/printable.h"
#include "protocol/framing/utf16_text.h"
#include "protocol/smb/details.h"
#include "protocol/smb/names.h"
#include "protocol/smb/rpc.h"
#include "protocol/smb/smb.h"

namespace gander::protocol::smb {
namespace {

// Between events nobody needs it, so a thread has one.
thread_local Record event;

void WriteTree(const Transaction& t, Record& out) {
  constexpr const char* kTypes[] = {"UNKNOWN", "FILE", "PIPE", "PRINT"};
  constexpr std::uint8_t kPipe = 2;
  out.String(t.share_type == kPipe ? "named_pipe" : "share", t.name, Privacy::kIdentifier);
  if (t.header.version == Version::kSmb2) {
    out.String("share_type", kTypes[t.share_type < std::size(kTypes) ? t.share_type : 0]);
    return;
  }
  out.BeginObject("service").String("request", t.service);
  if (!t.service_answer.empty()) out.String("response", t.service_answer);
  out.EndObject();
}

std::string_view FileIdText(const File& file, GuidBuffer& out) noexcept {
  if (file.version == Version::kSmb1) return FidText(file.id.persistent, out);
  std::array<std::byte, 16> raw;
  for (std::size_t i = 0; i < 8; ++i) {
    raw[i] = static_cast<std::byte>(file.id.persistent >> (8 * i));
    raw[8 + i] = static_cast<std::byte>(file.id.transient >> (8 * i));
  }
  return GuidText(raw, out);
}

}  // namespace

Transaction& Connection::Begin(const Message& message, MessageSink& sink) {
  Transaction* opened = transactions.Open();
  if (opened == nullptr) {
    Tell(*transactions.Oldest(), sink);
    opened = transactions.Open();
  }
  opened->header = message.header;
  opened->tx_id = next_tx_++;
  return *opened;
}

void Connection::Answer(Transaction& transaction, const Header& answer, MessageSink& sink) {
  transaction.header.status = answer.status;
  transaction.has_status = true;
  if (answer.version == Version::kSmb2 && answer.status.pending()) return;
  Tell(transaction, sink);
}

void Connection::Tell(Transaction& t, MessageSink& sink) {
  if (sink.WantsEvent("smb")) {
    event.Clear();
    event.BeginObject("smb");
    WriteHead(event, t.tx_id, t.header, t.has_status ? &t.header.status : nullptr);
    event.Append(t.detail);
    if (t.kind == Transaction::Kind::kTreeConnect) WriteTree(t, event);
    if (t.kind == Transaction::Kind::kRpc) WriteRpc(t, interfaces, event);
    event.EndObject();
    sink.OnEvent("smb", t.tx_id, client, event);
  }
  transactions.Close(t);
}

void Connection::WriteHead(Record& out, std::uint32_t tx_id, const Header& header, const Status* status) const {
  NameText scratch;
  out.Integer("id", std::int64_t{tx_id} + 1);
  out.String("dialect", dialect.empty() ? "unknown" : std::string_view(dialect));
  out.String("command", CommandName(header.version, header.command, scratch));
  if (status != nullptr) {
    out.String("status", StatusName(*status, scratch));
    out.String("status_code", StatusCode(*status, scratch));
  }
  out.Integer("session_id", static_cast<std::int64_t>(header.session));
  out.Integer("tree_id", header.tree);
}

File& Connection::FileOf(const FileId& id, const Header& header, MessageSink& sink) {
  File* found = files.Find(id);
  if (found != nullptr) return *found;
  // Of a flow of which only the client is heard, the file is likely the one that it asked for last.
  Transaction* asked = answers == 0 ? transactions.FindKind(Transaction::Kind::kCreate) : nullptr;
  return Open(id, asked != nullptr ? std::string_view(asked->name) : std::string_view(), header, sink);
}

File& Connection::Open(const FileId& id, std::string_view name, const Header& request, MessageSink& sink) {
  File* former = files.Find(id);
  if (former != nullptr) Close(*former, sink);
  if (files.full()) {
    Close(files.Oldest(), sink);
    if (files.full()) {  // its data waits for another's
      for (const Direction direction : {Direction::kToServer, Direction::kToClient}) bodies.End(direction, sink);
      Sweep(sink);
    }
  }
  File& file = files.Add(id);
  file.name = name;
  file.session = request.session;
  file.tree = request.tree;
  file.version = request.version;
  file.pipe = IsPipeTree(request.session, request.tree);
  return file;
}

bool Connection::MayBePipe(const File& file) const noexcept {
  return file.pipe || trees.Find(file.session, file.tree) == nullptr;
}

File& Connection::Nameless(Direction direction, const Header& header, MessageSink& sink) {
  File* found = files.Find(NamelessId(direction));
  File& file = found != nullptr ? *found : Open(NamelessId(direction), {}, header, sink);
  file.nameless = true;
  return file;
}

void Connection::Close(File& file, MessageSink& sink) {
  if (!file.closing) ++closing_;
  bodies.Close(file, sink);
  Sweep(sink);
}

void Connection::CloseWhere(std::uint64_t session, const std::uint32_t* tree, MessageSink& sink) {
  for (;;) {
    auto& all = files.all();
    const auto found = std::find_if(all.begin(), all.end(), [&](const File& f) {
      return !f.closing && f.session == session && (tree == nullptr || f.tree == *tree);
    });
    if (found == all.end()) return;
    Close(*found, sink);
  }
}

void Connection::CloseTree(std::uint64_t session, std::uint32_t tree, MessageSink& sink) {
  CloseWhere(session, &tree, sink);
  trees.Remove(session, tree);
}

void Connection::CloseSession(std::uint64_t session, MessageSink& sink) {
  CloseWhere(session, nullptr, sink);
  trees.RemoveSession(session);
}

void Connection::BeginData(File& file, const Message& message, std::uint64_t offset, std::uint64_t length,
                           MessageSink& sink) {
  FileStream& stream = file.streams[Index(message.direction)];
  if (stream.tx_id == FileStream::kNone && !file.nameless) {
    stream.tx_id = next_tx_++;
    stream.command = message.header.command;
  }
  bodies.BeginChunk(message.direction, file, offset, length, sink);
}

void Connection::Sweep(MessageSink& sink) {
  while (closing_ > 0) {
    auto& all = files.all();
    const auto is_done = [&](const File& f) { return f.closing && !bodies.Holds(f); };
    const auto found = std::find_if(all.begin(), all.end(), is_done);
    if (found == all.end()) return;
    --closing_;
    TellFile(*found, sink);
    if (!interfaces.empty()) {
      std::erase_if(interfaces, [&](const Interface& i) { return i.pipe == found->id; });
    }
    files.Remove(*found);
  }
}

void Connection::TellFile(const File& file, MessageSink& sink) {
  if (!sink.WantsEvent("smb")) return;
  for (const FileStream& stream : file.streams) {
    if (stream.tx_id == FileStream::kNone || file.nameless) continue;
    event.Clear();
    WriteFile(event, file, stream);
    sink.OnEvent("smb", stream.tx_id, client, event);
  }
}

void Connection::WriteFile(Record& out, const File& file, const FileStream& stream) const {
  Header header;
  header.version = file.version;
  header.command = stream.command;
  header.session = file.session;
  header.tree = file.tree;
  const Tree* tree = trees.Find(file.session, file.tree);
  GuidBuffer id;
  out.BeginObject("smb");
  WriteHead(out, stream.tx_id, header, &header.status);
  out.String("filename", file.name, Privacy::kIdentifier);
  out.String("share", tree != nullptr ? std::string_view(tree->share) : std::string_view(), Privacy::kIdentifier);
  out.String("fuid", FileIdText(file, id));
  out.EndObject();
}

void Connection::Describe(std::uint32_t tx_id, Record& out) const {
  const File* file = files.FindTx(tx_id);
  if (file == nullptr || file->nameless) return;
  WriteFile(out, *file, file->streams[file->streams[0].tx_id == tx_id ? 0 : 1]);
}

void Connection::End(Direction direction, MessageSink& sink) {
  bodies.End(direction, sink);
  ended_[Index(direction)] = true;
  if (direction == Direction::kToServer && !ended_[Index(Direction::kToClient)]) return;
  while (Transaction* t = transactions.Oldest()) Tell(*t, sink);
  if (!ended_[0] || !ended_[1]) return;
  while (!files.all().empty()) Close(files.all().front(), sink);
}

void Connection::Reset() noexcept {
  files.Clear();
  bodies.Reset();
  trees.Clear();
  reads.Clear();
  transactions.Clear();
  std::vector<Interface>().swap(interfaces);
  chains = {};
  dialect.clear();
  max_read = max_write = requests = answers = 0;
  client = Direction::kToServer;
  next_tx_ = 0;
  closing_ = 0;
  ended_ = {};
}

bool Connection::IsPipeTree(std::uint64_t session, std::uint32_t tree) const noexcept {
  const Tree* found = trees.Find(session, tree);
  return found != nullptr && found->pipe;
}

std::string_view NameOf(Bytes raw, bool unicode) {
  thread_local std::string text;
  thread_local std::string escaped;
  if (!unicode) return framing::Printable(AsText(raw).substr(0, kMaxName), escaped);
  text.clear();
  framing::Utf16Text().Feed(raw.first(std::min(raw.size(), 2 * kMaxName)), text);
  if (text.size() > kMaxName) text.resize(kMaxName);
  return text;
}

void OnName(const char* where, std::string_view name, std::string_view value, Direction direction, MessageSink& sink) {
  if (!value.empty()) sink.OnField(where, name, direction, AsBytes(value));
}

}  // namespace gander::protocol::smb
