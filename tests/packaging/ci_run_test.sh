# .ci/run with stand-ins for the tests and the demo.
. "$(dirname "$0")/expect.sh"

mkdir -p project/.ci project/scripts project/lib
cp "$source/.ci/run" project/.ci/
cp "$source/scripts/lib.sh" project/scripts/
cp "$source/.clang-format" project/
echo 'int formatted;' >project/lib/source.cpp

script() {
  printf '#!/bin/bash\n%s\n' "$2" >"project/scripts/$1.sh"
  chmod +x "project/scripts/$1.sh"
}
# results EXIT-STATUS FAILURES SKIPPED STATUS [WHY]: of a test.sh --with that ran three tests, the last of which ended so, and said why.
results() {
  script test "[ \$1 = --with ] || { echo \"with \$*\"; exit 3; }
echo \"first with \$*\"
mkdir -p build-runtimes; printf 'DFLARE_PYTHON_LITERT:FILEPATH=\nDFLARE_PYTHON_MLSERVER:FILEPATH=/python\nOTHER:STRING=\n' >build-runtimes/CMakeCache.txt
cat >build-runtimes/test-results.xml <<EOF
<testsuite name=\"Linux-c++\"
	tests=\"3\"
	failures=\"$2\"
	disabled=\"0\"
	skipped=\"$3\"
	>
	<testcase name=\"A.one\" classname=\"A.one\" time=\"0.1\" status=\"run\">
		<system-out>DFLARE_PYTHON_LITERT
</system-out>
	</testcase>
	<testcase name=\"A.two\" classname=\"A.two\" time=\"0.1\" status=\"run\">
	</testcase>
	<testcase name=\"A.three\" classname=\"A.three\" time=\"0.1\" status=\"$4\">
		<system-out>${5:-}
</system-out>
	</testcase>
</testsuite>
EOF
exit $1"
}
# expect_run STATUS LAST-LINE [VARIABLE=VALUE...]
expect_run() {
  rm -f project/demo_ran project/deb_tested
  expect_status "$1" env -u DFLARE_REQUIRE_DATA -u DFLARE_DATA "PATH=$work/tools:$PATH" "${@:3}" project/.ci/run
  [ "$(tail -n 1 output)" = "$2" ] || fail "expected the last line to be '$2': $(cat output)"
}
script install-deps ''
script fuzz 'echo "fuzz $*"'
script demo 'echo "CI is $CI"; touch demo_ran'
mkdir tools
program tools/ctest 'echo "$*" >deb_tested'

results 0 0 0 run
expect_run 0 "5 passed, 0 failed"
expect_output "CI is true"
expect_output "first with --with all"
grep -q '^with --libtorch 2\.[0-9.]* --with openvino,executorch$' output || fail "$(cat output)"
[ "$(cat project/deb_tested)" = "--test-dir build --no-tests=error --output-on-failure -R ^packaging\.deb\$" ] || fail "$(cat project/deb_tested)"
expect_output "LEFT OUT: the tests with LibTorch 2."
expect_output "fuzz --seconds 30"

results 0 0 1 notrun
expect_run 0 "4 passed, 0 failed"
mkdir -p data_is_here/data
for with in DFLARE_REQUIRE_DATA=1 "DFLARE_DATA=$work/data_is_here"; do
  expect_run 1 "2 passed, 1 failed" "$with"
  expect_output "error: these tests were skipped, but none may be where there is data or DFLARE_REQUIRE_DATA: A.three"
done
# A test may say that a runtime is left out; not that one is which is there.
results 0 0 1 notrun "DFLARE_PYTHON_LITERT is empty"
expect_run 0 "4 passed, 0 failed" DFLARE_REQUIRE_DATA=1
for why in "DFLARE_PYTHON_MLSERVER is empty" "OTHER is empty" "no data"; do
  results 0 0 1 notrun "$why"
  expect_run 1 "2 passed, 1 failed" DFLARE_REQUIRE_DATA=1
  expect_output "but none may be where there is data or DFLARE_REQUIRE_DATA: A.three"
done
mkdir -p shared/data
expect_run 1 "2 passed, 1 failed"

# The tests with the second LibTorch count too.
with_second() {
  script test "folder=build-runtimes second=
[ \$1 = --with ] || folder=build-libtorch-\$2 second=yes
mkdir -p \$folder; touch \$folder/CMakeCache.txt
printf '\ttests=\"3\"\n\tfailures=\"%s\"\n\tdisabled=\"0\"\n\tskipped=\"0\"\n' \${second:+$1}0 >\$folder/test-results.xml
[ -z \$second ] || exit $1"
}
with_second 0
expect_run 0 "8 passed, 0 failed"
with_second 1
expect_run 1 "-2 passed, 10 failed"

results 1 1 0 fail
expect_run 1 "2 passed, 1 failed"
[ ! -e project/demo_ran ] || fail "the demo ran though tests failed"

results 0 0 0 run
script fuzz 'exit 1'
expect_run 1 "4 passed, 1 failed"
program tools/ctest 'echo "no package"; exit 8'
expect_run 1 "3 passed, 1 failed"
expect_output "Testing the .deb ... FAILED"
expect_output "no package"
script demo 'exit 1'
expect_run 1 "3 passed, 1 failed"
[ ! -e project/deb_tested ] || fail "the .deb was tested though the demo failed"

script test 'exit 1'
expect_status 1 project/.ci/run
expect_output "error: the tests did not run"

echo 'int   unformatted;' >project/lib/source.cpp
expect_status 1 project/.ci/run
expect_output "Checking the format of the sources ... FAILED"
expect_output "./lib/source.cpp:1:4: error: code should be clang-formatted"
finish
