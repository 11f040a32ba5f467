// SPDX-License-Identifier: Apache-2.0
// D09 DNS tunnel. What counts is how much new names could have carried to one domain, not how odd they look: slow
// tunnels ask few and long names, content networks repeat theirs. A second rule sees tunnels that speak to a server
// directly and make their names up.
#include <algorithm>

#include "detect/alerting/alert_gate.h"
#include "detect/alerting/pattern_alert.h"
#include "detect/alerting/words.h"
#include "detect/d09_dns_tunnel/dns_book.h"
#include "detect/detectors.h"
#include "detect/state/random_key.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

constexpr double kCrowdFactor = 8;  // for what many ask, and for who asks for many (DETECTION.md §3, D09)

const Topic& TheTopic() {
  static const Topic topic{"D09", "dns_tunnel", 9, "Tunnel over DNS", {"T1071.004", "T1048", "T1572"}};
  return topic;
}

// A window whose sum comes nearest to its threshold, or goes furthest beyond.
struct Fill {
  std::size_t window = 0;
  double octets = 0, threshold = 1;
  double share() const noexcept { return octets / threshold; }
};

class DnsTunnel final : public Detector {
 public:
  explicit DnsTunnel(const Options& options)
      : options_(options), book_(options), gate_(options, kDnsWindows[0]) {}

