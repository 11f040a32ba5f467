// SPDX-License-Identifier: Apache-2.0
#include "evidence/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace gander::evidence {
namespace {

constexpr std::string_view kDash = "\xE2\x80\x94 ";  // em dash and a space
constexpr std::uint8_t kEd25519 = 1;                 // signature type of the signed-note format

std::string TextOf(const Checkpoint& c) {
  const std::string_view root(reinterpret_cast<const char*>(c.root.data()), c.root.size());
  std::string text = c.origin + "\n" + std::to_string(c.size) + "\n" + ToBase64(root) + "\n";
  for (const std::string& line : c.extensions) text += line + "\n";
  return text;
}

std::string TypedKey(const PublicKey& key) {
  std::string bytes(1, static_cast<char>(kEd25519));
  bytes.append(reinterpret_cast<const char*>(key.raw().data()), key.raw().size());
  return bytes;
}

// The next line without its end; false when there is no whole one.
bool TakeLine(std::string_view& text, std::string_view& line) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return false;
  line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return true;
}

bool ReadText(std::string_view text, Checkpoint& out) {
  std::string_view origin, size, root, line;
  if (!TakeLine(text, origin) || !TakeLine(text, size) || !TakeLine(text, root) || !IsOrigin(origin)) return false;
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), out.size);
  if (error != std::errc() || end != size.data() + size.size() || (size.size() > 1 && size[0] == '0')) return false;
  std::string bytes;
  if (!FromBase64(root, bytes) || bytes.size() != out.root.size()) return false;
  std::memcpy(out.root.data(), bytes.data(), bytes.size());
  out.origin = origin;
  out.extensions.clear();
  while (TakeLine(text, line)) {
    if (line.empty()) return false;
    out.extensions.emplace_back(line);
  }
  return text.empty();
}

struct SignatureLine {
  std::string_view name;
  std::array<std::uint8_t, 4> id{};
  Signature signature{};
};

bool ReadSignature(std::string_view line, SignatureLine& out) {
  if (!line.starts_with(kDash)) return false;
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  std::string bytes;
  if (space == std::string_view::npos || !FromBase64(line.substr(space + 1), bytes)) return false;
  out.name = line.substr(0, space);
  if (bytes.size() != out.id.size() + out.signature.size()) return false;
  std::memcpy(out.id.data(), bytes.data(), out.id.size());
  std::memcpy(out.signature.data(), bytes.data() + out.id.size(), out.signature.size());
  return true;
}

}  // namespace

bool IsOrigin(std::string_view name) noexcept {
  return !name.empty() && name.size() <= 200 &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 127 && c != '+' && c != '"' && c != '\\'; });
}

std::array<std::uint8_t, 4> KeyId(std::string_view origin, const PublicKey& key) {
  const Hash hash = Sha256(std::string(origin) + "\n" + TypedKey(key));
  return {hash[0], hash[1], hash[2], hash[3]};
}

std::string VerifierKey(std::string_view origin, const PublicKey& key) {
  Hash padded{};
  const auto id = KeyId(origin, key);
  std::copy(id.begin(), id.end(), padded.begin());
  return std::string(origin) + "+" + ToHex(padded).substr(0, 2 * id.size()) + "+" + ToBase64(TypedKey(key));
}

std::string Sign(const Checkpoint& checkpoint, const SigningKey& key) {
  const std::string text = TextOf(checkpoint);
  Signature signature;
  if (!key.Sign(text, signature)) return {};
  const auto id = KeyId(checkpoint.origin, key.public_key());
  std::string bytes(reinterpret_cast<const char*>(id.data()), id.size());
  bytes.append(reinterpret_cast<const char*>(signature.data()), signature.size());
  return text + "\n" + std::string(kDash) + checkpoint.origin + " " + ToBase64(bytes) + "\n";
}

NoteStatus ReadNote(std::string_view note, const PublicKey& key, Checkpoint& out) {
  const std::size_t blank = note.find("\n\n");
  if (blank == std::string_view::npos) return NoteStatus::kMalformed;
  const std::string_view text = note.substr(0, blank + 1);
  if (!ReadText(text, out)) return NoteStatus::kMalformed;
  std::string_view rest = note.substr(blank + 2), line;
  bool any = false;
  while (TakeLine(rest, line)) {
    SignatureLine signature;
    if (!ReadSignature(line, signature)) return NoteStatus::kMalformed;
    any = true;
    if (signature.name != out.origin || signature.id != KeyId(out.origin, key)) continue;
    return key.Verifies(text, signature.signature) ? NoteStatus::kGood : NoteStatus::kBadSignature;
  }
  return any && rest.empty() ? NoteStatus::kOtherKey : NoteStatus::kMalformed;
}

std::vector<std::string_view> SplitNotes(std::string_view text, std::string_view& rest) {
  std::vector<std::string_view> notes;
  while (!text.empty()) {
    std::size_t end = text.find("\n\n");
    if (end == std::string_view::npos) break;
    end += 2;
    while (text.substr(end).starts_with(kDash)) {
      const std::size_t line = text.find('\n', end);
      if (line == std::string_view::npos) break;
      end = line + 1;
    }
    notes.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  rest = text;
  return notes;
}

std::size_t WholeNotesEnd(std::string_view text) {
  std::string_view rest;
  std::size_t whole = 0, at = 0;
  for (const std::string_view note : SplitNotes(text, rest)) {
    at += note.size();
    if (!note.ends_with("\n\n")) whole = at;
  }
  return whole;
}

}  // namespace gander::evidence
