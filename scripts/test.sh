#!/usr/bin/env bash
# Installs what is missing, builds dflare and runs all its tests. Exit status 0: all of them passed (tests that need
# data which is not there are skipped, and named).
#   scripts/test.sh [--libtorch VERSION]      with that LibTorch from PyPI, in a build folder of its own; default: Debian's
# Exit status 3: that LibTorch is not to be had here (see scripts/install-libtorch.sh).
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

arguments=()
case "$#:${1:-}" in
  0:) ;;
  2:--libtorch)
    scripts/install-libtorch.sh "$2" || exit $?
    use_libtorch "$2"
    # The figures of bench/ are of Debian's LibTorch.
    arguments=("-DCMAKE_PREFIX_PATH=$(torch_folder)" -DDFLARE_BUILD_BENCH=OFF)
    ;;
  *) die "scripts/test.sh takes --libtorch VERSION or nothing, but was given: $*" ;;
esac

scripts/install-deps.sh --for test
configure "${arguments[@]}"
build_targets all

log=$DFLARE_LOGS/test.log
started=$SECONDS status=0
printf 'Running the tests ... '
ctest --test-dir "$DFLARE_BUILD" --output-on-failure --no-tests=error --parallel "$(nproc)" \
  --output-junit "$DFLARE_ROOT/$DFLARE_BUILD/test-results.xml" >"$log" 2>&1 || status=$?
echo "done ($(duration $((SECONDS - started))))"

if [ "$status" -ne 0 ]; then
  grep -vE '^ *(Start +[0-9]+:|[0-9]+/[0-9]+ Test +#[0-9]+: .* Passed )' "$log" >&2 || true
  die "tests failed (exit status $status of ctest). The whole of what they printed: $DFLARE_ROOT/$log"
fi
sed -n '/ tests passed, /,$p' "$log"  # ctest's own summary, with the tests that were skipped
