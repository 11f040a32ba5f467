// SPDX-License-Identifier: Apache-2.0
#include "content/mail/tnef.h"

#include <algorithm>
#include <cstring>

#include "content/archive/member_name.h"
#include "content/decoder_pool.h"
#include "content/mail/rtf_stream.h"
#include "content/open.h"

namespace gander::content {
namespace {

constexpr std::size_t kHeadBytes = 6, kAttributeBytes = 9, kChecksumBytes = 2;
constexpr std::size_t kObjectIdBytes = 16;  // in front of an object: what it is ([MS-OXTNEF] §2.1.3.4.9)
constexpr std::string_view kUtf16 = "text/plain; charset=utf-16le";

// [MS-OXTNEF] §2.1.3.1, the lower half of an attribute's number.
enum Attribute : std::uint16_t {
  kSubject = 0x8004,
  kMessageId = 0x8009,
  kBody = 0x800c,
  kAttachData = 0x800f,
  kAttachTitle = 0x8010,
  kAttachPicture = 0x8011,
  kAttachCreated = 0x8012,
  kAttachModified = 0x8013,
  kAttachBegins = 0x9002,
  kProperties = 0x9003,
  kRecipients = 0x9004,
  kAttachProperties = 0x9005,
  kCodePage = 0x9007,
};

struct NamedId {
  std::uint16_t id;
  std::string_view name;
};
// What a text is called that a property holds; the most usual.
constexpr NamedId kNames[] = {
    {0x0037, "subject"},        {0x003d, "subject"},  {0x0070, "subject"},   {0x0e1d, "subject"},  {0x0042, "from"},
    {0x0065, "from"},           {0x0c1a, "from"},     {0x0c1f, "from"},      {0x5d01, "from"},     {0x5d02, "from"},
    {0x0e02, "bcc"},            {0x0e03, "cc"},       {0x0e04, "to"},        {0x3001, "name"},     {0x3003, "address"},
    {0x39fe, "address"},        {kMapiBody, "body"},  {0x3704, "filename"},  {0x3707, "filename"}, {0x007d, "headers"},
};

std::string_view NameOf(std::uint16_t id) noexcept {
  for (const NamedId& named : kNames) {
    if (named.id == id) return named.name;
  }
  return "property";
}

std::uint32_t Number(const std::byte* at) noexcept {
  const auto* const p = reinterpret_cast<const std::uint8_t*>(at);
  return p[0] | std::uint32_t{p[1]} << 8 | std::uint32_t{p[2]} << 16 | std::uint32_t{p[3]} << 24;
}

struct CodePage {
  std::uint32_t number;
  std::string_view charset;
};
// Windows' numbers of character sets, but for those that are called by the number.
constexpr CodePage kCodePages[] = {{874, "windows-874"}, {932, "shift_jis"}, {936, "gbk"},     {949, "euc-kr"},
                                   {950, "big5"},        {20866, "koi8-r"},  {21866, "koi8-u"}, {54936, "gb18030"},
                                   {65001, "utf-8"}};

std::string CharsetOf(std::uint32_t page) {
  for (const CodePage& known : kCodePages) {
    if (known.number == page) return std::string(known.charset);
  }
  return page >= 1250 && page <= 1258 ? "windows-" + std::to_string(page) : std::string();
}

std::string_view WithoutZeros(std::string_view s) noexcept {
  while (!s.empty() && s.back() == '\0') s.remove_suffix(1);
  return s;
}

// Takes the long name of a list of properties, and nothing else.
class LongName final : public MapiSink {
 public:
  LongName(HeaderWords& words, std::string_view charset, std::string& name) noexcept
      : words_(words), charset_(charset), name_(name) {}
  void OnValue(std::uint16_t id, std::uint16_t type, std::uint32_t) noexcept override {
    wanted_ = id == kMapiAttachLongName && (type == kMapiUnicode || type == kMapiString8);
    wide_ = type == kMapiUnicode;
    if (wanted_) name_.clear();
  }
  Uninspected OnValueBytes(Bytes bytes) noexcept override {
    if (wanted_) name_.append(AsText(bytes).substr(0, Tnef::kMaxShort - std::min(Tnef::kMaxShort, name_.size())));
    return {};
  }
  void OnValueEnd() noexcept override {
    if (!wanted_) return;
    wanted_ = false;
    words_.ToUtf8(wide_ ? "utf-16le" : charset_, name_, 0);
    name_.resize(WithoutZeros(name_).size());
  }

