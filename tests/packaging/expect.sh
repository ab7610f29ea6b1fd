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

finish() {
  [ "$failures" -eq 0 ] || exit 1
}
