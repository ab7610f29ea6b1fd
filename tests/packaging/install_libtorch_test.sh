# scripts/install-libtorch.sh with a stand-in for Python and its pip.
. "$(dirname "$0")/expect.sh"

mkdir -p project tools
cp -r "$source/scripts" project/
install() { expect_status "$1" env -u CI "PATH=$work/tools:$PATH" project/scripts/install-libtorch.sh "${@:2}"; }
program project/scripts/install-deps.sh 'echo "installing what is needed $*"'
# pip COMMANDS: python3 -m venv makes a folder with this pip.
pip() {
  rm -rf project/build-libtorch-*
  program pip "$1"
  program tools/python3 "mkdir -p \"\$3/bin\"; cp '$work/pip' \"\$3/bin/\""
}
# offer PACKAGE: pip offers a torch that needs it.
offer() {
  pip 'version=${!#}
torch=build-libtorch-${version#torch==}/venv/lib/python3.99/site-packages/torch/lib
case "$*" in
  *--dry-run*)
    while [ "$1" != --report ]; do shift; done
    echo "{\"metadata\": {\"name\": \"PACKAGE\"}}" >"$2" ;;
  *)
    echo "$*" >>../installed
    mkdir -p "$torch"
    case PACKAGE in nvidia*) touch "$torch/libtorch_cuda.so" ;; esac ;;
esac'
  sed -i "s/PACKAGE/$1/" pip
}

offer filelock
install 0
expect_output "installing what is needed --for libtorch"
expect_output "LibTorch 2.13.0 is in $work/project/build-libtorch-2.13.0/venv/lib/python3.99/site-packages/torch"
expect_output "cmake --preset default -B build-libtorch-2.13.0 -DCMAKE_PREFIX_PATH="
expect_output "scripts/test.sh --libtorch 2.13.0"
[ "$(cat installed)" = "install --disable-pip-version-check torch==2.13.0" ] || fail "$(cat installed)"
install 0
[ "$(wc -l <installed)" -eq 1 ] || fail "it is there, but was installed again"
rm project/build-libtorch-2.13.0/venv/complete
install 0
[ "$(wc -l <installed)" -eq 2 ] || fail "it was half installed, and left so"
install 0 2.5.1
expect_output "LibTorch 2.5.1 is in"

rm installed
offer nvidia-cudnn
install 3
expect_output "PyPI offers a CUDA build for this machine"
expect_output "set PIP_INDEX_URL to PyTorch's index of CPU builds"
[ ! -e installed ] || fail "a CUDA build was installed unasked"
install 0 --cuda
expect_output "This is a CUDA build: to build dflare with it takes the CUDA toolkit"

pip 'echo "ERROR: Could not find a version that satisfies the requirement torch (from versions: none)"; exit 1'
install 3
expect_output "LibTorch 2.13.0 is not to be had here: pip could not ask PyPI"
pip 'echo "ERROR: Could not find a version that satisfies the requirement torch==9 (from versions: 2.6.0, 2.7.0)"; exit 1'
install 1 9
expect_output "there is no torch 9 for this machine"
expect_output "from versions: 2.6.0"
install 1 latest
expect_output "unknown argument: latest; expected --cuda or a version"
install 0 --help
expect_output "usage: scripts/install-libtorch.sh"
finish
