// SPDX-License-Identifier: Apache-2.0
#include "bundle/manifest.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "evidence/checkpoint.h"

namespace gander::bundle {
namespace {

constexpr std::string_view kOrigin = "gander-bundle/";

bool IsWordChar(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

template <class Number>
bool ReadNumber(std::string_view text, Number& out) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && (text.size() == 1 || text[0] != '0');
}

std::string TimeText(Timestamp t) { return FormatEveTime(t).substr(0, 19) + "Z"; }

bool ReadTimeText(std::string_view text, Timestamp& out) {
  return text.size() == 20 && ParseDate(std::string(text), out) && TimeText(out) == text;
}

// False for what is no version of three numbers.
bool ReadVersion(std::string_view text, std::array<std::uint32_t, 3>& out) noexcept {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t dot = i + 1 < out.size() ? text.find('.') : text.size();
    if (dot == std::string_view::npos || !ReadNumber(text.substr(0, dot), out[i])) return false;
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return true;
}

// "25%": 1..99. 0 for what is none.
unsigned ShareOf(std::string_view ring) noexcept {
  unsigned share = 0;
  if (!ring.ends_with('%') || !ReadNumber(ring.substr(0, ring.size() - 1), share) || share > 99) return 0;
  return share;
}

std::string FileLine(const FileEntry& f) {
  return "file " + evidence::ToHex(f.digest) + " " + std::to_string(f.size) + " " + f.path;
}

evidence::Hash ContentHash(const std::vector<FileEntry>& files) {
  std::string text;
  for (const FileEntry& f : files) text += FileLine(f) + "\n";
  return evidence::Sha256(text);
}

evidence::Checkpoint NoteOf(const Manifest& m) {
  evidence::Checkpoint note;
  note.origin = std::string(kOrigin) + m.name;
  note.size = m.serial;
  note.root = ContentHash(m.files);
  std::string rings = "rings";
  for (const std::string& r : m.rings) rings += " " + r;
  note.extensions = {"from " + TimeText(m.from), "until " + TimeText(m.until), "gander " + m.version, std::move(rings)};
  if (m.restores != 0) note.extensions.push_back("restores " + std::to_string(m.restores));
  for (const FileEntry& f : m.files) note.extensions.push_back(FileLine(f));
  return note;
}

bool TakeWord(std::string_view& line, std::string_view word) noexcept {
  if (!line.starts_with(word) || line.size() <= word.size() || line[word.size()] != ' ') return false;
  line.remove_prefix(word.size() + 1);
  return true;
}

bool ReadRings(std::string_view line, std::vector<std::string>& out) {
  while (!line.empty() && out.size() <= kMostRings) {
    const std::size_t space = std::min(line.find(' '), line.size());
    out.emplace_back(line.substr(0, space));
    line.remove_prefix(std::min(space + 1, line.size()));
  }
  return true;
}

bool ReadFileLine(std::string_view line, FileEntry& out) {
  const std::size_t first = line.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos) return false;
  const auto digest = evidence::FromHex(line.substr(0, first));
  if (!digest || !ReadNumber(line.substr(first + 1, second - first - 1), out.size)) return false;
  out.digest = *digest;
  out.path = line.substr(second + 1);
  return true;
}

// The lines in their order and nothing else: what is read writes as the same note.
bool ReadLines(const evidence::Checkpoint& note, Manifest& m) {
  if (!note.origin.starts_with(kOrigin)) return false;
  m.name = note.origin.substr(kOrigin.size());
  m.serial = note.size;
  if (note.extensions.size() > kMostFiles + 5) return false;
  for (const std::string& text : note.extensions) {
    std::string_view line = text;
    if (TakeWord(line, "file")) {
      if (!ReadFileLine(line, m.files.emplace_back())) return false;
    } else if (TakeWord(line, "from")) {
      if (!ReadTimeText(line, m.from)) return false;
    } else if (TakeWord(line, "until")) {
      if (!ReadTimeText(line, m.until)) return false;
    } else if (TakeWord(line, "gander")) {
      m.version = line;
    } else if (TakeWord(line, "rings")) {
      if (!m.rings.empty() || !ReadRings(line, m.rings)) return false;
    } else if (!TakeWord(line, "restores") || !ReadNumber(line, m.restores)) {
      return false;
    }
  }
  const evidence::Checkpoint again = NoteOf(m);
  return again.root == note.root && again.extensions == note.extensions;
}

}  // namespace

bool IsName(std::string_view name) noexcept {
  return !name.empty() && name.size() <= kMostName && name[0] != '.' && name[0] != '-' &&
         std::all_of(name.begin(), name.end(), IsWordChar);
}

bool IsPath(std::string_view path) noexcept {
  if (path.size() > kMostPath) return false;
  for (std::size_t depth = 0; depth < kMostDepth; ++depth) {
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos) return IsName(path);
    if (!IsName(path.substr(0, slash))) return false;
    path.remove_prefix(slash + 1);
  }
  return false;
}

