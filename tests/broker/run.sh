#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Kafka, the real one: installs a Java runtime and Maven (group `broker`), fetches Apache Kafka from Maven Central, and
# stops the broker for two minutes under load (OUTAGE_S). Takes about four minutes; not part of CI.
set -e
cd "$(dirname "$0")/../.."
source sensor/packaging/build.sh
install_packages build test broker
[ -x "${GANDER:-build/release/gander}" ] || { cmake --preset release > /dev/null && ninja -C build/release gander; }
classpath=$(mktemp)
trap 'rm -f "$classpath"' EXIT
mvn -q -B -f tests/broker/pom.xml dependency:build-classpath -Dmdep.outputFile="$classpath"
python3 -B tests/broker/broker.py "$classpath"
