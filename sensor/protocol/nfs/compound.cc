// SPDX-License-Identifier: Apache-2.0
#include "protocol/nfs/compound.h"

#include "protocol/nfs/nfs.h"
#include "protocol/rpc_message/xdr_reader.h"

namespace gander::protocol::nfs {
namespace {

using rpc_message::XdrReader;

constexpr std::size_t kMaxTag = 1024, kState = 16;

// Fields of an operation: w, d, s, t = 4, 8, 16, 12 octets; o = opaque; b = words with their count first (bitmaps);
// a = attributes; f = handle; n = name; l = target of a link; e = name of a listed thing; x = by the function below;
// null = not known: the walk ends.
constexpr const char* kArguments[kOperations] = {
    nullptr, nullptr, nullptr,  "w",     "ws",    "dw",       "x",        "d",     "s",    "b",     "",
    "n",     "x",     "wdddo",  "wwsdd", "n",     "",         "a",        "x",     "w",    "sw",    "sww",
    "f",     "",      "",       "x",     "ddwwb", "",         "n",        "nn",    "d",    "",      "",
    "n",     "sa",    "dcwoow", "dd",    "a",     "x",        "do",       nullptr, "sww",  "x",     "x",
    "s",     "s",     "wbttbb", "swwb",  "wwdd",  "x",        "wwwdddsw", "x",     "w",    "swwww", "oo",
    nullptr, nullptr, "d",      "w",     "sdd",   "ssdddwwb", nullptr,    "sdd",   "sddb", nullptr, nullptr,
    "s",     "s",     "x",      "sdw",   nullptr, "ssddd",    "n",        "wno",   "dw",   "n"};
constexpr const char* kResultFields[kOperations] = {
    nullptr, nullptr, nullptr, "ww", "s", "d", "wddb", "", "", "a", "f", "wdd", "s", "", "s", "", "", "", "x", "",
    "s", "s", "", "", "", "x", "x", "l", "wdd", "wddwdd", "", "", "", "x", "b", "dd", "", "", "wwd", "",
    "", "sww", "x", nullptr, "", "", nullptr, "wob", nullptr, "x", "x", "x", "x", "swwwww", nullptr, "b", nullptr,
    "", "", "", nullptr, nullptr, "", "b", "", "", "", nullptr, "x", "wd", nullptr, "",
    "o", "wdd", "x", "wdd"};

class Walker {
 public:
  Walker(Bytes front, std::size_t at, CompoundWalk& walk, CompoundVisitor* visitor) noexcept
      : in_(front), walk_(walk), visitor_(visitor) {
    in_.Skip(at);
  }

  bool Run() noexcept {
    walk_.data = {};
    if (walk_.segments > 0) ReadSegments();
    while (walk_.operations > 0 && !walk_.data.there && !in_.failed()) {
      --walk_.operations;
      const std::uint32_t operation = in_.U32();
      const std::uint32_t status = walk_.reply ? in_.U32() : 0;
      if (in_.failed()) break;
      if (visitor_ != nullptr) visitor_->OnOperation(operation, status);
      const char* fields = operation < kOperations ? (walk_.reply ? kResultFields : kArguments)[operation] : nullptr;
      // What failed has no results, and nothing comes behind it.
      if (fields == nullptr || status != 0) {
        walk_.operations = 0;
        break;
      }
      ReadFields(operation, fields);
    }
    return !in_.failed();
  }

 private:
  void ReadFields(std::uint32_t operation, const char* fields) noexcept {
    for (; *fields != '\0' && !in_.failed(); ++fields) {
      switch (*fields) {
        case 'w': in_.Skip(4); break;
        case 'd': in_.Skip(8); break;
        case 't': in_.Skip(12); break;
        case 's': in_.Skip(kState); break;
        case 'o': in_.Opaque(); break;
        case 'b': in_.SkipWords(); break;
        case 'a': Attributes(); break;
        case 'f': Handle(); break;
        case 'n': Tell(&CompoundVisitor::OnName); break;
        case 'l': Tell(&CompoundVisitor::OnLink); break;
        case 'c': Tell(&CompoundVisitor::OnClientName); break;
        default: walk_.reply ? ReadResult(operation) : ReadArgument(operation); break;
      }
    }
  }

