// SPDX-License-Identifier: Apache-2.0
// gander quarantine list|release|delete: what is kept, sealed; nothing is given out or deleted without its audit line.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "app/audit.h"
#include "app/options.h"
#include "app/verbs.h"
#include "report/events/audit_event.h"
#include "report/words.h"

namespace gander::app {
namespace {

namespace fs = std::filesystem;

struct QuarantineOptions {
  ConfigOptions config;
  std::string file, to, reason;
};

struct Kept {
  fs::path path;
  std::string sha256;
  std::uint64_t bytes = 0;
  Timestamp at;
};

Result<std::vector<Kept>> ReadDirectory(const config::Settings& settings) {
  const std::string& directory = settings.quarantine.directory;
  if (directory.empty()) {
    return Fail("quarantine.directory", 0, "names no folder, so no file is kept", "name the configuration with --config");
  }
  std::vector<Kept> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.path().extension() != ".cms") continue;
    Kept kept{entry.path(), entry.path().stem().string(), entry.file_size(error), {}};
    const auto age = fs::file_time_type::clock::now() - entry.last_write_time(error);
    kept.at = Now() + Duration{-std::chrono::duration_cast<std::chrono::nanoseconds>(age).count()};
    out.push_back(std::move(kept));
  }
  if (error) return Fail(directory, 0, "cannot be read: " + error.message(), "run as the user of the sensor");
  std::sort(out.begin(), out.end(), [](const Kept& a, const Kept& b) {
    return a.at != b.at ? a.at < b.at : a.sha256 < b.sha256;
  });
  return out;
}

int List(const QuarantineOptions& options) {
  auto settings = LoadSettings(options.config);
  if (!settings) return Complain(settings.error());
  auto kept = ReadDirectory(*settings);
  if (!kept) return Complain(kept.error());
  std::uint64_t bytes = 0;
  for (const Kept& k : *kept) {
    std::printf("%s  %s  %s\n", report::ShortTime(k.at).c_str(), k.sha256.c_str(), report::ByteText(k.bytes).c_str());
    bytes += k.bytes;
  }
  std::printf("%s, %s, sealed\n", report::Plural(kept->size(), "file", "files").c_str(), report::ByteText(bytes).c_str());
  return kDone;
}

// The one file whose SHA-256 begins with what was said.
Result<Kept> Find(const std::vector<Kept>& kept, const std::string& name) {
  std::vector<Kept> fits;
  std::copy_if(kept.begin(), kept.end(), std::back_inserter(fits), [&](const Kept& k) { return k.sha256.starts_with(name); });
  if (fits.size() == 1) return fits.front();
  return Fail(name, 0, fits.empty() ? "is none of the files kept" : "is the beginning of several files' SHA-256",
              "`gander quarantine list` shows them all");
}

int Take(const QuarantineOptions& options, bool release) {
  auto settings = LoadSettings(options.config);
  if (!settings) return Complain(settings.error());
  auto all = ReadDirectory(*settings);
  if (!all) return Complain(all.error());
  auto kept = Find(*all, options.file);
  if (!kept) return Complain(kept.error());
  const fs::path target = fs::path(options.to) / kept->path.filename();
  std::error_code error;
  if (release && (!fs::is_directory(options.to, error) || fs::exists(target, error))) {
    return Complain({options.to, 0, "is no folder, or holds that file already", "name an empty folder with --to"});
  }
  const auto told = Tell(PlacesOf(*settings), {release ? "quarantine_release" : "quarantine_delete", kept->sha256,
                                               report::ActorOfThisProcess(), options.reason, 0, kept->bytes});
  if (!told) return Complain(told.error(), kFailed);
  if (release) {
    fs::copy_file(kept->path, target, error);
  } else {
    fs::remove(kept->path, error);
  }
  if (error) return Complain({kept->path.string(), 0, error.message(), "check the rights on the folder"}, kFailed);
  std::printf("%s %s\n", release ? "released to" : "deleted", (release ? target : kept->path).c_str());
  return kDone;
}

}  // namespace

void AddQuarantine(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("quarantine", "files kept sealed: list them, give one out, delete one");
  verb->require_subcommand(1);
  verb->footer("A file stays sealed to the certificate's key when it is given out; on the machine that has the key:\n"
               "  openssl cms -decrypt -binary -inform DER -in SHA256.cms -recip cert.pem -inkey key.pem -out file\n"
               "Who took or deleted which file, and why, is appended to privacy.audit_file before it is done.");
  auto options = std::make_shared<QuarantineOptions>();
  CLI::App* list = verb->add_subcommand("list", "the files kept, the oldest first");
  AddConfigOptions(*list, options->config);
  list->callback([options, &exit_code] { exit_code = List(*options); });
  for (const bool release : {true, false}) {
    CLI::App* sub = verb->add_subcommand(release ? "release" : "delete",
                                         release ? "copy one, sealed as it is, to a folder" : "delete one");
    sub->add_option("file", options->file, "its SHA-256, or the beginning of it")->required();
    if (release) sub->add_option("--to", options->to, "folder it is copied to")->required();
    sub->add_option("--reason", options->reason, "why, for the audit line")->required();
    AddConfigOptions(*sub, options->config);
    sub->callback([options, release, &exit_code] { exit_code = Take(*options, release); });
  }
}

}  // namespace gander::app