 private:
  HeaderWords& words_;
  std::string_view charset_;
  std::string& name_;
  bool wanted_ = false, wide_ = false;
};

}  // namespace

void Tnef::GiveBack() noexcept { body().pool->Give(this); }

void Tnef::Begin() noexcept {
  BeginArchive();
  at_ = At::kHead;
  as_ = value_as_ = As::kNothing;
  held_ = 0;
  left_ = text_left_ = 0;
  short_name_ = {};
  wide_ = false;
  charset_.clear();
  type_.assign("text/plain");
  for (std::string* s : {&short_, &name_, &long_name_}) s->clear();
  words_.Begin(body());
  held_properties_.Begin(body().pool->memory, kMaxProperties);
}

Uninspected Tnef::Read(Bytes in) noexcept {
  Uninspected total;
  while (!in.empty()) {
    if (at_ == At::kLost) return total += Leaf(in);
    if (at_ == At::kData) {
      const Bytes data = TakeFront(in, left_);
      left_ -= static_cast<std::uint32_t>(data.size());
      for (const std::byte b : data) sum_ = static_cast<std::uint16_t>(sum_ + static_cast<std::uint8_t>(b));
      total += Data(data);
      if (left_ == 0) total += DataRead();
      continue;
    }
    const std::size_t wanted = at_ == At::kHead ? kHeadBytes : at_ == At::kAttribute ? kAttributeBytes : kChecksumBytes;
    const Bytes more = TakeFront(in, wanted - held_);
    std::memcpy(head_.data() + held_, more.data(), more.size());
    held_ += more.size();
    if (held_ < wanted) break;
    held_ = 0;
    if (at_ == At::kHead) {
      at_ = At::kAttribute;
    } else if (at_ == At::kAttribute) {
      AttributeRead();
      if (at_ == At::kLost) total += Leaf(head_);
      if (at_ == At::kData && left_ == 0) total += DataRead();
    } else {
      total += ChecksumRead();
    }
  }
  return total;
}

void Tnef::AttributeRead() noexcept {
  const auto level = static_cast<std::uint8_t>(head_[0]);
  id_ = Number(head_.data() + 1);
  left_ = Number(head_.data() + 5);
  if (level != 1 && level != 2) {
    TellDamaged();
    EndFile(protocol::BodyEnd::kComplete);
    at_ = At::kLost;
    return;
  }
  at_ = At::kData;
  sum_ = 0;
  AttributeBegins(id_ & 0xffff, left_);
}

void Tnef::AttributeBegins(std::uint32_t id, std::uint32_t bytes) noexcept {
  switch (id) {
    case kAttachBegins:
      as_ = As::kLeaf;
      EndFile(protocol::BodyEnd::kComplete);
      name_.clear();
      return;
    case kAttachTitle:
      as_ = As::kShort;
      return BeginText("filename", bytes, false);
    case kAttachData:
      EndFile(protocol::BodyEnd::kComplete);
      as_ = As::kFile;
      return OpenFile();
    case kAttachProperties:
    case kProperties:
    case kRecipients:
      as_ = As::kProperties;
      if (id == kAttachProperties && file_ != nullptr && bytes <= kMaxProperties) as_ = As::kHeldProperties;
      if (as_ == As::kProperties) EndFile(protocol::BodyEnd::kComplete);
      sound_properties_ = true;
      properties_.Begin(id == kRecipients);
      held_properties_.Clear();
      return;
    case kCodePage:
      as_ = As::kShort;
      short_.clear();
      short_name_ = {};
      wide_ = false;
      text_left_ = bytes;
      return;
    case kSubject:
    case kBody:
    case kMessageId:
      as_ = As::kInner;
      return BeginText(id == kSubject ? "subject" : id == kBody ? "body" : "message-id", bytes, false);
    case kAttachPicture:
    case kAttachCreated:
    case kAttachModified:
      // Between the bytes of a file and its long name: a drawing of its icon, dates.
      as_ = file_ != nullptr ? As::kNothing : As::kLeaf;
      return;
    default:
      as_ = As::kLeaf;
      EndFile(protocol::BodyEnd::kComplete);
  }
}

Uninspected Tnef::Data(Bytes bytes) noexcept {
  switch (as_) {
    case As::kNothing:
      return {.opaque = bytes.size()};
    case As::kShort:
    case As::kInner:
      return TextBytes(bytes);
    case As::kFile:
      file_bytes_ += bytes.size();
      return file_->Feed(bytes);
    case As::kProperties:
      return ReadProperties(bytes);
    case As::kHeldProperties:
      return HoldProperties(bytes);
    case As::kLeaf:
      return Leaf(bytes);
  }
  return {};
}

// The attribute's data is complete; `as_` says what it was.
Uninspected Tnef::DataRead() noexcept {
  at_ = At::kChecksum;
  switch (as_) {
    case As::kShort:
      if ((id_ & 0xffff) == kCodePage) {
        if (short_.size() >= 4) charset_ = CharsetOf(Number(AsBytes(short_).data()));
        type_.assign("text/plain");
        if (!charset_.empty()) type_.append("; charset=").append(charset_);
        break;
      }
      EndFile(protocol::BodyEnd::kComplete);
      words_.ToUtf8(charset_, short_, 0);
      AssignMemberName(WithoutZeros(short_), name_);
      BeginMember(name_);
      break;
    case As::kInner:
      EndText();
      break;
    case As::kProperties:
      properties_.End(*this);
      CloseLeaf();
      break;
    case As::kHeldProperties:
      return HeldPropertiesRead();
    case As::kLeaf:
      CloseLeaf();
      break;
    case As::kFile:
    case As::kNothing:
      break;
  }
  return body().TakeLate();
}

Uninspected Tnef::ChecksumRead() noexcept {
  const std::uint8_t* const told = Octets(head_);
  if ((told[0] | told[1] << 8) != sum_) TellDamaged();
  at_ = At::kAttribute;
  return {};
}

// A text of `bytes`, a zero at its end included.
void Tnef::BeginText(std::string_view name, std::uint32_t bytes, bool wide) noexcept {
  short_.clear();
  short_name_ = name;
  wide_ = wide;
  text_left_ = bytes;
  const bool as_file = as_ == As::kShort;  // the name of one, told when it is whole
  if (bytes <= kMaxShort || as_file || !body().MayBeginPart()) return;
  EndFile(protocol::BodyEnd::kComplete);
  EntityMeta meta;
  meta.content_type = wide ? kUtf16 : std::string_view(type_);
  meta.name = name;
  inner_ = OpenEntity(body(), meta);
}

Uninspected Tnef::TextBytes(Bytes bytes) noexcept {
  if (inner_ == nullptr) {
    const std::size_t room = kMaxShort - std::min(kMaxShort, short_.size());
    short_.append(AsText(bytes).substr(0, room));
    return bytes.size() > room ? Uninspected{.lost = bytes.size() - room} : Uninspected{};
  }
  const std::uint32_t zero = wide_ ? 2 : 1;
  const std::size_t before = text_left_ > zero ? text_left_ - zero : 0;
  text_left_ -= static_cast<std::uint32_t>(std::min<std::size_t>(text_left_, bytes.size()));
  const Bytes text = TakeFront(bytes, before);
  Uninspected total = text.empty() ? Uninspected{} : inner_->Feed(text);
  const bool zeros = std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
  if (!zeros) total += inner_->Feed(bytes);
  return total;
}

void Tnef::EndText() noexcept {
  if (inner_ != nullptr) return EndInner(protocol::BodyEnd::kComplete);
  TellShort();
}

void Tnef::TellShort() noexcept {
  words_.ToUtf8(wide_ ? "utf-16le" : std::string_view(charset_), short_, 0);
  const std::string_view text = WithoutZeros(short_);
  if (!text.empty()) {
    EndFile(protocol::BodyEnd::kComplete);
    TextPiece piece;
    piece.text = AsBytes(text);
    piece.path = body().path.text();
    piece.name = short_name_;
    piece.direction = body().direction;
    body().sink->OnText(piece);
  }
  short_.clear();
}

void Tnef::OpenFile() noexcept {
  EntityMeta inside;
  inside.name = name_;
  inside.is_file = inside.keep = true;
  file_ = body().pool->Take<Entity>();
  file_->Open(body(), inside);
  file_owner_ = LayerPtr(file_);
  file_bytes_ = 0;
}

Uninspected Tnef::EndFile(protocol::BodyEnd end) noexcept {
  if (file_ == nullptr) return {};
  file_->End(end);
  file_owner_.reset();
  file_ = nullptr;
  return {};
}

Uninspected Tnef::ReadProperties(Bytes bytes) noexcept {
  Uninspected total;
  if (sound_properties_) {
    std::size_t read = 0;
    sound_properties_ = properties_.Feed(bytes, *this, total, read);
    if (!sound_properties_) properties_.End(*this);
    bytes = bytes.subspan(read);
  }
  return total += Leaf(bytes);
}

Uninspected Tnef::HoldProperties(Bytes bytes) noexcept {
  if (held_properties_.Append(bytes)) return {};
  EndFile(protocol::BodyEnd::kComplete);
  as_ = As::kProperties;
  Uninspected total = ReadProperties(held_properties_.bytes());
  held_properties_.Release();
  return total += ReadProperties(bytes);
}

// The name first, for texts may not be told while the file is open.
Uninspected Tnef::HeldPropertiesRead() noexcept {
  FindLongName(held_properties_.bytes());
  EndFile(protocol::BodyEnd::kComplete);
  Uninspected total = ReadProperties(held_properties_.bytes());
  properties_.End(*this);
  CloseLeaf();
  held_properties_.Clear();
  return total += body().TakeLate();
}

void Tnef::FindLongName(Bytes properties) noexcept {
  if (file_ == nullptr) return;
  found_name_.clear();
  LongName sink(words_, charset_, found_name_);
  MapiProperties list;
  list.Begin(false);
  Uninspected ignored;
  std::size_t read = 0;
  list.Feed(properties, sink, ignored, read);
  if (found_name_.empty()) return;
  AssignMemberName(found_name_, long_name_);
  file_->Rename(long_name_);
}

void Tnef::OnValue(std::uint16_t id, std::uint16_t type, std::uint32_t bytes) noexcept {
  value_as_ = As::kLeaf;
  wide_ = type == kMapiUnicode;
  if (type == kMapiString8 || type == kMapiUnicode) {
    value_as_ = As::kInner;
    return BeginText(NameOf(id), bytes, wide_);
  }
  const bool special = id == kMapiRtf || id == kMapiHtml || id == kMapiAttachData;
  if (!special || bytes == 0 || !body().MayBeginPart()) return;
  EndFile(protocol::BodyEnd::kComplete);
  EntityMeta inside;
  if (id == kMapiAttachData) {
    inside.name = name_;
    inside.is_file = inside.keep = true;
    text_left_ = type == kMapiObject ? kObjectIdBytes : 0;
  } else {
    inside.name = "body";
    inside.content_type = id == kMapiRtf ? "text/rtf" : "text/html";
    text_left_ = 0;
  }
  inner_ = OpenEntity(body(), inside);
  if (id == kMapiRtf) inner_ = OpenRtfStream(body(), std::move(inner_));
  value_as_ = As::kFile;
}

Uninspected Tnef::OnValueBytes(Bytes bytes) noexcept {
  if (value_as_ == As::kInner) return TextBytes(bytes);
  if (value_as_ == As::kLeaf) return Leaf(bytes);
  text_left_ -= static_cast<std::uint32_t>(TakeFront(bytes, text_left_).size());
  return bytes.empty() ? Uninspected{} : inner_->Feed(bytes);
}

void Tnef::OnValueEnd() noexcept {
  if (value_as_ == As::kInner) return EndText();
  if (value_as_ == As::kLeaf) return CloseLeaf();
  EndInner(protocol::BodyEnd::kComplete);
}

void Tnef::EndInner(protocol::BodyEnd end) noexcept {
  if (inner_ == nullptr) return;
  inner_->End(end);
  inner_.reset();
}

void Tnef::Finish(protocol::BodyEnd end) noexcept {
  const bool cut = at_ == At::kData || at_ == At::kChecksum || at_ == At::kHead || held_ > 0;
  const bool short_of_data = at_ == At::kData && end == protocol::BodyEnd::kComplete;
  const protocol::BodyEnd how = short_of_data ? protocol::BodyEnd::kTruncated : end;
  if (at_ == At::kData && as_ == As::kHeldProperties) HeldPropertiesRead();
  if (at_ == At::kData && as_ == As::kProperties) {
    if (inner_ != nullptr) EndInner(how);
    properties_.End(*this);
  }
  if (at_ == At::kData && (as_ == As::kInner || as_ == As::kShort)) EndText();
  EndFile(how);
  EndInner(how);
  CloseLeaf();
  held_properties_.Release();
  if (cut && end == protocol::BodyEnd::kComplete) TellTruncated();
}

}  // namespace gander::content
