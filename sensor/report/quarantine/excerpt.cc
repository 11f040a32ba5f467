// SPDX-License-Identifier: Apache-2.0
#include "report/quarantine/excerpt.h"

#include <openssl/crypto.h>

#include "report/events/eve_writer.h"
#include "report/json_writer.h"

namespace gander::report {
namespace {

void WriteAlert(const detect::Alert& alert, JsonWriter& json) {
  json.BeginObject("alert");
  json.String("id", AlertId(alert));
  json.String("detector", alert.detector);
  json.String("signature", alert.signature);
  json.String("timestamp", FormatEveTime(alert.time));
  if (alert.flow_id != 0) json.Unsigned("flow_id", alert.flow_id);
  if (!alert.dedup_key.empty()) json.String("key", alert.dedup_key);
  json.EndObject();
}

void WriteExcerpt(const Excerpt& e, JsonWriter& json) {
  json.BeginObject();
  json.String("timestamp", FormatEveTime(e.key.time));
  json.Unsigned("flow_id", e.key.flow_id);
  json.String("src_ip", e.tuple.source.ToString());
  json.Unsigned("src_port", e.tuple.source_port);
  json.String("dest_ip", e.tuple.destination.ToString());
  json.Unsigned("dest_port", e.tuple.destination_port);
  json.String("proto", ProtocolName(e.tuple.protocol));
  json.String("app_proto", e.app_proto);
  json.String("identifier", e.identifier);
  json.Boolean("masked", e.masked);
  json.String("text", e.text);
  json.EndObject();
}

}  // namespace

void Excerpt::Wipe() noexcept {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

std::string WriteExcerpts(const detect::Alert& alert, std::span<const Excerpt* const> excerpts) {
  constexpr std::size_t kBesides = 4096, kMostEscaped = 6;
  std::string out;
  std::size_t size = kBesides + alert.signature.size() + alert.dedup_key.size();
  for (const Excerpt* e : excerpts) size += kBesides + kMostEscaped * e->text.size();
  out.reserve(size);  // once: growing would leave copies of the text behind
  JsonWriter json(out);
  json.BeginObject();
  WriteAlert(alert, json);
  json.BeginArray("excerpts");
  for (const Excerpt* e : excerpts) WriteExcerpt(*e, json);
  json.EndArray();
  json.EndObject();
  out += '\n';
  return out;
}

}  // namespace gander::report
