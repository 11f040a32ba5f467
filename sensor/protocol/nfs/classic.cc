// SPDX-License-Identifier: Apache-2.0
#include "protocol/nfs/classic.h"

#include "protocol/nfs/nfs.h"
#include "protocol/rpc_message/xdr_reader.h"

namespace gander::protocol::nfs {
namespace {

using rpc_message::XdrReader;

constexpr std::size_t kAttributes2 = 68, kAttributes3 = 84;
constexpr std::uint32_t kRegularFile = 1;

Bytes ReadHandle(std::uint32_t version, XdrReader& in) noexcept {
  return version == 2 ? in.Fixed(kHandle2) : in.Opaque();
}

// sattr3: six values, each behind whether it is there; times may be the server's.
void SkipSettable3(XdrReader& in) noexcept {
  for (int i = 0; i < 3; ++i) {
    if (in.Bool()) in.U32();  // mode, owner, group
  }
  if (in.Bool()) in.U64();
  constexpr std::uint32_t kClientTime = 2;
  for (int i = 0; i < 2; ++i) {
    if (in.U32() == kClientTime) in.U64();
  }
}

void SkipOptionalAttributes3(XdrReader& in) noexcept {
  if (in.Bool()) in.Skip(kAttributes3);
}

void ReadExtent(XdrReader& in, Extent& out) noexcept {
  out.length = in.U32();
  out.at = in.position();
  out.there = !in.failed();
}

void ReadWrite(std::uint32_t version, XdrReader& in, Arguments& out) noexcept {
  if (version == 2) {
    in.U32();  // of no use (RFC 1094 §2.2.9)
    out.offset = in.U32();
    in.U32();
    out.synced = true;
  } else {
    constexpr std::uint32_t kUnstable = 0;
    out.offset = in.U64();
    in.U32();
    out.synced = in.U32() != kUnstable;
  }
  ReadExtent(in, out.data);
}

void ReadSymlink(std::uint32_t version, XdrReader& in, Arguments& out) noexcept {
  out.name = in.String();
  if (version == 3) SkipSettable3(in);
  out.link = in.String();
}

void ReadOther(std::uint32_t version, XdrReader& in, std::string_view& name) noexcept {
  ReadHandle(version, in);
  name = in.String();
}

void ReadEntries(std::uint32_t version, bool with_handles, XdrReader& in, Listing& listing) noexcept {
  while (in.Bool()) {
    in.Skip(version == 2 ? 4 : 8);  // file number
    const std::string_view name = in.String();
    in.Skip(version == 2 ? 4 : 8);  // cookie
    Bytes handle;
    if (with_handles) {
      SkipOptionalAttributes3(in);
      if (in.Bool()) handle = in.Opaque();
    }
    if (in.failed()) return;
    listing.OnEntry(name, handle);
  }
}

// What follows the status of a READ that succeeded.
bool ReadRead(std::uint32_t version, XdrReader& in, Results& out) noexcept {
  bool regular = true;
  if (version == 2) {
    XdrReader attributes(in.Fixed(kAttributes2));
    regular = attributes.U32() == kRegularFile;
    attributes.Skip(16);
    out.file_size = attributes.U32();
  } else {
    const std::uint32_t there = in.U32();
    if (there == 1) {
      regular = in.U32() == kRegularFile;
      in.Skip(kAttributes3 - 4);
    }
    const std::uint32_t count = in.U32(), end = in.U32();
    out.end_of_file = end != 0;
    ReadExtent(in, out.data);
    return out.data.there && there <= 1 && end <= 1 && regular && count == out.data.length;
  }
  ReadExtent(in, out.data);
  return out.data.there && regular;
}

}  // namespace

bool ReadArguments(std::uint32_t version, Procedure procedure, Bytes message, std::size_t at, Arguments& out) noexcept {
  XdrReader in(message);
  in.Skip(at);
  if (procedure == Procedure::kNull || procedure == Procedure::kUnknown || procedure == Procedure::kRoot ||
      procedure == Procedure::kWritecache)
    return true;
  out.handle = ReadHandle(version, in);
  switch (procedure) {
    case Procedure::kLookup:
    case Procedure::kCreate:
    case Procedure::kMkdir:
    case Procedure::kMknod:
    case Procedure::kRemove:
    case Procedure::kRmdir: out.name = in.String(); break;
    case Procedure::kRead: out.offset = version == 2 ? in.U32() : in.U64(); break;
    case Procedure::kWrite: ReadWrite(version, in, out); break;
    case Procedure::kSymlink: ReadSymlink(version, in, out); break;
    case Procedure::kLink: ReadOther(version, in, out.name); break;
    case Procedure::kRename:
      out.name = in.String();
      ReadOther(version, in, out.other);
      break;
    default: break;
  }
  return !in.failed() && out.handle.size() <= kMaxHandle3;
}

bool ReadResults(std::uint32_t version, Procedure procedure, Bytes message, std::size_t at, Results& out,
                 Listing& listing) noexcept {
  XdrReader in(message);
  in.Skip(at);
  if (procedure == Procedure::kNull || procedure == Procedure::kRoot || procedure == Procedure::kWritecache)
    return true;
  out.status = in.U32();
  if (out.status != 0) return !in.failed();
  switch (procedure) {
    case Procedure::kLookup: out.handle = ReadHandle(version, in); break;
    case Procedure::kCreate:
    case Procedure::kMkdir:
    case Procedure::kSymlink:
    case Procedure::kMknod:
      if (version == 2 ? procedure != Procedure::kSymlink : in.Bool()) out.handle = ReadHandle(version, in);
      break;
    case Procedure::kReadlink:
      if (version == 3) SkipOptionalAttributes3(in);
      out.link = in.String();
      break;
    case Procedure::kRead:
      ReadRead(version, in, out);
      break;
    case Procedure::kReaddir:
    case Procedure::kReaddirplus:
      if (version == 3) {
        SkipOptionalAttributes3(in);
        in.U64();  // verifier
      }
      ReadEntries(version, procedure == Procedure::kReaddirplus, in, listing);
      break;
    default: break;
  }
  return !in.failed();
}

bool LooksLikeRead(std::uint32_t version, Bytes front, std::size_t at, bool whole, Results& out) noexcept {
  XdrReader in(front);
  in.Skip(at);
  if (in.U32() != 0 || !ReadRead(version, in, out) || out.data.length == 0) return false;
  const std::uint64_t end = out.data.at + out.data.length + rpc_message::PaddingOf(out.data.length);
  return whole ? end == front.size() : end > front.size();
}

}  // namespace gander::protocol::nfs
