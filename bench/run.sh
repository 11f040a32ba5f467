#!/usr/bin/env bash
# Prints, in one run on this machine, how fast Gander reads clear text from captures and how that stands to the raw
# ceiling: a SIMD scanner with validators and one Hyperscan pass over the same payload, and nothing else.
#   bench/run.sh [MEGABYTES]        default 60 for each corpus
# The generator and the ceiling are the programs of the reference material (GANDER_SHARED, default ../shared).
set -euo pipefail
cd "$(dirname "$0")/.."
source sensor/packaging/build.sh
megabytes=${1:-60}
perf=${GANDER_SHARED:-../shared}/perf
[ -e "$perf/gen.cc" ] || { echo "bench: $perf/gen.cc is not there; set GANDER_SHARED to the reference material" >&2; exit 2; }

install_packages build
build_preset release gander
work=build/bench
mkdir -p "$work"
for program in gen hsbench; do
  [ "$work/$program" -nt "$perf/$program.cc" ] || g++ -O3 -march=x86-64-v3 -w -o "$work/$program" "$perf/$program.cc" -lhs -lpthread
done
for corpus in clean sparse dense; do
  [ -e "$work/$corpus-$megabytes.pcap" ] || { "$work/gen" "$work" "$corpus" "$megabytes" >/dev/null; mv "$work/$corpus.pcap" "$work/$corpus-$megabytes.pcap"; }
done
exec python3 bench/e2e/rates.py --gander build/release/gander --hsbench "$work/hsbench" --perf "$perf" --work "$work" \
  --megabytes "$megabytes" --json "$work/rates.json"
