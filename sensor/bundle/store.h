// SPDX-License-Identifier: Apache-2.0
// Where applied bundles lie:
//
//   <directory>/generations/14/.manifest    as it was signed
//   <directory>/generations/14/rules/...    and what it names, and nothing else
//   <directory>/current                     symbolic link to the generation in force
//
// A change is one rename of that link: a sensor that starts at any moment finds one whole generation. The one before
// stays.
#ifndef GANDER_BUNDLE_STORE_H_
#define GANDER_BUNDLE_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "base/time.h"
#include "bundle/manifest.h"
#include "bundle/options.h"
#include "bundle/package.h"

namespace gander::bundle {

// The keys of Options::trust. Errors: one that is not there or no key; none at all.
Result<std::vector<evidence::PublicKey>> ReadTrusted(const Options& options);

struct Applied {
  Manifest manifest;
  std::size_t key = 0;  // of `trusted`
  std::string folder;   // its generation
};
// What is in force; nothing where no bundle was applied yet. Errors: a manifest that no trusted key signed, a link to
// somewhere else.
Result<std::optional<Applied>> ReadApplied(const Options& options, std::span<const evidence::PublicKey> trusted);

// Whether `folder` holds what was signed and nothing else.
Result<bool> CheckFolder(const std::string& folder, const Manifest& manifest);

// Whether it may follow what is in force: of the same name, with a higher serial, at its time, for this version. Whether
// it is for this sensor is IsFor's.
Result<bool> Admits(const Package& package, const std::optional<Applied>& applied, Timestamp now,
                    std::string_view version);

// A bundle laid out beside the one in force, under the directory's lock. Unless committed it is removed again.
class Staging {
 public:
  // Errors: another one is at it, the disk, contents that are not what was signed.
  static Result<Staging> Open(const Options& options, const Package& package);
  Staging(Staging&&) noexcept = default;
  ~Staging();

  const std::string& folder() const noexcept { return folder_; }
  // Puts it in force and removes all generations but it and `keep`. Errors: the disk; then the old one still is.
  Result<bool> Commit(std::uint64_t keep);

 private:
  Staging() = default;
  Result<bool> Lay(const Package& package);

  std::string directory_, folder_;  // folder_: "" once committed
  std::uint64_t serial_ = 0;
  File lock_;
};

}  // namespace gander::bundle

#endif  // GANDER_BUNDLE_STORE_H_
