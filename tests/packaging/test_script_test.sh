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

program tools/ctest 'echo "      Start 1: A.one"
echo "1/2 Test #1: A.one ...   Passed    0.01 sec"
echo "2/2 Test #2: A.two ...***Failed    0.01 sec"; echo "Expected equality"; exit 8'
run_tests 1 project/scripts/test.sh
expect_output "Expected equality"
expect_output "tests failed (exit status 8 of ctest)"
grep -q 'A.one' output && fail "it shows tests that passed"

run_tests 1 project/scripts/test.sh fast
expect_output "scripts/test.sh takes --libtorch VERSION or nothing, but was given: fast"

program tools/cmake 'echo "no compiler"; exit 1'
run_tests 1 project/scripts/test.sh
expect_output "no compiler"
finish
