#!/usr/bin/env bash
# Installs the Debian packages that dflare needs, where they are missing. Asks nothing.
#   scripts/install-deps.sh [--for build|demo|libtorch|runtimes|test|fuzz]     default: test
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

packages_to_build=(
  g++ cmake ninja-build ccache
  libtorch-dev libopenblas0-pthread  # LibTorch runs the models; OpenBLAS makes that fast
  libopencv-dev                      # images: reading, writing, geometry, SSIM
  libjpeg-dev                        # whether a JPEG file is whole and sound
  libgtest-dev libgmock-dev
  libboost-dev libboost-filesystem-dev libboost-iostreams-dev
  libyaml-cpp-dev nlohmann-json3-dev libcli11-dev libfmt-dev
  libssl-dev                         # SHA-256 of model files
  libcpp-httplib-dev                 # models behind a server
)
packages_for_pypi=(
  python3 python3-venv  # LibTorch 2.x and the runtimes of other formats come from PyPI
)
packages_to_test=(
  "${packages_for_pypi[@]}"
  clang-format libbenchmark-dev
  doctest-dev                                      # the example of another test framework
  python3 python3-torch python3-numpy python3-pil  # the independent check of findings
  bubblewrap                                       # isolate: sandboxed
  chromium                                         # opens the HTML report
  dpkg-dev file                                    # the .deb
  doxygen                                          # the API documentation
  locales                                          # one with a decimal comma
)

packages_to_fuzz=(
  clang libclang-rt-dev llvm  # libFuzzer and the sanitizers; what was covered
)

usage() {
  echo "usage: scripts/install-deps.sh [--for build|demo|libtorch|runtimes|test|fuzz]"
}

purpose=test
case "$#:${1:-}" in
  0:) ;;
  1:-h | 1:--help) usage; exit 0 ;;
  2:--for) purpose=$2 ;;
  *) usage >&2; die "unknown arguments: $*" ;;
esac
case "$purpose" in
  build | demo) wanted=("${packages_to_build[@]}") ;;
  libtorch | runtimes) wanted=("${packages_to_build[@]}" "${packages_for_pypi[@]}") ;;
  test) wanted=("${packages_to_build[@]}" "${packages_to_test[@]}") ;;
  fuzz) wanted=("${packages_to_build[@]}" "${packages_to_fuzz[@]}") ;;
  *) usage >&2; die "--for $purpose: expected build, demo, libtorch, runtimes, test or fuzz" ;;
esac

installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

command -v apt-get >/dev/null && command -v dpkg-query >/dev/null ||
  die "apt-get and dpkg-query not found: this script knows Debian 12 only.
       Install what corresponds to these Debian packages yourself: ${wanted[*]}"

missing=()
for package in "${wanted[@]}"; do
  installed "$package" || missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null ||
    die "these Debian packages are missing, and to install them takes root or sudo, neither of which is there.
       Ask who administers this machine to run: apt-get install ${missing[*]}"
  as_root=(sudo)
  # Where sudo wants a password, it asks on the terminal itself.
  if ! sudo -n true 2>/dev/null && ! { (: </dev/tty) 2>/dev/null && sudo -v; }; then
    die "sudo wants a password, and got none.
       Run this first: sudo apt-get install ${missing[*]}"
  fi
fi

apt_get() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}
update_and_install() {
  # A source of packages that is down must not stop what the others can give.
  apt_get update || echo "warning: apt-get update failed; going on with the lists that are there"
  apt_get install --no-install-recommends "${missing[@]}"
}
run_step "Installing ${#missing[@]} Debian packages and what they need (2 GB, some minutes)" \
  install-deps update_and_install
