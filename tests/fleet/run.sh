#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The fleet's engines, the real ones: installs group `fleet` (PostgreSQL with hll, a Java runtime, Maven, kcat), fetches Apache
# Kafka from Maven Central and ClickHouse as chDB from PyPI, and runs what is named, or all. Not part of CI.
#   ./tests/fleet/run.sh                 all
#   ./tests/fleet/run.sh outage_test     one
set -e
cd "$(dirname "$0")/../.."
source sensor/packaging/build.sh
install_packages build test fleet
[ -n "$GANDER" ] || { build_preset release gander; export GANDER=$PWD/build/release/gander; }
engines=${GANDER_FLEET_ENGINES:-build/fleet}
mkdir -p "$engines"
export GANDER_FLEET_CLASSPATH=$(realpath "$engines")/classpath GANDER_FLEET_CHDB=$(realpath "$engines")/venv/bin/python
[ -s "$GANDER_FLEET_CLASSPATH" ] ||
  mvn -q -B -f tests/broker/pom.xml dependency:build-classpath -Dmdep.outputFile="$GANDER_FLEET_CLASSPATH"
[ -x "$GANDER_FLEET_CHDB" ] || python3 -m venv "$engines/venv"
"$GANDER_FLEET_CHDB" -c 'import chdb' 2>/dev/null || "$engines/venv/bin/pip" install -q 'chdb>=4.4'
[ $# -gt 0 ] || set -- $(cd tests/fleet && ls ./*_test.py | sed 's|./||; s|\.py$||')
failed=0
for test in "$@"; do
  echo "== $test"
  python3 -B "tests/fleet/$test.py" || failed=1
done
exit $failed
