#!/usr/bin/env bash
# Installs runtimes of models from PyPI, each into a virtual environment in the build folder. Asks nothing.
#   scripts/install-runtimes.sh --with NAME[,NAME...]
# Exit status: 0 they are there, 1 error, 3 some are not to be had here: those are named, the others installed all the same.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'END'
usage: scripts/install-runtimes.sh --with NAME[,NAME...]

Installs these runtimes from PyPI, each into a virtual environment of its own, build/runtimes/NAME, and says how to build dflare
with them.

  openvino     OpenVINO: dflare reads ONNX, TFLite and OpenVINO IR
  executorch   ExecuTorch: dflare reads .pte
  onnxruntime  ONNX Runtime for Python, of the tests of models in another process
  litert       LiteRT for Python, of the same tests
  mlserver     MLServer, of the tests of inference servers
  all          all of these
END
}

# What pip is to install.
packages_of() {
  case "$1" in
    openvino) echo "openvino==2026.4.1" ;;
    executorch) echo "--no-deps executorch==1.5.1" ;;  # without torch, gigabytes that C++ does not need
    onnxruntime) echo "onnxruntime==1.32.0" ;;
    litert) echo "ai-edge-litert==2.3.0" ;;
    mlserver) echo "mlserver==1.7.* onnxruntime==1.32.0" ;;
  esac
}

case "$#:${1:-}" in
  1:-h | 1:--help) usage; exit 0 ;;
  2:--with) ;;
  *) usage >&2; die "scripts/install-runtimes.sh takes --with NAME,..., but was given: $*" ;;
esac
runtimes=$(named_runtimes "$2")

left_out=
# install_runtime NAME: or says why not.
install_runtime() {
  local venv=build/runtimes/$1 wanted packages
  wanted=$(packages_of "$1")
  read -ra packages <<<"$wanted"
  if [ "$(cat "$venv/complete" 2>/dev/null)" = "$wanted" ] && [ -n "$(runtime_part "$1")" ]; then
    echo "$1 is there"
    return
  fi
  rm -rf "$venv"
  python3 -m venv "$venv"
  if ! pip_offers "$venv" "offer-$1" "${packages[@]}"; then
    rm -rf "$venv"
    if grep -q 'after connection broken' "$DFLARE_LOGS/offer-$1.log"; then
      echo "LEFT OUT: $1: PyPI does not answer"
    else
      echo "LEFT OUT: $1: pip finds no '${wanted#--no-deps }' for this machine"
    fi
    echo "  The whole of what pip printed: $DFLARE_ROOT/$DFLARE_LOGS/offer-$1.log"
    left_out=yes
    return
  fi
  run_step "Installing $1 from PyPI ($wanted)" "install-$1" "$venv/bin/pip" install --disable-pip-version-check "${packages[@]}"
  [ -n "$(runtime_part "$1")" ] || die "$wanted was installed to $venv, but what dflare's build wants of it is not there"
  echo "$wanted" >"$venv/complete"  # last: what a kill left half done is done again
}

scripts/install-deps.sh --for runtimes
mkdir -p "$DFLARE_LOGS"
for name in $runtimes; do
  install_runtime "$name"
done

use_runtimes
set_build_arguments "" "$runtimes"
echo "To build dflare with what is there: cmake --preset $DFLARE_PRESET -B $DFLARE_BUILD$(printf ' %q' "${build_arguments[@]}")"
echo "To run all tests with it:           scripts/test.sh --with $2"
[ -z "$left_out" ] || exit 3
