#!/usr/bin/env bash
# Installs what is missing, builds dflare and runs all its tests. Exit status 0: all of them passed (tests that need
# data which is not there are skipped, and named).
#   scripts/test.sh [--libtorch VERSION] [--with NAME,...] [--sanitize address|thread]
# --libtorch  with that LibTorch from PyPI instead of Debian's, in build-libtorch-VERSION
# --with      with these runtimes of scripts/install-runtimes.sh, in build-runtimes (with --libtorch: in that one's folder). Those that are
#             not to be had here are named, and left out.
# --sanitize  address: all tests under AddressSanitizer and UndefinedBehaviorSanitizer, in build-sanitize; thread: what searches, under
#             ThreadSanitizer, in build-tsan. With Debian's LibTorch.
# A run with an option has exactly what it names: runtimes that an earlier run in that folder had are switched off.
# Exit status 3: that LibTorch is not to be had here (see scripts/install-libtorch.sh).
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

given=$*
libtorch= runtimes= preset=
while [ $# -gt 0 ]; do
  case "$1:${2:-}" in
    --libtorch:?*) libtorch=$2 ;;
    --with:?*) runtimes=$(named_runtimes "$2") ;;
    --sanitize:address) preset=sanitize ;;
    --sanitize:thread) preset=tsan ;;
    *) die "scripts/test.sh takes --libtorch VERSION, --with NAME,..., --sanitize address|thread, or nothing, but was given: $given" ;;
  esac
  shift 2
done

if [ -n "$libtorch" ] && [ -n "$preset" ]; then die "scripts/test.sh: --sanitize is for Debian's LibTorch, but --libtorch was given too: $given"; fi

libtorch_folder=
if [ -n "$libtorch" ]; then
  scripts/install-libtorch.sh "$libtorch" || exit $?
  use_libtorch "$libtorch"
  libtorch_folder=$(torch_folder)
fi
if [ -n "$runtimes" ]; then
  scripts/install-runtimes.sh --with "$(paste -sd, <<<"$runtimes")" || [ $? -eq 3 ] || exit 1
  [ -n "$libtorch" ] || use_runtimes
fi
if [ -n "$preset" ]; then DFLARE_PRESET=$preset DFLARE_BUILD=build-$preset DFLARE_LOGS=build-$preset/logs; fi
build_arguments=()
if [ -n "$libtorch$runtimes" ]; then set_build_arguments "$libtorch_folder" "$runtimes"; fi
# The figures of bench/ are of Debian's LibTorch.
if [ -n "$libtorch" ]; then build_arguments+=(-DDFLARE_BUILD_BENCH=OFF); fi

scripts/install-deps.sh --for test
configure "${build_arguments[@]}"
build_targets all

log=$DFLARE_LOGS/test.log
started=$SECONDS status=0
printf 'Running the tests ... '
case "$preset" in
  '') which=(--test-dir "$DFLARE_BUILD") ;;
  # The preset has the sanitizers' settings, and its folder.
  sanitize) which=(--preset sanitize) ;;
  tsan) which=(--preset tsan -R Search) ;;
esac
ctest "${which[@]}" --output-on-failure --no-tests=error --parallel "$(nproc)" \
  --output-junit "$DFLARE_ROOT/$DFLARE_BUILD/test-results.xml" >"$log" 2>&1 || status=$?
echo "done ($(duration $((SECONDS - started))))"

if [ "$status" -ne 0 ]; then
  grep -vE '^ *(Start +[0-9]+:|[0-9]+/[0-9]+ Test +#[0-9]+: .* Passed )' "$log" >&2 || true
  die "tests failed (exit status $status of ctest). The whole of what they printed: $DFLARE_ROOT/$log"
fi
sed -n '/ tests passed, /,$p' "$log"  # ctest's own summary, with the tests that were skipped
