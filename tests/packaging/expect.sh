# For the tests of this folder: to be sourced. Sets source, build and an empty folder to work in, with a space in it.
set -euo pipefail
source=$1 build=$2
work="$(mktemp -d)/with space"
mkdir "$work"
trap 'rm -rf "$(dirname "$work")"' EXIT
cd "$work"
failures=0

fail() {
  printf 'FAILED: %s\n' "$*"
  failures=$((failures + 1))
}

# expect_status STATUS COMMAND...: what the command prints goes to the file output.
expect_status() {
  local expected=$1 status=0
  shift
  "$@" >output 2>&1 || status=$?
  [ "$status" -eq "$expected" ] || fail "exit status $status instead of $expected: $*: $(cat output)"
}

# expect_output TEXT: it is there, whatever the line breaks.
expect_output() {
  local text
  text=$(tr -s ' \n' ' ' <output)
  case "$text" in *"$1"*) ;; *) fail "expected '$1' in: $text" ;; esac
}

# program FILE COMMANDS: a stand-in that runs these.
program() {
  printf '#!/bin/bash\n%s\n' "$2" >"$1"
  chmod +x "$1"
}

# cached NAME: a value in the CMake cache of the build folder.
cached() {
  sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"
}

# prefix_path FOLDER: the argument of cmake for what is installed there, beside the LibTorch and the runtimes that dflare was
# built with.
prefix_path() {
  echo "-DCMAKE_PREFIX_PATH=$1;$(cached CMAKE_PREFIX_PATH);$(cached OpenVINO_DIR);$(cached ExecuTorch_ROOT)"
}

finish() {
  [ "$failures" -eq 0 ] || exit 1
}
