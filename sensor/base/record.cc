// SPDX-License-Identifier: Apache-2.0
#include "base/record.h"

namespace gander {
namespace {

constexpr std::string_view kEllipsis = "\xe2\x80\xa6";

// Cuts at a UTF-8 boundary so that a cut string stays valid.
std::string_view CutUtf8(std::string_view s, std::size_t limit) noexcept {
  std::size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(s[end]) & 0xc0) == 0x80) --end;
  return s.substr(0, end);
}

}  // namespace

Record& Record::Push(Kind kind, const char* key) {
  tokens_.push_back({kind, Privacy::kPublic, key, 0, 0, 0, 0.0});
  return *this;
}

Record& Record::String(const char* key, std::string_view value, Privacy privacy) {
  const auto offset = static_cast<std::uint32_t>(text_.size());
  if (value.size() > kMaxString) {
    text_ += CutUtf8(value, kMaxString - kEllipsis.size());
    text_ += kEllipsis;
  } else {
    text_ += value;
  }
  const auto length = static_cast<std::uint32_t>(text_.size()) - offset;
  tokens_.push_back({Kind::kString, privacy, key, offset, length, 0, 0.0});
  return *this;
}

Record& Record::Integer(const char* key, std::int64_t value) {
  tokens_.push_back({Kind::kInteger, Privacy::kPublic, key, 0, 0, value, 0.0});
  return *this;
}

Record& Record::Real(const char* key, double value) {
  tokens_.push_back({Kind::kReal, Privacy::kPublic, key, 0, 0, 0, value});
  return *this;
}

Record& Record::Boolean(const char* key, bool value) {
  tokens_.push_back({Kind::kBoolean, Privacy::kPublic, key, 0, 0, value ? 1 : 0, 0.0});
  return *this;
}

Record& Record::Append(const Record& other) {
  const auto shift = static_cast<std::uint32_t>(text_.size());
  text_ += other.text_;
  for (Token token : other.tokens_) {
    token.offset += shift;
    tokens_.push_back(token);
  }
  return *this;
}

void Record::Replace(std::size_t index, std::string_view value) {
  Token& token = tokens_[index];
  token.offset = static_cast<std::uint32_t>(text_.size());
  token.length = static_cast<std::uint32_t>(value.size());
  text_ += value;
}

}  // namespace gander
