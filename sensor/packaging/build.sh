# Sourced by sensor/run.sh and tests/run.sh: packages from sensor/packages.txt, then a CMake preset.

# install_packages GROUP... : installs what is missing, asks the package system nothing when all is there.
install_packages() {
  local missing=() group name
  while read -r group name; do
    case " $* " in *" $group "*) ;; *) continue ;; esac
    dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
  done < <(grep -v '^#' sensor/packages.txt)
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "run as root, or install first: apt-get install ${missing[*]}" >&2; return 2; }
    local sudo=sudo
  fi
  echo "Installing ${#missing[@]} packages ..." >&2
  ${sudo:-} apt-get update -qq
  # Servers would be started, now and at each boot; the tests start their own, in namespaces of their own.
  local policy=/usr/sbin/policy-rc.d made= status=0
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | ${sudo:-} tee "$policy" >/dev/null
    ${sudo:-} chmod 755 "$policy"
    made=1
  fi
  DEBIAN_FRONTEND=noninteractive ${sudo:-} apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    status=$?
  [ -z "$made" ] || ${sudo:-} rm -f "$policy"
  for name in nginx vsftpd; do
    [[ " ${missing[*]} " != *" $name"* ]] || ${sudo:-} systemctl disable --quiet "$name" 2>/dev/null || true
  done
  return "$status"
}

# build_preset PRESET TARGET... : configures once, builds what changed; quiet when nothing did. The tests are part of
# the build only for the target `all`, since they need more packages.
build_preset() {
  local preset=$1 log=build/$1.log tests=OFF cache=build/$1/CMakeCache.txt
  shift
  mkdir -p build
  [ "$1" != all ] || tests=ON
  if [ ! -e "build/$preset/build.ninja" ] || { [ $tests = ON ] && ! grep -qx 'GANDER_TESTS:BOOL=ON' "$cache"; }; then
    cmake --preset "$preset" -DGANDER_TESTS=$tests >"$log" 2>&1 || { tail -n 30 "$log" >&2; return 3; }
  fi
  if ! cmake --build "build/$preset" --target "$@" -- -n 2>/dev/null | grep -q 'no work to do'; then
    echo "Building ($preset) ..." >&2
    if [ -t 2 ]; then
      cmake --build "build/$preset" --target "$@" >&2
    else
      cmake --build "build/$preset" --target "$@" >>"$log" 2>&1 || { grep -A12 -m3 -E 'error|FAILED' "$log" >&2; return 3; }
    fi
  fi
}