  std::unique_ptr<Meter> NewMeter() const override {
    return std::make_unique<DnsMeter>(options_.dns_tunnel.epoch_names, MeterKey(options_, 9));
  }
  std::uint64_t keys_lost() const noexcept override { return book_.keys_lost(); }

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_, book_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_, book_); }

  bool learns() const noexcept override { return true; }
  std::vector<Baseline> Baselines(Timestamp now) const override { return book_.Baselines(now); }
  std::size_t Obey(const BaselineRequest& request, Timestamp now) override { return book_.Obey(request, now); }

  void OnEpoch(const Meter* merged, const EpochView& epoch, AlertSink& alerts) override {
    book_.Add(static_cast<const DnsMeter&>(*merged), epoch.begin);
    for (const DnsTalkKey& key : book_.touched_talks()) JudgeDomain(key, epoch, alerts);
    for (const IpAddress& client : book_.touched_clients()) JudgeYoung(client, epoch, alerts);
    for (const DnsPairKey& key : book_.touched_pairs()) JudgeUnknown(key, epoch, alerts);
    book_.Expire(epoch.end);
    gate_.Expire(epoch.end);
  }

 private:
  double ThresholdOf(std::size_t window) const noexcept {
    const Options::DnsTunnel& o = options_.dns_tunnel;
    const std::uint32_t octets[] = {o.information_10min, o.information_1h, o.information_24h, o.information_30d};
    return octets[window];
  }
  // The fullest of the longer windows when one is full, else of all. Only the shortest is met by chance now and then.
  Fill FullestOf(DnsSums& sums, Timestamp now, double factor) const {
    Fill best;
    for (std::size_t i = kDnsWindows.size(); i-- > 0;) {
      const Fill fill{i, sums[i].Sum(kDnsWindows[i], now), factor * ThresholdOf(i)};
      if (fill.share() > best.share() && !(i == 0 && best.share() >= 1)) best = fill;
    }
    return best;
  }
  // One lower than it will be said: what leaves by names crosses to a place unknown, and Weigh adds for that.
  static Severity BaseOf(const Fill& fill) noexcept { return fill.window == 0 ? Severity::kLow : Severity::kMedium; }

  static std::string Measure(const Fill& fill) {
    return "names never asked before could have carried " + ByteWords(static_cast<std::uint64_t>(fill.octets)) +
           " in " + Span(kDnsWindows[fill.window]) + " (threshold " +
           ByteWords(static_cast<std::uint64_t>(fill.threshold)) + ")";
  }

  Pattern NewPattern(const IpAddress& client, const IpAddress& server, const EpochView& epoch) const {
    Pattern p;
    p.sender = client;
    p.recipient = server;
    p.ends.from = epoch.policy.Locate(client);
    p.ends.app_proto = "dns";
    p.remedy =
        "find the program on that host that asks these names, and let hosts ask only the network's own resolver; "
        "if the domain serves a purpose, register it as a recipient.";
    return p;
  }

  void JudgeDomain(const DnsTalkKey& key, const EpochView& epoch, AlertSink& alerts) {
    DnsTalk& talk = book_.talks().at(key);
    const DnsDomainFacts* const facts = book_.FactsOf(key.domain);
    if (facts == nullptr) return;
    const bool prevalent = book_.Prevalent(*facts), for_others = book_.AsksForOthers(key.client);
    const Fill fill = FullestOf(talk.sums, talk.last_seen, prevalent || for_others ? kCrowdFactor : 1);
    if (fill.share() < 0.5) return;
    Pattern p = NewPattern(key.client, talk.server, epoch);
    p.dedup = key.client.ToString() + "|" + facts->name;
    p.ends.recipient_domain = facts->name;
    p.ends.to = epoch.policy.Locate(policy::Party{}, facts->name);
    p.ends.bytes = static_cast<std::uint64_t>(talk.total);
    p.base = BaseOf(fill);
    p.sample = talk.sample;
    p.first_seen = talk.first_seen;
    p.last_seen = talk.last_seen;
    p.figure = static_cast<std::uint64_t>(fill.octets);
    p.threshold = static_cast<std::uint64_t>(fill.threshold);
    const std::string who = PartyWords(key.client, {}, p.ends.from, epoch.policy);
    p.headline = "DNS tunnel: " + ByteWords(p.figure) + " in names below " + facts->name + ", asked by " + who;
    p.account =
        who + " asked " + PartyWords(talk.server, {}, epoch.policy.Locate(talk.server), epoch.policy) + " for " +
        "about " + Figure(talk.names) + " different names below " + facts->name + "; " + Measure(fill) +
        (prevalent ? "; the threshold is eight times the usual since many ask this domain" : "") +
        (for_others ? "; the threshold is eight times the usual since it asks for many domains, as resolvers do" : "") +
        ". Names that serve to find a host repeat: this is a pattern consistent with a tunnel through DNS." +
        (book_.Learning(epoch.end) ? " Which domains are new here is not known yet. " +
                                         LearningWords(epoch.end - book_.began(), book_.LearningTime())
                                   : "");
    p.figures = {{"information_bytes", static_cast<double>(p.figure)},
                 {"names", static_cast<double>(talk.names)},
                 {"clients_of_domain", static_cast<double>(facts->clients.Count().estimate)}};
    Raise(std::move(p), TheTopic(), gate_, epoch, alerts);
  }

  // Spread over many domains: what leaves to those that the network has come to know only lately, added up.
  void JudgeYoung(const IpAddress& address, const EpochView& epoch, AlertSink& alerts) {
    DnsClient& client = book_.clients().at(address);
    const Fill fill = FullestOf(client.young, client.last_seen, book_.AsksForOthers(address) ? kCrowdFactor : 1);
    if (fill.window == 0 || fill.share() < 0.5) return;
    Pattern p = NewPattern(address, client.server, epoch);
    p.dedup = address.ToString() + "|young domains";
    p.ends.bytes = static_cast<std::uint64_t>(fill.octets);
    p.base = BaseOf(fill);
    p.sample = client.sample;
    p.first_seen = client.first_young;
    p.last_seen = client.last_seen;
    p.figure = static_cast<std::uint64_t>(fill.octets);
    p.threshold = static_cast<std::uint64_t>(fill.threshold);
    const std::string who = PartyWords(address, {}, p.ends.from, epoch.policy);
    p.headline = "DNS tunnel over many domains: " + ByteWords(p.figure) + " in names, asked by " + who;
    p.account = who + " asked for names below domains that this network did not know until lately; " + Measure(fill) +
                ", over all of them: a pattern consistent with a tunnel through DNS that is spread over many domains.";
    p.figures = {{"information_bytes", static_cast<double>(p.figure)}};
    Raise(std::move(p), TheTopic(), gate_, epoch, alerts);
  }

  void JudgeUnknown(const DnsPairKey& key, const EpochView& epoch, AlertSink& alerts) {
    const Options::DnsTunnel& o = options_.dns_tunnel;
    DnsPair& pair = book_.pairs().at(key);
    const DnsPair::Window& w = pair.window.longest();
    const std::uint64_t unknown = w.unknown.Count().low, names = w.names.Count().low, tops = w.tops.Count().low;
    // Whoever asks for many passes on their slips too.
    if (names < o.names || tops < o.unknown_names || (book_.AsksForOthers(key.client) && 2 * unknown < names)) return;
    Pattern p = NewPattern(key.client, key.server, epoch);
    p.dedup = key.client.ToString() + "|" + key.server.ToString() + "|unknown";
    p.ends.to = epoch.policy.Locate(key.server);
    p.unless_permitted = false;
    p.sample = pair.sample;
    p.first_seen = w.first_seen;
    p.last_seen = pair.last_seen;
    p.figure = unknown;
    p.threshold = o.unknown_names;
    const std::string who = PartyWords(key.client, {}, p.ends.from, epoch.policy);
    const std::string server = PartyWords(key.server, {}, p.ends.to, epoch.policy);
    p.headline = "DNS tunnel: " + Figure(unknown) + " names that cannot exist, asked by " + who + " of " + server;
    p.account = who + " asked " + server + " for " + Figure(unknown) + " names with " + Figure(tops) +
                " different endings that are no top-level domains, among " + Figure(names) + " names in " +
                Span(kDnsWindows[0]) + " (threshold " + Figure(o.unknown_names) + " of at least " + Figure(o.names) +
                "). No other server could answer them: this is a pattern consistent with a tunnel to that server.";
    p.figures = {{"unknown_names", static_cast<double>(unknown)},
                 {"unknown_last_labels", static_cast<double>(tops)},
                 {"names", static_cast<double>(names)}};
    Raise(std::move(p), TheTopic(), gate_, epoch, alerts);
  }

  Options options_;
  DnsBook book_;
  AlertGate gate_;
};

}  // namespace

std::unique_ptr<Detector> MakeDnsTunnel(const Options& options) { return std::make_unique<DnsTunnel>(options); }

}  // namespace gander::detect
