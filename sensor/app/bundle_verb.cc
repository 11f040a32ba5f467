// SPDX-License-Identifier: Apache-2.0
// gander bundle key|sign|rollback|verify|apply|status: rules and configuration that a fleet's sensors take from nobody
// but who signs them. Bundles are files; what brings them is the operator's own tooling.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/audit.h"
#include "app/options.h"
#include "app/verbs.h"
#include "bundle/store.h"
#include "config/signed_rules.h"
#include "control/server.h"

namespace gander::app {
namespace {

using Json = nlohmann::ordered_json;

struct BundleOptions {
  ConfigOptions config;
  std::string file, key, name, from, until, version, out, folder;
  std::vector<std::string> rings, trust;
  std::uint64_t serial = 0;
  std::uint32_t days = 30;
  bool json = false, reload = false;
};

constexpr std::uint32_t kReloadSeconds = 120;

Result<bool> ReadTimes(const BundleOptions& options, bundle::Manifest& m) {
  const auto wrong = [](const std::string& option) {
    return Fail(option, 0, "is no date", "2026-11-30 or 2026-11-30T12:00:00Z");
  };
  m.from = {Now().ns / kNanosPerSecond * kNanosPerSecond};
  if (!options.from.empty() && !ParseDate(options.from, m.from)) return wrong("--from");
  m.until = m.from + Duration::Seconds(std::int64_t{options.days} * 86'400);
  if (!options.until.empty() && !ParseDate(options.until, m.until)) return wrong("--until");
  return true;
}

Result<bundle::Manifest> ManifestFrom(const BundleOptions& options) {
  bundle::Manifest m;
  m.name = options.name;
  m.serial = options.serial;
  m.version = options.version.empty() ? kVersion : options.version;
  m.rings = options.rings.empty() ? std::vector<std::string>{"all"} : options.rings;
  if (auto times = ReadTimes(options, m); !times) return Failure(times.error());
  return m;
}

std::string RingsOf(const bundle::Manifest& m) {
  std::string text;
  for (const std::string& r : m.rings) text += (text.empty() ? "" : " ") + r;
  return text;
}

void PrintManifest(const bundle::Manifest& m, const std::string& key) {
  std::printf("%s, serial %llu, content %.16s\n", m.name.c_str(), static_cast<unsigned long long>(m.serial),
              m.content_id().c_str());
  if (m.restores != 0) std::printf("  content of serial %llu again\n", static_cast<unsigned long long>(m.restores));
  std::printf("  signed by %s\n  for %s, gander %s and later\n  from %s until %s\n  %zu files, %llu bytes\n", key.c_str(),
              RingsOf(m).c_str(), m.version.c_str(), FormatEveTime(m.from).c_str(), FormatEveTime(m.until).c_str(),
              m.files.size(), static_cast<unsigned long long>(m.content_bytes()));
}

int KeyOfBundles(const BundleOptions& options) {
  const auto key = evidence::SigningKey::Open(options.file);
  if (!key) return Complain(key.error());
  std::fputs(key->public_key().ToPem().c_str(), stdout);
  return kDone;
}

int SignBundle(const BundleOptions& options) {
  const auto key = evidence::SigningKey::Open(options.key);
  if (!key) return Complain(key.error());
  auto manifest = ManifestFrom(options);
  if (!manifest) return Complain(manifest.error());
  if (auto written = bundle::WritePackage(*manifest, options.folder, *key, options.out); !written) {
    return Complain(written.error());
  }
  PrintManifest(*manifest, options.key);
  return kDone;
}

int Rollback(const BundleOptions& options) {
  const auto key = evidence::SigningKey::Open(options.key);
  if (!key) return Complain(key.error());
  const evidence::PublicKey own[] = {key->public_key()};
  const auto old = bundle::Package::Open(options.file, own);
  if (!old) return Complain(old.error());
  bundle::Manifest manifest = old->manifest();
  manifest.restores = manifest.serial;
  manifest.serial = options.serial;
  if (!options.rings.empty()) manifest.rings = options.rings;
  if (auto times = ReadTimes(options, manifest); !times) return Complain(times.error());
  if (auto written = bundle::SignAnew(*old, manifest, *key, options.out); !written) return Complain(written.error());
  PrintManifest(manifest, options.key);
  return kDone;
}

// Keys named on the command line, else those of the configuration.
Result<bundle::Options> OptionsOf(const BundleOptions& options, config::Settings& settings) {
  auto read = LoadSettings(options.config);
  if (!read) return Failure(read.error());
  settings = std::move(*read);
  bundle::Options out = settings.bundle;
  if (!options.trust.empty()) out.trust = options.trust;
  return out;
}

int VerifyBundle(const BundleOptions& options) {
  config::Settings settings;
  const auto of = OptionsOf(options, settings);
  if (!of) return Complain(of.error());
  const auto trusted = bundle::ReadTrusted(*of);
  if (!trusted) return Complain(trusted.error());
  const auto package = bundle::Package::Open(options.file, *trusted);
  if (!package) return Complain(package.error());
  const auto whole = package->ForEachFile([](const bundle::FileEntry&, std::string_view) { return true; });
  if (!whole) return Complain(whole.error());
  PrintManifest(package->manifest(), of->trust[package->key()]);
  std::printf("good: every file is what was signed\n");
  return kDone;
}

// In evidence and audit file, where there are any: a sensor that takes rules must not fail for want of a log.
Result<bool> TellOf(const config::Settings& settings, const char* action, const bundle::Manifest* m, std::string object,
                    std::string reason) {
  const AuditPlaces places = PlacesOf(settings);
  if (places.file.empty() && places.evidence.empty()) return true;
  if (m != nullptr) object = m->name + " " + std::to_string(m->serial) + " " + m->content_id();
  return Tell(places, {action, std::move(object), report::ActorOfThisProcess(), std::move(reason),
                       m != nullptr ? m->files.size() : 0, m != nullptr ? m->content_bytes() : 0});
}

int Refuse(const config::Settings& settings, const bundle::Manifest* m, const std::string& path, const Error& error) {
  if (auto told = TellOf(settings, "bundle_refuse", m, path, error.cause); !told) Complain(told.error());
  return Complain(error);
}

// As a start would, from where the bundle lies until it is in force.
Result<bool> TryRules(const ConfigOptions& named, const config::Settings& settings, const std::string& folder) {
  // A configuration that comes with the bundle is read from there, too.
  ConfigOptions moved = named;
  for (std::string* file : {&moved.config, &moved.profile}) *file = config::MovedBelow(settings, *file, folder);
  const auto read = LoadSettings(moved);
  if (!read) return Failure(read.error());
  const config::Settings there = config::ReadFrom(*read, folder);
  if (auto within = config::CheckWithin(there, folder); !within) return within;
  const auto built = config::BuildSnapshot(there, ShippedRules(), Now());
  if (!built) return Failure(built.error());
  return true;
}

int Reload(const config::Settings& settings) {
  if (settings.control.socket.empty()) {
    return Complain({"control.socket", 0, "is not set, so the sensor cannot be asked to reload",
                     "kill -HUP it, or name control.socket"});
  }
  const auto reply = control::Ask(settings.control.socket, {"reload", {}, {}, {}}, kReloadSeconds);
  if (!reply) return Complain(reply.error(), kFailed);
  if (!reply->good) return Complain({settings.control.socket, 0, reply->error, reply->remedy}, kFailed);
  std::printf("the sensor was asked to reload: `gander ctl rules` tells what it took\n");
  return kDone;
}

int ApplyBundle(const BundleOptions& options) {
  config::Settings settings;
  const auto of = OptionsOf(options, settings);
  if (!of) return Complain(of.error());
  if (of->directory.empty()) {
    return Complain({"fleet.directory", 0, "names no folder for bundles", "name it in the configuration"});
  }
  const auto trusted = bundle::ReadTrusted(*of);
  if (!trusted) return Complain(trusted.error());
  const auto package = bundle::Package::Open(options.file, *trusted);
  if (!package) return Refuse(settings, nullptr, options.file, package.error());
  const bundle::Manifest& m = package->manifest();
  const auto applied = bundle::ReadApplied(*of, *trusted);
  if (!applied) return Complain(applied.error());
  if (auto admitted = bundle::Admits(*package, *applied, Now(), kVersion); !admitted) {
    return Refuse(settings, &m, options.file, admitted.error());
  }
  if (!bundle::IsFor(m, of->sensor, of->ring)) {
    std::printf("%s %llu is for %s; this sensor%s is not among them yet. Nothing is changed.\n", m.name.c_str(),
                static_cast<unsigned long long>(m.serial), RingsOf(m).c_str(),
                of->ring.empty() ? "" : (", of ring " + of->ring + ",").c_str());
    return kAlerts;
  }
  auto staged = bundle::Staging::Open(*of, *package);
  if (!staged) return Refuse(settings, &m, options.file, staged.error());
  if (auto good = TryRules(options.config, settings, staged->folder()); !good) {
    return Refuse(settings, &m, options.file, {options.file, 0, "refused: " + good.error().ToString(),
                                               "the rules in force stay; sign one that `gander config check` passes"});
  }
  if (auto told = TellOf(settings, "bundle_apply", &m, "", m.restores != 0 ? "roll-back" : ""); !told) {
    return Complain(told.error(), kFailed);
  }
  if (auto done = staged->Commit(*applied ? (*applied)->manifest.serial : 0); !done) return Complain(done.error(), kFailed);
  PrintManifest(m, of->trust[package->key()]);
  std::printf("in force at the sensor's next start or reload\n");
  return options.reload ? Reload(settings) : kDone;
}

int BundleStatus(const BundleOptions& options) {
  config::Settings settings;
  const auto of = OptionsOf(options, settings);
  if (!of) return Complain(of.error());
  const auto trusted = bundle::ReadTrusted(*of);
  if (!trusted) return Complain(trusted.error());
  const auto applied = bundle::ReadApplied(*of, *trusted);
  if (!applied) return Complain(applied.error());
  if (!*applied) {
    return Complain({of->directory, 0, "no bundle is applied", "`gander bundle apply --config FILE BUNDLE`"});
  }
  const bundle::Manifest& m = (*applied)->manifest;
  const auto good = config::CheckSigned(settings, Now(), nullptr);
  const bool ended = Now() >= m.until;
  if (options.json) {
    const Json status{{"name", m.name}, {"serial", m.serial}, {"content", m.content_id()}, {"restores", m.restores},
                      {"rings", m.rings}, {"from", FormatEveTime(m.from)}, {"until", FormatEveTime(m.until)},
                      {"ended", ended}, {"files", m.files.size()}, {"bytes", m.content_bytes()}, {"good", good.has_value()},
                      {"problem", good ? "" : good.error().ToString()}, {"sensor", of->sensor}, {"ring", of->ring}};
    std::printf("%s\n", status.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
  } else {
    PrintManifest(m, of->trust[(*applied)->key]);
    if (ended) std::printf("  its time is over: it is still read; bring a newer one\n");
    if (good) std::printf("good: what is read is what was signed\n");
  }
  if (good || options.json) return good ? kDone : kBadUsage;
  return Complain(good.error());
}

}  // namespace

void AddBundle(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand(
      "bundle", "rules and configuration of a fleet, signed: key, sign, rollback, verify, apply, status");
  verb->require_subcommand(1);
  verb->footer("Examples:\n"
               "  gander bundle key release.key > release.pem      where bundles are signed; sensors get the .pem\n"
               "  gander bundle sign --key release.key --name rules --serial 14 --ring canary --out r14 FOLDER\n"
               "  gander bundle sign --key release.key --name rules --serial 15 --ring canary --ring 25% --out r15 FOLDER\n"
               "  gander bundle apply --config gander.yaml --reload r14\n"
               "  gander bundle rollback --key release.key --serial 16 --out r16 r13\n"
               "  gander bundle status --config gander.yaml\n"
               "Exit codes: 1 the bundle is for other sensors, 2 it is refused.");
  auto options = std::make_shared<BundleOptions>();
  const auto add_new = [&](CLI::App* action) {
    action->add_option("--key", options->key, "private key that signs, PEM")->required()->type_name("FILE");
    action->add_option("--serial", options->serial, "higher than every one before")->required();
    action->add_option("--ring", options->rings, "sensors it is for: a ring's name, a share (25%), all")
        ->allow_extra_args(false)
        ->take_all();
    action->add_option("--from", options->from, "not applied before; now");
    action->add_option("--until", options->until, "nor from then on");
    action->add_option("--days", options->days, "... or so many days after --from")->check(CLI::Range(1, 3660));
    action->add_option("--out,-o", options->out, "file to write")->required();
  };
  const auto add_trust = [&](CLI::App* action) {
    AddConfigOptions(*action, options->config);
    action->add_option("--trust", options->trust, "public keys instead of fleet.trust")
        ->type_name("FILE")
        ->allow_extra_args(false)
        ->take_all();
  };
  CLI::App* key = verb->add_subcommand("key", "make a key that signs, if there is none, and print its public half");
  key->add_option("file", options->file, "private key")->required();
  key->callback([options, &exit_code] { exit_code = KeyOfBundles(*options); });
  CLI::App* sign = verb->add_subcommand("sign", "sign a folder as a bundle");
  sign->add_option("folder", options->folder, "what it shall hold: rules/, policy.yaml, lists")->required();
  sign->add_option("--name", options->name, "of the line of bundles that a sensor follows")->required();
  sign->add_option("--min-version", options->version, "oldest gander that can read it; this one's");
  add_new(sign);
  sign->callback([options, &exit_code] { exit_code = SignBundle(*options); });
  CLI::App* rollback = verb->add_subcommand("rollback", "sign the content of an older bundle under a new serial");
  rollback->add_option("bundle", options->file, "the older one")->required();
  add_new(rollback);
  rollback->callback([options, &exit_code] { exit_code = Rollback(*options); });
  CLI::App* verify = verb->add_subcommand("verify", "is it signed by a trusted key, and whole");
  verify->add_option("bundle", options->file, "bundle")->required();
  add_trust(verify);
  verify->callback([options, &exit_code] { exit_code = VerifyBundle(*options); });
  CLI::App* apply = verb->add_subcommand("apply", "put it in force: checked first, at once, and the one before is kept");
  apply->add_option("bundle", options->file, "bundle")->required();
  AddConfigOptions(*apply, options->config);
  apply->add_flag("--reload", options->reload, "ask the running sensor to read it (control.socket)");
  apply->callback([options, &exit_code] { exit_code = ApplyBundle(*options); });
  CLI::App* status = verb->add_subcommand("status", "what is in force, and is it still what was signed");
  add_trust(status);
  status->add_flag("--json", options->json, "as JSON");
  status->callback([options, &exit_code] { exit_code = BundleStatus(*options); });
}

}  // namespace gander::app
