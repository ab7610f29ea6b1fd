# scripts/test.sh with stand-ins for cmake and ctest: its exit status and what it shows.
. "$(dirname "$0")/expect.sh"

mkdir -p project tools
cp -r "$source/scripts" project/
run_tests() { expect_status "$1" env -u CI "PATH=$work/tools:$PATH" "${@:2}"; }
program project/scripts/install-deps.sh ''
program tools/cmake "echo \"\$*\" >>'$work/calls'"
program tools/ctest 'echo "1/1 Test #1: A.one ...   Passed    0.01 sec"; echo "100% tests passed, 0 tests failed out of 1"'

run_tests 0 project/scripts/test.sh
expect_output "100% tests passed, 0 tests failed out of 1"
grep -q -- '^--preset default -B build$' calls || fail "$(cat calls)"
grep -q 'Passed' output && fail "it shows tests that passed"

rm calls
run_tests 0 env CI=true project/scripts/test.sh
grep -q -- '^--preset ci -B build$' calls || fail "$(cat calls)"

# With another LibTorch: in a folder of its own, or not at all.
venv=project/build-libtorch-2.9.9/venv
program project/scripts/install-libtorch.sh 'exit 3'
rm calls
run_tests 3 project/scripts/test.sh --libtorch 2.9.9
[ ! -e calls ] || fail "there is no LibTorch, but it built: $(cat calls)"
mkdir -p "$venv/lib/python3.99/site-packages/torch"
program project/scripts/install-libtorch.sh 'echo "installing $*"'
run_tests 0 project/scripts/test.sh --libtorch 2.9.9
expect_output "installing 2.9.9"
grep -qF -- "-B build-libtorch-2.9.9 -DCMAKE_PREFIX_PATH=$work/$venv/lib/python3.99/site-packages/torch" calls || fail "$(cat calls)"
grep -q -- '--build build-libtorch-2.9.9 ' calls || fail "$(cat calls)"

# A run with one option has what it names, and nothing of another run.
for off in WITH_OPENVINO=OFF WITH_EXECUTORCH=OFF PYTHON_ONNXRUNTIME= PYTHON_LITERT= PYTHON_MLSERVER=; do
  grep -q -- " -DDFLARE_$off\( \|$\)" calls || fail "not -DDFLARE_$off: $(cat calls)"
done

# With runtimes: in a folder of their own, or in that of the LibTorch.
runtimes=project/build/runtimes
mkdir -p $runtimes/{openvino/lib/python3.99/site-packages/openvino/cmake,onnxruntime/bin}
touch $runtimes/{openvino,onnxruntime}/complete $runtimes/onnxruntime/bin/python
openvino=$work/$runtimes/openvino/lib/python3.99/site-packages/openvino/cmake
program project/scripts/install-runtimes.sh 'echo "installing $*"; echo "LEFT OUT: litert: why"; exit 3'
rm calls
run_tests 0 project/scripts/test.sh --with openvino,litert
expect_output "installing --with openvino,litert LEFT OUT: litert: why"
grep -qF -- "-B build-runtimes -DCMAKE_PREFIX_PATH=$openvino -DDFLARE_WITH_OPENVINO=ON -DDFLARE_WITH_EXECUTORCH=OFF \
-DDFLARE_PYTHON_ONNXRUNTIME= -DDFLARE_PYTHON_LITERT= -DDFLARE_PYTHON_MLSERVER=" <(tr -d '\n' <calls) || fail "$(cat calls)"
grep -q -- '--build build-runtimes ' calls || fail "$(cat calls)"
rm calls
run_tests 0 project/scripts/test.sh --with onnxruntime
grep -qF -- "-DCMAKE_PREFIX_PATH= -DDFLARE_WITH_OPENVINO=OFF" calls || fail "$(cat calls)"
grep -qF -- "-DDFLARE_PYTHON_ONNXRUNTIME=$work/$runtimes/onnxruntime/bin/python -D" calls || fail "$(cat calls)"
rm calls
run_tests 0 project/scripts/test.sh --with all --libtorch 2.9.9
expect_output "installing --with openvino,executorch,onnxruntime,litert,mlserver"
grep -qF -- "-B build-libtorch-2.9.9 -DCMAKE_PREFIX_PATH=$work/$venv/lib/python3.99/site-packages/torch;$openvino -D" calls || fail "$(cat calls)"
grep -qF -- "-DDFLARE_WITH_OPENVINO=ON" calls || fail "$(cat calls)"
rm calls
run_tests 1 project/scripts/test.sh --with nonsense
expect_output "error: --with nonsense: there is no runtime 'nonsense'"
program project/scripts/install-runtimes.sh 'exit 1'
run_tests 1 project/scripts/test.sh --with all
[ ! -e calls ] || fail "the runtimes could not be installed, but it built: $(cat calls)"

# Under sanitizers: with their presets, in their folders, whatever else is asked for.
program tools/ctest 'echo "ctest $*" >>calls-of-ctest; echo "100% tests passed, 0 tests failed out of 1"'
program project/scripts/install-runtimes.sh 'echo "installing $*"'
for sanitizer in address thread; do
  rm -f calls project/calls-of-ctest
  preset=sanitize only=
  if [ $sanitizer = thread ]; then preset=tsan only=' -R Search'; fi
  run_tests 0 env CI=true project/scripts/test.sh --sanitize $sanitizer
  expect_output "100% tests passed, 0 tests failed out of 1"
  grep -q -- "^--preset $preset -B build-$preset$" calls || fail "$(cat calls)"
  grep -q -- "--build build-$preset " calls || fail "$(cat calls)"
  grep -q -- "^ctest --preset $preset$only --output-on-failure " project/calls-of-ctest || fail "$(cat project/calls-of-ctest)"
  grep -q -- "build-$preset/test-results.xml" project/calls-of-ctest || fail "$(cat project/calls-of-ctest)"
done
rm calls
run_tests 0 project/scripts/test.sh --with openvino --sanitize address
grep -qF -- "--preset sanitize -B build-sanitize -DCMAKE_PREFIX_PATH=$openvino" calls || fail "$(cat calls)"
run_tests 1 project/scripts/test.sh --libtorch 2.9.9 --sanitize thread
expect_output "--sanitize is for Debian's LibTorch, but --libtorch was given too: --libtorch 2.9.9 --sanitize thread"

program tools/ctest 'echo "      Start 1: A.one"
echo "1/2 Test #1: A.one ...   Passed    0.01 sec"
echo "2/2 Test #2: A.two ...***Failed    0.01 sec"; echo "Expected equality"; exit 8'
run_tests 1 project/scripts/test.sh
expect_output "Expected equality"
expect_output "tests failed (exit status 8 of ctest)"
grep -q 'A.one' output && fail "it shows tests that passed"

for wrong in fast "--sanitize memory" "--sanitize" "--with" "--libtorch 2.9.9 --with" "--libtorch 2.9.9 fast"; do
  run_tests 1 project/scripts/test.sh $wrong
  expect_output "scripts/test.sh takes --libtorch VERSION, --with NAME,..., --sanitize address|thread, or nothing, but was given: $wrong"
done

program tools/cmake 'echo "no compiler"; exit 1'
run_tests 1 project/scripts/test.sh
expect_output "no compiler"
finish