  void Tell(void (CompoundVisitor::*told)(std::string_view)) noexcept {
    const std::string_view text = in_.String();
    if (visitor_ != nullptr && !in_.failed()) (visitor_->*told)(text);
  }
  void Handle() noexcept {
    const Bytes handle = in_.Opaque();
    if (visitor_ != nullptr && !in_.failed() && handle.size() <= kMaxHandle4) visitor_->OnHandle(handle);
  }
  void Fail() noexcept { in_.Skip(SIZE_MAX); }
  void Attributes() noexcept {
    in_.SkipWords();
    in_.Opaque();
  }
  void Data(std::uint64_t length) noexcept {
    walk_.data.length = length;
    walk_.data.at = in_.position();
    walk_.data.there = !in_.failed();
  }

  void ReadArgument(std::uint32_t operation) noexcept {
    switch (operation) {
      case kOpCreate: CreateArguments(); break;
      case kOpLock:
        in_.Skip(24);
        ReadFields(operation, in_.Bool() ? "wswdo" : "sw");
        break;
      case kOpOpen: OpenArguments(); break;
      case kOpRead:
      case kOpReadPlus: {
        in_.Skip(kState);
        const std::uint64_t offset = in_.U64();
        in_.U32();
        if (visitor_ != nullptr && !in_.failed()) visitor_->OnReadOffset(offset);
        break;
      }
      case kOpWrite: {
        constexpr std::uint32_t kUnstable = 0;
        in_.Skip(kState);
        walk_.offset = in_.U64();
        walk_.offset_is_known = true;
        walk_.last = in_.U32() != kUnstable;
        Data(in_.U32());
        break;
      }
      case kOpExchangeId: ExchangeArguments(); break;
      case kOpCreateSession: SessionArguments(); break;
      case kOpLayoutreturn: {
        in_.Skip(12);
        constexpr std::uint32_t kOfFile = 1;
        if (in_.U32() == kOfFile) ReadFields(operation, "ddso");
        break;
      }
      default:  // LAYOUTCOMMIT
        ReadFields(operation, "ddws");
        if (in_.Bool()) in_.Skip(8);
        if (in_.Bool()) in_.Skip(12);
        ReadFields(operation, "wo");
        break;
    }
  }

  void CreateArguments() noexcept {
    constexpr std::uint32_t kBlock = 3, kCharacter = 4, kLink = 5;
    const std::uint32_t type = in_.U32();
    ReadFields(kOpCreate, type == kLink ? "lna" : type == kBlock || type == kCharacter ? "dna" : "na");
  }

  void OpenArguments() noexcept {
    ReadFields(kOpOpen, "wwwdo");
    if (in_.Bool()) {  // creates
      constexpr const char* kHow[] = {"a", "a", "d", "da"};
      const std::uint32_t mode = in_.U32();
      if (mode >= 4) return Fail();
      ReadFields(kOpOpen, kHow[mode]);
    }
    constexpr const char* kClaims[] = {"n", "w", "sn", "n", "", "s", ""};
    const std::uint32_t claim = in_.U32();
    if (claim >= 7) return Fail();
    ReadFields(kOpOpen, kClaims[claim]);
  }

  // Who the client is: its own words, with its host's name as a rule.
  void ExchangeArguments() noexcept {
    ReadFields(kOpExchangeId, "dcw");
    if (!StateProtection()) return;
    if (in_.U32() == 1) ReadFields(kOpExchangeId, "oct");
  }
  // False when what follows is not to be read: a negotiation of keys.
  bool StateProtection() noexcept {
    constexpr std::uint32_t kMachine = 1;
    const std::uint32_t how = in_.U32();
    if (how == kMachine) ReadFields(kOpExchangeId, "bb");
    if (how <= kMachine) return true;
    walk_.operations = 0;
    return false;
  }
  void SessionArguments() noexcept {
    in_.Skip(16);
    for (int channel = 0; channel < 2; ++channel) ReadFields(kOpCreateSession, "wwwwwwb");
    in_.U32();  // program of callbacks
    for (std::uint32_t i = in_.U32(); i > 0 && !in_.failed(); --i) {
      constexpr std::uint32_t kUnix = 1, kGss = 6;
      const std::uint32_t flavor = in_.U32();
      if (flavor == kUnix) ReadFields(kOpCreateSession, "wcwwb");
      if (flavor == kGss) ReadFields(kOpCreateSession, "woo");
    }
  }

