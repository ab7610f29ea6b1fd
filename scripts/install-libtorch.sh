#!/usr/bin/env bash
# Installs a LibTorch 2.x from PyPI, beside Debian's, in a virtual environment in a build folder. Asks nothing.
#   scripts/install-libtorch.sh [--cuda] [VERSION]      default: 2.13.0
# Exit status: 0 it is there, 1 error, 3 not to be had here: PyPI does not answer, or offers a CUDA build only.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'EOF'
usage: scripts/install-libtorch.sh [--cuda] [VERSION]

Installs LibTorch VERSION (default 2.13.0) from PyPI into build-libtorch-VERSION/venv, and says how to build dflare with it.
The version is that of the Python package 'torch', which holds headers, libraries and CMake files.

On some machines PyPI offers a CUDA build: gigabytes, and to build with it takes the CUDA toolkit. Then nothing is installed,
unless --cuda is given. For a CPU build, set PIP_INDEX_URL to PyTorch's index of CPU builds, which 'Get started' of
PyTorch's site names, or unpack a LibTorch for C++ (cxx11 ABI) from there and give its folder to CMake:
  cmake --preset default -B build-libtorch -DCMAKE_PREFIX_PATH=FOLDER
EOF
}

version=2.13.0
cuda=
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --cuda) cuda=yes ;;
    [0-9]*) version=$1 ;;
    *) usage >&2; die "unknown argument: $1; expected --cuda or a version such as 2.13.0" ;;
  esac
  shift
done

use_libtorch "$version"
venv=$DFLARE_BUILD/venv
not_here() {
  printf 'LibTorch %s is not to be had here: %s\n' "$version" "$*" >&2
  exit 3
}

done_with() {
  echo "LibTorch $version is in $(torch_folder)"
  echo "To build dflare with it:  cmake --preset $DFLARE_PRESET -B $DFLARE_BUILD -DCMAKE_PREFIX_PATH=$(printf %q "$(torch_folder)")"
  echo "To run all tests with it: scripts/test.sh --libtorch $version"
  exit 0
}
# Written last: what a kill left half done is done again.
[ ! -e "$venv/complete" ] || done_with

scripts/install-deps.sh --for libtorch
mkdir -p "$DFLARE_LOGS"
rm -rf "$venv"
python3 -m venv "$venv"

log=$DFLARE_LOGS/offer.log report=$DFLARE_LOGS/offer.json
pip_offers "$venv" offer "torch==$version" || {
  if grep -q 'from versions: [0-9]' "$log"; then
    tail -n 3 "$log" >&2
    die "there is no torch $version for this machine"
  fi
  not_here "pip could not ask PyPI for torch $version. The whole of what it printed: $DFLARE_ROOT/$log"
}
if [ -z "$cuda" ] && grep -qE '"name": "(nvidia-|cuda-)' "$report"; then
  not_here "PyPI offers a CUDA build for this machine, gigabytes that want the CUDA toolkit.
For a CPU build, set PIP_INDEX_URL to PyTorch's index of CPU builds, which 'Get started' of PyTorch's site names.
To take the CUDA build all the same: scripts/install-libtorch.sh --cuda $version"
fi
run_step "Installing LibTorch $version from PyPI" install-libtorch "$venv/bin/pip" install --disable-pip-version-check "torch==$version"
touch "$venv/complete"
if [ -e "$(torch_folder)/lib/libtorch_cuda.so" ]; then
  echo "This is a CUDA build: to build dflare with it takes the CUDA toolkit (nvcc)."
fi
done_with
