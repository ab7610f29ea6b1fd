# Shared by the scripts: to be sourced by bash, not run. Sets DFLARE_ROOT, goes there, and offers
# run_step and the like.
set -euo pipefail

export LC_ALL=C.UTF-8
exec </dev/null  # nothing here asks anything

DFLARE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
DFLARE_BUILD=build
DFLARE_LOGS=$DFLARE_BUILD/logs
DFLARE_PRESET=default
if [ "${CI:-}" = true ]; then DFLARE_PRESET=ci; fi  # warnings are errors
# So that ccache also serves a checkout in another folder.
export CCACHE_BASEDIR=$DFLARE_ROOT CCACHE_NOHASHDIR=true
cd "$DFLARE_ROOT"

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

duration() {
  local seconds=$1
  if [ "$seconds" -ge 60 ]; then
    echo "$((seconds / 60)) min $((seconds % 60)) s"
  else
    echo "$seconds s"
  fi
}

# run_step MESSAGE LOG COMMAND...: says what it does and how long it took. What the command prints
# goes to the log file, whose end is shown if the command fails; that ends the script.
run_step() {
  local message=$1 log=$DFLARE_LOGS/$2.log started=$SECONDS status=0
  shift 2
  mkdir -p "$DFLARE_LOGS"
  printf '%s ... ' "$message"
  "$@" >"$log" 2>&1 || status=$?
  if [ "$status" -eq 0 ]; then
    echo "done ($(duration $((SECONDS - started))))"
    return
  fi
  echo "FAILED ($(duration $((SECONDS - started))))"
  tail -n 60 "$log" >&2
  die "this command ended with exit status $status: $*
       The whole of what it printed: $DFLARE_ROOT/$log"
}

# use_libtorch VERSION: from here on in the build folder of that LibTorch from PyPI.
use_libtorch() {
  DFLARE_BUILD=build-libtorch-$1
  DFLARE_LOGS=$DFLARE_BUILD/logs
}

# Where that LibTorch is in its build folder; nothing where it is not.
torch_folder() {
  compgen -G "$DFLARE_ROOT/$DFLARE_BUILD/venv/lib/python3*/site-packages/torch" | head -n 1
}

# The one build folder serves test.sh and demo.sh, so that neither builds again what the other did.
# configure [CMAKE-ARGUMENT...]
configure() {
  run_step "Configuring dflare" configure cmake --preset "$DFLARE_PRESET" -B "$DFLARE_BUILD" "$@"
}

# build_targets TARGET...
build_targets() {
  run_step "Building dflare (a few minutes the first time)" build \
    cmake --build "$DFLARE_BUILD" --parallel "$(nproc)" --target "$@"
}
