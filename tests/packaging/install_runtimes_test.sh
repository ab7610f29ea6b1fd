# scripts/install-runtimes.sh with a stand-in for Python and its pip.
. "$(dirname "$0")/expect.sh"

mkdir -p project tools
cp -r "$source/scripts" project/
install() { expect_status "$1" env -u CI "PATH=$work/tools:$PATH" project/scripts/install-runtimes.sh "${@:2}"; }
program project/scripts/install-deps.sh 'echo "installing what is needed $*"'
runtimes=$work/project/build/runtimes
packages=lib/python3.99/site-packages
# pip COMMANDS: python3 -m venv makes a folder with this pip, which first does these. It notes what it installed.
pip() {
  rm -rf project/build
  rm -f installed
  program pip "$1
case \"\$*\" in *--dry-run*) exit ;; esac
echo \"\$*\" >>'$work/installed'
packages=\$(dirname \"\$0\")/../$packages
case \"\$*\" in
  *openvino==*) mkdir -p \"\$packages/openvino/cmake\" ;;
  *executorch==*) mkdir -p \"\$packages/executorch\" ;;
esac"
  program tools/python3 "mkdir -p \"\$3/bin\"; cp '$work/pip' \"\$3/bin/\"; touch \"\$3/bin/python\""
}
# installed PACKAGE...: what pip installed, and nothing else.
installed() {
  [ "$(sed 's/ --no-deps//; s/==[^ ]*//g; s/^install --disable-pip-version-check //' installed)" = "$(printf '%s\n' "$@")" ] ||
    fail "expected $* to be installed: $(cat installed)"
}

pip ''
install 0 --with openvino,litert
expect_output "installing what is needed --for runtimes"
expect_output "To build dflare with what is there: cmake --preset default -B build-runtimes -DCMAKE_PREFIX_PATH="
expect_output "-DDFLARE_WITH_OPENVINO=ON -DDFLARE_WITH_EXECUTORCH=OFF -DDFLARE_PYTHON_ONNXRUNTIME= -DDFLARE_PYTHON_LITERT="
expect_output "scripts/test.sh --with openvino,litert"
installed openvino ai-edge-litert
# The printed line is one that a shell takes.
program tools/cmake 'printf "%s\n" "$@"'
expect_status 0 env "PATH=$work/tools:$PATH" bash -c "$(sed -n 's/.*is there: \(cmake \)/\1/p' output)"
expect_output "-DCMAKE_PREFIX_PATH=$runtimes/openvino/$packages/openvino/cmake -DDFLARE"
expect_output "-DDFLARE_PYTHON_LITERT=$runtimes/litert/bin/python -DDFLARE"

# What is there is left as it is; what a kill left half done, and another version, is not.
install 0 --with openvino,litert
expect_output "openvino is there litert is there"
installed openvino ai-edge-litert
rm project/build/runtimes/openvino/complete
install 0 --with openvino
installed openvino ai-edge-litert openvino
echo "ai-edge-litert==0.0.1" >project/build/runtimes/litert/complete
install 0 --with litert
installed openvino ai-edge-litert openvino ai-edge-litert

pip ''
install 0 --with all
installed openvino executorch onnxruntime ai-edge-litert "mlserver onnxruntime"
grep -q -- '--no-deps executorch==' installed || fail "executorch with all that it asks for: $(cat installed)"
expect_output "$packages/openvino/cmake"
expect_output "$packages/executorch "
[ "$(grep -cvE '==[0-9]' installed)" -eq 0 ] || fail "without a version: $(cat installed)"

# Some are not to be had: the others are installed all the same.
pip 'case "$*" in
  *executorch*) echo "ERROR: No matching distribution found for executorch"; exit 1 ;;
  *litert*) echo "WARNING: Retrying (Retry(total=0)) after connection broken by NewConnectionError"; exit 1 ;;
esac'
for again in 1 2; do
  install 3 --with executorch,litert,onnxruntime
  installed onnxruntime
  expect_output "LEFT OUT: litert: PyPI does not answer The whole of what pip printed: $work/project/build/logs/offer-litert.log"
  grep -q "^LEFT OUT: executorch: pip finds no 'executorch==[0-9.]*' for this machine$" output || fail "$(cat output)"
  expect_output "-DDFLARE_WITH_EXECUTORCH=OFF"
  expect_output "-DDFLARE_PYTHON_LITERT= "
  [ ! -e project/build/runtimes/litert ] || fail "something of litert was left"
done

# An error is one, and nothing counts as installed then.
pip 'case "$*" in *--dry-run*) ;; *) echo "no space left"; exit 1 ;; esac'
install 1 --with mlserver
expect_output "no space left"
expect_output "/build/logs/install-mlserver.log"
[ ! -e project/build/runtimes/mlserver/complete ] || fail "it counts as installed"
pip 'case "$*" in *--dry-run*) ;; *) exit 0 ;; esac'
install 1 --with openvino
expect_output "but what dflare's build wants of it is not there"
[ ! -e project/build/runtimes/openvino/complete ] || fail "it counts as installed"

for names in nonsense openvino,nonsense all,nonsense '*' ''; do
  install 1 --with "$names"
  expect_output "error: --with $names: there is no runtime '${names##*,}'; expected all, or some of: openvino executorch onnxruntime litert mlserver"
done
install 1
expect_output "takes --with NAME,..., but was given:"
install 1 openvino
expect_output "takes --with NAME,..., but was given: openvino"
install 0 --help
expect_output "usage: scripts/install-runtimes.sh"
for name in openvino executorch onnxruntime litert mlserver all; do expect_output " $name "; done
finish
