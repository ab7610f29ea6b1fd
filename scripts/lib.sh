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

# pip_offers VENV LOG PACKAGE...: whether pip could install them here. What it printed is in LOG.log, what it would install in LOG.json.
pip_offers() {
  "$1/bin/pip" install --disable-pip-version-check --retries 1 --dry-run --report "$DFLARE_LOGS/$2.json" "${@:3}" \
    >"$DFLARE_LOGS/$2.log" 2>&1
}

DFLARE_RUNTIMES=(openvino executorch onnxruntime litert mlserver)

# named_runtimes NAME[,NAME...]: one a line, `all` as all of them.
named_runtimes() {
  local name names
  IFS=, read -ra names <<<"$1"
  [ "${#names[@]}" -gt 0 ] || names=("")
  for name in "${names[@]}"; do
    case ",all,$(IFS=,; echo "${DFLARE_RUNTIMES[*]}")," in
      *,"$name",*) if [ "$name" = all ]; then names=("${DFLARE_RUNTIMES[@]}"); fi ;;
      *) die "--with $1: there is no runtime '$name'; expected all, or some of: ${DFLARE_RUNTIMES[*]}" ;;
    esac
  done
  printf '%s\n' "${names[@]}"
}

# runtime_part NAME: what dflare's build wants of that runtime; nothing where it is not installed.
runtime_part() {
  local venv=$DFLARE_ROOT/build/runtimes/$1
  case "$1" in
    openvino) compgen -G "$venv/lib/python3*/site-packages/openvino/cmake" || true ;;
    executorch) compgen -G "$venv/lib/python3*/site-packages/executorch" || true ;;
    *) compgen -G "$venv/bin/python" || true ;;
  esac
}

# use_runtimes: from here on in the build folder of runtimes. The one of Debian's packages alone stays without, for the demo and the .deb.
use_runtimes() {
  DFLARE_BUILD=build-runtimes
  DFLARE_LOGS=$DFLARE_BUILD/logs
}

# set_build_arguments LIBTORCH-FOLDER NAMES: sets build_arguments, those of cmake for a build with this LibTorch (empty: Debian's), with the
# named runtimes as far as they are installed, and without the others, whatever the build folder had before.
set_build_arguments() {
  local name part prefixes=$1
  build_arguments=()
  for name in "${DFLARE_RUNTIMES[@]}"; do
    part=
    if grep -qxF "$name" <<<"$2" && [ -e "build/runtimes/$name/complete" ]; then part=$(runtime_part "$name"); fi
    case "$name" in
      openvino | executorch)
        build_arguments+=("-DDFLARE_WITH_${name^^}=$(if [ -n "$part" ]; then echo ON; else echo OFF; fi)")
        prefixes+=${part:+${prefixes:+;}$part}
        ;;
      *) build_arguments+=("-DDFLARE_PYTHON_${name^^}=$part") ;;
    esac
  done
  build_arguments=("-DCMAKE_PREFIX_PATH=$prefixes" "${build_arguments[@]}")
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
