# scripts/fuzz.sh with stand-ins for cmake and the fuzz targets: a target that did not end well is never passed over.
. "$(dirname "$0")/expect.sh"

mkdir -p project tools targets
cp -r "$source/scripts" project/
program project/scripts/install-deps.sh ''
program tools/cmake "echo \"\$*\" >>'$work/calls'; mkdir -p build-fuzz/tests/fuzz; cp '$work/targets/'* build-fuzz/tests/fuzz/"
fuzz() { expect_status "$1" env "PATH=$work/tools:$PATH" project/scripts/fuzz.sh "${@:2}"; }
# target NAME EXAMPLES-STATUS RUN-STATUS
target() {
  program "targets/fuzz_$1" "case \$1 in --write-examples) exit $2 ;; esac
echo 'SUMMARY: what it found'; echo 'stat::number_of_executed_units: 42'; exit $3"
}

touch targets/readers
fuzz 1
expect_output "lists no readers"

printf 'one lib/one.cpp\ntwo lib/two.cpp\n' >targets/readers
target one 0 0
target two 0 0
fuzz 0 --seconds 1
expect_output "one 42 ok"
expect_output "two 42 ok"
grep -q -- '--target fuzz_one fuzz_two$' calls || fail "$(cat calls)"
fuzz 0 --seconds 1 two
grep -q -- '--target fuzz_two$' calls || fail "$(cat calls)"

target two 0 77
fuzz 1 --seconds 1
expect_output "one 42 ok"
expect_output "two 42 FOUND SUMMARY: what it found"
expect_output "error: found inputs that a reader does not survive"
target two 1 0
fuzz 1 --seconds 1
expect_output "two 0 FOUND"
# One that is killed, shell and all, leaves no status.
program targets/fuzz_two 'kill -9 $PPID'
fuzz 1 --seconds 1
expect_output "two 0 FOUND"

fuzz 1 three
expect_output "there is no reader 'three'; expected some of: one two"
fuzz 1 --seconds 0
expect_output "--seconds takes a whole number, at least 1, but was given: '0'"
fuzz 1 --nonsense
expect_output "but was given: --nonsense"
finish
