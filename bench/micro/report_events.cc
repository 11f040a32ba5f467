// SPDX-License-Identifier: Apache-2.0
// report/: an event as a line of EVE JSON.
#include "micro/measure.h"
#include "report/events/eve_writer.h"

namespace gander::bench {
namespace {

report::Event HttpEvent() {
  report::Event e;
  e.time = {1'795'512'600'000'123'000};
  e.type = "http";
  e.has_tuple = true;
  e.tuple.source = IpAddress::FromV4(0x0a140408u);
  e.tuple.destination = IpAddress::FromV4(0xcb007109u);
  e.tuple.source_port = 51234;
  e.tuple.destination_port = 80;
  e.tuple.protocol = ip_proto::kTcp;
  e.flow_id = 2251799813685247;
  e.packet = 42;
  e.tx_id = 3;
  e.app_proto = "http";
  e.community_id = "1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0=";
  e.body.BeginObject("http")
      .String("hostname", "shop.example")
      .String("url", "/catalogue/item?page=12", Privacy::kIdentifier)
      .String("http_user_agent", "Mozilla/5.0 (X11; Linux x86_64)")
      .String("http_content_type", "text/html")
      .String("http_method", "GET")
      .String("protocol", "HTTP/1.1")
      .Integer("status", 200)
      .Integer("length", 24576)
      .EndObject();
  return e;
}

void RenderEvent(benchmark::State& state) {
  const report::Event event = HttpEvent();
  const report::EveWriter writer({"probe-1", true});
  std::string line;
  for (auto _ : state) {
    line.clear();
    writer.Append(event, line);
    benchmark::DoNotOptimize(line.data());
  }
  Report(state, 1, line.size());
}
BENCHMARK(RenderEvent);

}  // namespace
}  // namespace gander::bench