bool IsLater(std::string_view version, std::string_view other) noexcept {
  std::array<std::uint32_t, 3> a{}, b{};
  return ReadVersion(version, a) && ReadVersion(other, b) && a > b;
}

std::uint64_t Manifest::content_bytes() const noexcept {
  std::uint64_t sum = 0;
  for (const FileEntry& f : files) sum += f.size;
  return sum;
}

std::string Manifest::content_id() const { return evidence::ToHex(ContentHash(files)); }

std::string Flaw(const Manifest& m) {
  std::array<std::uint32_t, 3> version{};
  if (!IsName(m.name)) return "its name is not of letters, digits, '.', '_' and '-'";
  if (m.serial == 0) return "its serial is zero";
  if (m.restores >= m.serial) return "it restores a serial that is not older than its own";
  if (m.from >= m.until) return "it ends before it begins";
  if (!ReadVersion(m.version, version)) return "its version is not of three numbers";
  if (m.rings.empty() || m.rings.size() > kMostRings) return "it names no ring, or more than 32";
  for (const std::string& ring : m.rings) {
    if (!IsName(ring) && ShareOf(ring) == 0) return "'" + ring + "' is neither a ring's name nor a share of 1% to 99%";
  }
  if (m.files.empty() || m.files.size() > kMostFiles) return "it holds no file, or more than 4,096";
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < m.files.size(); ++i) {
    const FileEntry& f = m.files[i];
    if (!IsPath(f.path)) return "'" + f.path.substr(0, kMostPath) + "' is no path for a file of a bundle";
    if (f.size > kMostFileBytes) return f.path + " is larger than 64 MiB";
    bytes += f.size;
    if (i > 0 && f.path <= m.files[i - 1].path) return "its files are not in order, or one stands twice: " + f.path;
    // A file cannot be a folder, too. Its children need not come next: '-' and '.' stand before '/'.
    for (std::size_t slash = f.path.find('/'); slash != std::string::npos; slash = f.path.find('/', slash + 1)) {
      const std::string folder = f.path.substr(0, slash);
      const auto at = std::lower_bound(m.files.begin(), m.files.begin() + static_cast<std::ptrdiff_t>(i), folder,
                                       [](const FileEntry& e, const std::string& p) { return e.path < p; });
      if (at->path == folder) return folder + " is a file and a folder";
    }
  }
  if (bytes > kMostContentBytes) return "its files are larger than 256 MiB together";
  return {};
}

Result<std::string> SignManifest(const Manifest& manifest, const evidence::SigningKey& key) {
  if (std::string flaw = Flaw(manifest); !flaw.empty()) {
    return Fail(manifest.name, 0, "cannot be signed: " + flaw, "`gander bundle sign --help` says what there is");
  }
  std::string note = evidence::Sign(NoteOf(manifest), key);
  if (!note.empty() && note.size() <= kMostManifestBytes) return note;
  return Fail(manifest.name, 0, note.empty() ? "cannot be signed" : "has a manifest of more than 1 MiB",
              "fewer files, or another key");
}

Result<SignedManifest> ReadManifest(const std::string& file, std::string_view note,
                                    std::span<const evidence::PublicKey> trusted) {
  const auto refuse = [&](std::string cause) {
    return Fail(file, 0, "refused: " + std::move(cause), "apply a bundle that a key of fleet.trust has signed");
  };
  if (note.size() > kMostManifestBytes) return refuse("its manifest is larger than 1 MiB");
  evidence::Checkpoint read;
  for (std::size_t i = 0; i < trusted.size(); ++i) {
    switch (evidence::ReadNote(note, trusted[i], read)) {
      case evidence::NoteStatus::kMalformed: return refuse("it has no manifest that can be read");
      case evidence::NoteStatus::kBadSignature:
        return refuse("its manifest is not what the key signed: it was altered or forged");
      case evidence::NoteStatus::kOtherKey: continue;
      case evidence::NoteStatus::kGood: break;
    }
    SignedManifest out;
    out.key = i;
    if (!ReadLines(read, out.manifest)) return refuse("what was signed is no manifest of a bundle");
    if (std::string flaw = Flaw(out.manifest); !flaw.empty()) return refuse(std::move(flaw));
    return out;
  }
  return refuse(trusted.empty() ? "there is no key to check it with" : "none of the trusted keys has signed it");
}

bool IsFor(const Manifest& manifest, std::string_view sensor, std::string_view ring) {
  const evidence::Hash hash = evidence::Sha256("gander-bundle ring " + std::string(sensor));
  const unsigned place = (static_cast<unsigned>(hash[0]) << 8 | hash[1]) % 100;
  return std::any_of(manifest.rings.begin(), manifest.rings.end(), [&](const std::string& r) {
    return r == "all" || (!ring.empty() && r == ring) || place < ShareOf(r);
  });
}

}  // namespace gander::bundle
