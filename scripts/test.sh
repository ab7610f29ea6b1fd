#!/usr/bin/env bash
# Installs what is missing, builds dflare and runs all its tests. Exit status 0: all of them passed (tests that need
# data which is not there are skipped, and named).
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
[ $# -eq 0 ] || die "scripts/test.sh takes no arguments, but was given: $*"

scripts/install-deps.sh --for test
configure
build_targets all

log=$DFLARE_LOGS/test.log
started=$SECONDS status=0
printf 'Running the tests ... '
ctest --preset "$DFLARE_PRESET" --parallel "$(nproc)" \
  --output-junit "$DFLARE_ROOT/$DFLARE_BUILD/test-results.xml" >"$log" 2>&1 || status=$?
echo "done ($(duration $((SECONDS - started))))"

if [ "$status" -ne 0 ]; then
  grep -vE '^ *(Start +[0-9]+:|[0-9]+/[0-9]+ Test +#[0-9]+: .* Passed )' "$log" >&2 || true
  die "tests failed (exit status $status of ctest). The whole of what they printed: $DFLARE_ROOT/$log"
fi
sed -n '/ tests passed, /,$p' "$log"  # ctest's own summary, with the tests that were skipped
