#!/bin/sh
# Fuzzing: builds libFuzzer targets (ASan, UBSan) and gives each so many CPU minutes; prints what each executed and reached.
#   tests/fuzz/run.sh [--minutes N] [--jobs N] [--idle] [--ledger] [TARGET ...]     default: all targets, 10 minutes, 1 job
#   tests/fuzz/run.sh --coverage [TARGET ...]   edges reached by room, over all targets
# --idle: only when nobody else wants the CPU. --ledger: adds to hours.tsv. Who has had least comes first.
# Seeds: corpus/, and real traffic of tests/captures and ../shared/caps where there. Needs clang with compiler-rt.
set -eu
cd "$(dirname "$0")/../.."
script=drive.py options=''
while [ $# -gt 0 ]; do
  case $1 in
    --minutes | --jobs) options="$options $1 $2"; shift 2 ;;
    --idle | --ledger) options="$options $1"; shift ;;
    --coverage) script=coverage.py; shift ;;
    -*) echo "run.sh: unknown option $1" >&2; exit 2 ;;
    *) break ;;
  esac
done
if ! command -v clang++ >/dev/null; then
  echo "run.sh: clang++ is missing; apt-get install clang llvm libclang-rt-14-dev" >&2
  exit 2
fi
[ $# -gt 0 ] || set -- $(cd tests/fuzz && ls *_fuzz.cc | sed 's/_fuzz\.cc$//')
cmake --preset fuzz >/dev/null
ninja -C build/fuzz $(printf '%s_fuzz ' "$@") >build/fuzz/build.log || { tail -30 build/fuzz/build.log >&2; exit 1; }
gander=${GANDER:-build/release/gander}
if [ ! -d build/fuzz/seeds ] && [ -x "$gander" ]; then
  find tests/captures ../shared/caps -name '*.pcap*' 2>/dev/null | sort | tr '\n' '\0' |
    xargs -0 python3 -B tests/fuzz/seeds_from_captures.py "$gander" build/fuzz/seeds >build/fuzz/seeds.tsv || true
fi
exec python3 -B tests/fuzz/$script $options "$@"
