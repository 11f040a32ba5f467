// SPDX-License-Identifier: Apache-2.0
// Any text as the lines of a manifest. They are signed here, since a signature would keep every change out: what is
// taken has no flaw and writes as the same note; and what nobody signed is never taken.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "bundle/manifest.h"
#include "evidence/checkpoint.h"

namespace {

const gander::evidence::SigningKey& TheKey() {
  static const gander::evidence::SigningKey key = [] {
    const auto path = std::filesystem::temp_directory_path() / "gander_fuzz_bundle.key";
    auto opened = gander::evidence::SigningKey::Open(path.string());
    std::filesystem::remove(path);
    if (!opened) std::abort();
    return std::move(*opened);
  }();
  return key;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gander::bundle;
  std::string text(reinterpret_cast<const char*>(data), size);
  const gander::evidence::PublicKey keys[] = {TheKey().public_key()};
  if (ReadManifest("fuzz", text, keys)) std::abort();  // nobody has signed it
  gander::evidence::Checkpoint note;
  std::size_t line = 0;
  std::string files;
  for (std::size_t at = 0; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string one = text.substr(at, end - at);
    at = end + 1;
    if (line == 0) {
      note.origin = one;
    } else if (line == 1) {
      note.size = one.size();
    } else if (!one.empty()) {
      if (one.starts_with("file ")) files += one + "\n";
      note.extensions.push_back(std::move(one));
    }
  }
  note.root = gander::evidence::Sha256(files);
  const std::string as_signed = gander::evidence::Sign(note, TheKey());
  const auto read = ReadManifest("fuzz", as_signed, keys);
  if (!read) return 0;
  if (!Flaw(read->manifest).empty()) std::abort();
  const auto again = SignManifest(read->manifest, TheKey());
  if (!again || *again != as_signed) std::abort();  // Ed25519 gives one signature
  for (const FileEntry& f : read->manifest.files) {
    if (f.path.find("..") == 0 || f.path.starts_with('/')) std::abort();
  }
  return 0;
}
