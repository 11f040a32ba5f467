#!/usr/bin/env bash
# Runs the programs of the reference material and gander-ceiling on the same corpora and prints the ratios, which should
# be within some 10 % of 1. Needed only when gander-ceiling changes; nothing else in bench/ looks outside the tree.
#   bench/check_ceiling.sh [MEGABYTES]     GANDER_SHARED names the reference material (default ../shared)
set -euo pipefail
cd "$(dirname "$0")/.."
source sensor/packaging/build.sh
megabytes=${1:-30}
perf=${GANDER_SHARED:-../shared}/perf
[ -e "$perf/hsbench.cc" ] || { echo "check_ceiling: $perf/hsbench.cc is not there; set GANDER_SHARED" >&2; exit 2; }

build=${GANDER_BENCH_BUILD:-build/bench-release}
[ -e "$build/build.ninja" ] || cmake --preset release -B "$build" -DGANDER_TESTS=OFF -DGANDER_BENCH=ON >/dev/null
cmake --build "$build" --target gander-corpus gander-ceiling >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
g++ -O3 -march=x86-64-v3 -w -o "$work/hsbench" "$perf/hsbench.cc" -lhs -lpthread
gcc -O3 -march=x86-64-v3 -w -o "$work/pktbench" "$perf/pktbench.c" -lpcap

for corpus in clean sparse dense tls; do
  "$build/gander-corpus" "$work" "$corpus" "$megabytes"
  capture=$work/$corpus.pcap
  "$build/gander-ceiling" "$capture" --rounds 5 >"$work/ours.json"
  "$work/hsbench" "$capture" "$perf/pii_naive.txt" "$perf/pii_lean.txt" 5 best 100000 >"$work/theirs.tsv" 2>/dev/null
  "$work/pktbench" mmap "$capture" 5 >>"$work/theirs.tsv"
  python3 - "$corpus" "$work" <<'EOT'
import json, re, sys
corpus, work = sys.argv[1:]
theirs = {}
for line in open(f'{work}/theirs.tsv'):
    cells = line.rstrip('\n').split('\t')
    theirs[cells[1]] = float(re.sub(' Gbit/s', '', cells[3])) * 1e9 / 8 if 'Gbit/s' in line else float(cells[2]) * 1e9
ours = json.load(open(f'{work}/ours.json'))['rates']
for mine, reference in (('memcpy', 'memcpy_pkt'), ('mmap_reader', 'mmap_populated'), ('run_finder', 'simd_validate'),
                        ('raw_best_avx2', 'hybrid_best:avx2db'), ('raw_best_any', 'hybrid_best:noavx2db'),
                        ('naive', 'naive82')):
    print(f'{corpus:7s} {mine:14s} {ours[mine]["best"] / 1e9:7.3f} GB/s   {reference:21s} {theirs[reference] / 1e9:7.3f} GB/s'
          f'   ratio {ours[mine]["best"] / theirs[reference]:.2f}')
EOT
done
echo "naive: another, shorter list of expressions than the reference's 82, so its ratio is no check."
