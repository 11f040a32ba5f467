#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds build/release/packages/gander_<version>_<architecture>.deb.
#   sensor/packaging/deb.sh [VERSION...]     other versions of the same build, for tests of upgrades
set -euo pipefail
cd "$(dirname "$0")/../.."
source sensor/packaging/build.sh
install_packages build package
build_preset release gander documents sbom
own=$(sed -n 's/^project(gander VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
[ $# -gt 0 ] || set -- "$own"
cd build/release
for version in "$@"; do cpack -D CPACK_PACKAGE_VERSION="$version" >packages.log 2>&1 || { tail -n 20 packages.log >&2; exit 3; }; done
ls packages/*.deb
