// SPDX-License-Identifier: Apache-2.0
// Colours keep a contrast of at least 4.5 to 1 on their ground in both schemes (WCAG 2.1, 1.4.3), and no meaning rests
// on colour alone.
#include "report/summary/html.h"

namespace gander::report {
namespace {

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;
--paper:#fbfaf7;--card:#fff;--ink:#1d2327;--soft:#566068;--line:#dcdad3;
--bad:#b3261e;--bad-soft:#fbe6e3;--good:#1c6b3f;--good-soft:#e2f2e8;--warn:#8a5300;--warn-soft:#fcefd9;--accent:#1f5f8b;
--headers:#8b959c;--inspected:#2e8b57;--encrypted:#6a5acd;--opaque:#c08a2b;--skipped:#5b8db8;--duplicate:#b8bec2;--lost:#c2362b}
@media (prefers-color-scheme:dark){:root{
--paper:#14181b;--card:#1c2226;--ink:#e8eaec;--soft:#a5b0b8;--line:#343d43;
--bad:#ff8f85;--bad-soft:#43201d;--good:#7fd6a2;--good-soft:#173627;--warn:#f0bd6b;--warn-soft:#3b2c12;--accent:#86c1ea;
--headers:#7b868d;--inspected:#4fb37b;--encrypted:#9387ea;--opaque:#d5a44d;--skipped:#76a9d3;--duplicate:#59636a;--lost:#ea6a5f}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
.skip{position:absolute;left:-999rem}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}a{color:var(--accent)}
header,main,footer,nav{max-width:72rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2rem}
h1{font-size:1.5rem;line-height:1.25;margin:0;overflow-wrap:anywhere}
h1 small{display:block;font-size:.875rem;font-weight:500;color:var(--soft);letter-spacing:.02em}
h2{font-size:1.25rem;margin:0 0 .5rem}h3{font-size:1rem;margin:1.25rem 0 .25rem;overflow-wrap:anywhere}
p{margin:.25rem 0}.soft{color:var(--soft)}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:1.25rem 0 0;padding:0}
section{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.25rem;margin:1.25rem 0}
.headline{font-size:1.125rem;font-weight:600;border-radius:.75rem;padding:.875rem 1.25rem;margin:1.25rem 0 0}
.headline.bad{background:var(--bad-soft);color:var(--bad)}.headline.good{background:var(--good-soft);color:var(--good)}
dl.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:1rem 0 0}
dl.figures div{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.75rem 1rem;display:flex;flex-direction:column-reverse;justify-content:flex-end}
dl.figures dt{color:var(--soft);font-size:.8125rem;line-height:1.3}dl.figures dd{margin:0;font-size:1.5rem;font-weight:650;line-height:1.3;font-variant-numeric:tabular-nums}
dl.brief{margin:0}dl.brief div{display:grid;grid-template-columns:13rem 1fr;gap:0 1rem;padding:.5rem 0;border-top:1px solid var(--line)}
dl.brief div:first-child{border-top:0}dl.brief dt{font-weight:600;grid-row:span 9}dl.brief dd{margin:0;grid-column:2;overflow-wrap:anywhere}
figure{margin:.75rem 0}figcaption{font-size:.8125rem}
table{border-collapse:collapse;width:100%;font-size:.9375rem;margin-top:.5rem}
caption{text-align:left;color:var(--soft);padding-bottom:.5rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .75rem .5rem 0;border-top:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
thead th{border-top:0;color:var(--soft);font-size:.8125rem;font-weight:600}
tbody th{font-weight:500}
details{margin-top:.25rem}summary{cursor:pointer}td summary{color:var(--accent);font-size:.8125rem}
td details ul.plain{font-size:.8125rem}
td.n,th.n{text-align:right;padding-right:1.25rem;font-variant-numeric:tabular-nums}td.time,th.time{white-space:nowrap}
td .soft,th .soft{display:block;font-size:.8125rem;font-weight:400}
.who,.ids,.why,td,th{overflow-wrap:break-word}.who{min-width:9rem}td.why,td.ids{min-width:10rem}td.n{min-width:6rem}
.tag{display:inline-block;border-radius:1rem;padding:.05rem .625rem;font-size:.8125rem;font-weight:600;white-space:nowrap;background:var(--line);color:var(--ink)}
.tag.bad{background:var(--bad-soft);color:var(--bad)}.tag.good{background:var(--good-soft);color:var(--good)}.tag.warn{background:var(--warn-soft);color:var(--warn)}
ol.alerts{list-style:none;margin:.5rem 0 0;padding:0}
ol.alerts li{border-top:1px solid var(--line);padding:.75rem 0}ol.alerts li:first-child{border-top:0}ol.alerts li:last-child{padding-bottom:0}
ol.alerts h3{margin:.25rem 0}ol.steps{margin:0;padding-left:1.5rem}ol.steps h3{margin:.75rem 0 .25rem}
ul.plain{margin:.5rem 0 0;padding-left:1.25rem;overflow-wrap:anywhere}
pre{background:var(--paper);border:1px solid var(--line);border-radius:.5rem;padding:.625rem .75rem;margin:.5rem 0;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8125rem}
svg{display:block;max-width:100%;height:auto}svg text{fill:var(--ink);font-size:14px}svg .soft{fill:var(--soft);font-size:12px}
figure svg{width:100%}
.band{fill:none;stroke-opacity:.55}.band.bad{stroke:var(--bad)}.band.good{stroke:var(--good)}
.span.bad,.mark.bad{fill:var(--bad)}.span.good{fill:var(--good)}.mark.warn{fill:var(--warn)}.mark.plain{fill:var(--soft)}
.tick{stroke:var(--line);fill:none}.blind{fill:var(--warn);fill-opacity:.2}
.node{fill:var(--ink)}
.bar{width:100%;height:1.5rem;border-radius:.375rem}
.swatch{display:inline-block;width:.75rem;height:.75rem;border-radius:.1875rem;margin-right:.5rem;vertical-align:-.03rem}
.headers{fill:var(--headers);background:var(--headers)}.inspected{fill:var(--inspected);background:var(--inspected)}
.encrypted{fill:var(--encrypted);background:var(--encrypted)}.opaque{fill:var(--opaque);background:var(--opaque)}
.skipped{fill:var(--skipped);background:var(--skipped)}.duplicate{fill:var(--duplicate);background:var(--duplicate)}
.lost{fill:var(--lost);background:var(--lost)}
footer{color:var(--soft);font-size:.8125rem;padding-bottom:2.5rem}
code{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.9em;overflow-wrap:anywhere}
@media screen and (max-width:50rem){
.wide{display:none}dl.brief div{display:block}
table,tbody,caption{display:block}thead{position:absolute;left:-999rem}
tbody tr{display:block;border-top:1px solid var(--line);padding:.5rem 0}
tbody td,tbody th{display:grid;grid-template-columns:7.5rem 1fr;gap:.5rem;border:0;padding:.125rem 0;text-align:left;min-width:0}
tbody td::before,tbody th::before{content:attr(data-label);color:var(--soft);font-size:.8125rem;font-weight:400}
td>div,th>div{min-width:0;overflow-wrap:anywhere}
header,main,footer,nav{padding-left:.75rem;padding-right:.75rem}section{padding:1rem}}
@media print{:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--bad:#9b1c14;--bad-soft:#fff;--good:#14552f;--good-soft:#fff;--warn:#6d4200;--warn-soft:#fff;--accent:#123f5e;
--headers:#8b959c;--inspected:#2e8b57;--encrypted:#6a5acd;--opaque:#c08a2b;--skipped:#5b8db8;--duplicate:#b8bec2;--lost:#c2362b}
@page{margin:14mm}body{font-size:10pt}header,main,footer{padding:0;max-width:none}nav,.skip{display:none}
section{border-radius:0;padding:.5rem 0;border-width:1px 0 0;margin:.75rem 0}h2,h3{break-after:avoid}table{font-size:8.5pt}
.headline,.tag{border:1px solid currentColor}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
td details{display:none}details::details-content{content-visibility:visible;height:auto;display:block}summary{list-style:none}
figure,tr,li,dl.brief div{break-inside:avoid}.who,td.why,td.ids,td.n{min-width:0}}
)css";

}  // namespace

std::string_view HtmlStyle() noexcept { return kStyle; }

}  // namespace gander::report