  void ReadResult(std::uint32_t operation) noexcept {
    switch (operation) {
      case kOpOpen: OpenResult(); break;
      case kOpRead:
        walk_.offset_is_known = false;
        walk_.last = in_.Bool();
        Data(in_.U32());
        break;
      case kOpReadPlus:
        walk_.last = in_.Bool();
        walk_.segments = in_.U32();
        ReadSegments();
        break;
      case kOpReaddir:
        in_.Skip(8);
        while (in_.Bool() && !in_.failed()) {
          in_.Skip(8);
          Tell(&CompoundVisitor::OnListed);
          Attributes();
        }
        in_.U32();  // end of the directory
        break;
      case kOpSecinfo:
      case kOpSecinfoNoName:
        for (std::uint32_t i = in_.U32(); i > 0 && !in_.failed(); --i) {
          constexpr std::uint32_t kGss = 6;
          if (in_.U32() == kGss) ReadFields(operation, "oww");
        }
        break;
      case kOpExchangeId:
        ReadFields(operation, "dww");
        if (!StateProtection()) break;
        ReadFields(operation, "doo");
        if (in_.U32() == 1) ReadFields(operation, "oot");
        break;
      case kOpLayoutget:
        ReadFields(operation, "ws");
        for (std::uint32_t i = in_.U32(); i > 0 && !in_.failed(); --i) ReadFields(operation, "ddwwo");
        break;
      case kOpLayoutreturn:
        if (in_.Bool()) in_.Skip(kState);
        break;
      case kOpListxattrs:
        in_.Skip(8);
        for (std::uint32_t i = in_.U32(); i > 0 && !in_.failed(); --i) Tell(&CompoundVisitor::OnListed);
        in_.U32();
        break;
      default:  // LAYOUTCOMMIT
        if (in_.Bool()) in_.Skip(8);
        break;
    }
  }

  void OpenResult() noexcept {
    ReadFields(kOpOpen, "swddwb");
    // With attributes too: RFC 9754.
    constexpr std::uint32_t kRead = 1, kWrite = 2, kNone = 3, kReadAttributes = 4, kWriteAttributes = 5;
    const std::uint32_t delegation = in_.U32();
    if (delegation == kRead || delegation == kReadAttributes) ReadFields(kOpOpen, "swwwwo");
    if (delegation == kWrite || delegation == kWriteAttributes) ReadFields(kOpOpen, "swwdwwwo");
    if (delegation == kNone) {
      const std::uint32_t why = in_.U32();
      if (why == 1 || why == 2) in_.U32();
    }
  }

  // Octets and holes of a file (RFC 7862 §15.10).
  void ReadSegments() noexcept {
    constexpr std::uint32_t kData = 0;
    while (walk_.segments > 0 && !walk_.data.there && !in_.failed()) {
      --walk_.segments;
      const bool data = in_.U32() == kData;
      walk_.offset = in_.U64();
      walk_.offset_is_known = true;
      if (data) {
        Data(in_.U32());
      } else {
        in_.U64();
      }
    }
  }

  XdrReader in_;
  CompoundWalk& walk_;
  CompoundVisitor* visitor_;
};

}  // namespace

bool BeginCompound(Bytes front, std::size_t& at, bool reply, CompoundWalk& walk) noexcept {
  XdrReader in(front);
  in.Skip(at);
  walk = {};
  walk.reply = reply;
  if (reply) in.U32();  // status of the last operation
  const std::size_t tag = in.Opaque().size();
  if (!reply) in.U32();  // minor version
  walk.operations = in.U32();
  at = in.position();
  return !in.failed() && tag <= kMaxTag && walk.operations <= kMaxOperations;
}

bool WalkCompound(Bytes front, std::size_t at, CompoundWalk& walk, CompoundVisitor* visitor) noexcept {
  return Walker(front, at, walk, visitor).Run();
}

}  // namespace gander::protocol::nfs
