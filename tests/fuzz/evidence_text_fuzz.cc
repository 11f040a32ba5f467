// SPDX-License-Identifier: Apache-2.0
// Whatever is read of an evidence log, a witness or a proof comes from somebody who may want it to be believed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "evidence/checkpoint.h"
#include "evidence/prove.h"
#include "evidence/record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gander::evidence;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const PublicKey key(PublicKey::Raw{1});
  std::string_view rest;
  for (const std::string_view note : SplitNotes(text, rest)) {
    Checkpoint checkpoint;
    if (ReadNote(note, key, checkpoint) == NoteStatus::kGood) std::abort();  // nobody has signed with this key
  }
  if (const auto head = ReadHead(text)) {
    const gander::evidence::Hash previous = head->previous;
    if (text.find(ToHex(previous)) == std::string::npos) std::abort();
  }
  if (CheckProof("fuzz", text, key)) std::abort();
  std::string bytes;
  if (FromBase64(text, bytes) && ToBase64(bytes) != text) std::abort();
  return 0;
}
