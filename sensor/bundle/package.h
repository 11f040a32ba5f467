// SPDX-License-Identifier: Apache-2.0
// A bundle as one file: a line, the signed manifest, then the contents of its files in the manifest's order. There is no
// archive to unpack: where each file begins and ends, and what it is called, is signed.
//
//   gander-bundle 1 <octets of the manifest>\n
#ifndef GANDER_BUNDLE_PACKAGE_H_
#define GANDER_BUNDLE_PACKAGE_H_

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"
#include "bundle/manifest.h"

namespace gander::bundle {

// The plain files below `folder`, hidden ones left out, by path with size and digest. Errors: a name that no bundle may
// have, something that is neither file nor folder, too many or too large, not to be read.
Result<std::vector<FileEntry>> FilesBelow(const std::string& folder);

// Signs the files below `folder` into `out`. `manifest.files` is filled. Errors: those of FilesBelow and SignManifest, a
// file that changed meanwhile, the disk.
Result<bool> WritePackage(Manifest& manifest, const std::string& folder, const evidence::SigningKey& key,
                          const std::string& out);

// A bundle that was opened: its manifest is good, its contents are not looked at yet.
class Package {
 public:
  // Errors: not to be read, no bundle, ReadManifest's, longer or shorter than the manifest says.
  static Result<Package> Open(const std::string& path, std::span<const evidence::PublicKey> trusted);

  const Manifest& manifest() const noexcept { return signed_.manifest; }
  std::size_t key() const noexcept { return signed_.key; }
  const std::string& note() const noexcept { return note_; }  // as it was signed

  // Each file in order, once its digest was found right; a false answer ends it (then the error is the caller's to
  // tell). Errors: a file that is not what was signed, not to be read.
  Result<bool> ForEachFile(const std::function<bool(const FileEntry&, std::string_view bytes)>& take) const;

 private:
  Package() = default;
  std::string path_, note_;
  SignedManifest signed_;
  std::uint64_t contents_at_ = 0;
  File file_;
};

// The same content under another manifest, signed anew: for a roll-back. Errors as Package's and SignManifest's.
Result<bool> SignAnew(const Package& old, const Manifest& manifest, const evidence::SigningKey& key,
                      const std::string& out);

}  // namespace gander::bundle

#endif  // GANDER_BUNDLE_PACKAGE_H_
