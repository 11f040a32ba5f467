#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The binary $GANDER_BINARY, whose runs and scans end at the first system call that is not on the list
# (sensor/sandbox/call_list.cc): with it as GANDER, a test that passes has made none. A run is one process, which is what the
# tests look at; supervise_test.py is about two.
case "$1" in
run | scan)
  verb=$1
  shift
  exec "$GANDER_BINARY" "$verb" --set process.seccomp=kill --set process.supervise=false "$@"
  ;;
esac
exec "$GANDER_BINARY" "$@"
