# What dflare_add_manifest_test() makes of its arguments, and what it says of wrong ones. dflare-test has a stand-in.
. "$(dirname "$0")/expect.sh"

mkdir project
touch project/pairs.yaml
# with STATUS ARGUMENTS: a project that calls it with these.
with() {
  cat >project/CMakeLists.txt <<END
cmake_minimum_required(VERSION 3.25)
project(small LANGUAGES NONE)
enable_testing()
include("$source/cmake/dflareManifestTest.cmake")
add_executable(dflare::dflare-test IMPORTED)
set_target_properties(dflare::dflare-test PROPERTIES IMPORTED_LOCATION "$work/dflare-test")
dflare_add_manifest_test($2)
END
  rm -rf tested
  expect_status "$1" cmake -S project -B tested -G Ninja
}
refused() {
  with 1 "$1"
  expect_output "$2"
}
refused 'MANIFEST pairs.yaml' 'dflare_add_manifest_test: NAME is missing; expected dflare_add_manifest_test(NAME <name> MANIFEST <file> ...)'
refused 'NAME a' 'dflare_add_manifest_test(NAME a): MANIFEST is missing'
refused 'NAME "a b" MANIFEST pairs.yaml' "NAME 'a b' has other characters than letters, digits, _, - and dots"
refused 'NAME a MANIFEST other.yaml' "MANIFEST '$work/project/other.yaml' is no file; a relative path is taken from $work/project"
refused 'NAME a MANIFEST .' "MANIFEST '$work/project' is no file"
for shards in 0 -1 two 1.5; do
  refused "NAME a MANIFEST pairs.yaml SHARDS $shards" "SHARDS '$shards' is no positive number; expected 1, 2, ..."
done
refused 'NAME a MANIFEST pairs.yaml SHARDS' 'no value after SHARDS'
refused 'NAME a MANIFEST pairs.yaml SHARD 2' 'unknown arguments: SHARD 2; expected NAME, MANIFEST, SHARDS, LABELS, OUT, ARGS, PROPERTIES'
for flag in --dflare_out=x --dflare_json=x --gtest_output=xml; do
  refused "NAME a MANIFEST pairs.yaml ARGS $flag" "ARGS holds '$flag', but findings and results go to the folder OUT"
done
sed -i '/add_executable/d; /set_target_properties/d' project/CMakeLists.txt
rm -rf tested
sed -i 's/^dflare_add.*/dflare_add_manifest_test(NAME a MANIFEST pairs.yaml)/' project/CMakeLists.txt
expect_status 1 cmake -S project -B tested -G Ninja
expect_output 'there is no target dflare::dflare-test; call find_package(dflare REQUIRED)'

# The stand-in notes how it was called.
cat >dflare-test <<'END'
#!/bin/bash
printf '%s of %s: %s\n' "${GTEST_SHARD_INDEX:-none}" "${GTEST_TOTAL_SHARDS:-none}" "$*" >>"$(dirname "$0")/calls"
END
chmod +x dflare-test
# calls ARGUMENTS LINES: what ctest calls it with.
calls() {
  with 0 "$1"
  rm -f calls
  expect_status 0 ctest --test-dir tested "${@:3}"
  [ "$(sort calls)" = "$2" ] || fail "dflare_add_manifest_test($1) called $(cat calls) instead of $2"
}
# processors NUMBER: of the tests of the last call.
processors() {
  grep -q "PROCESSORS \"$1\"" tested/CTestTestfile.cmake || fail "not $1 processors in $(cat tested/CTestTestfile.cmake)"
}
manifest=$work/project/pairs.yaml
out=$work/tested/dflare-findings/a
calls 'NAME a MANIFEST pairs.yaml' \
  "none of none: $manifest --dflare_out=$out --dflare_json=$out/results.json --gtest_output=xml:$out/junit.xml"
processors "[1-9][0-9]*"
out=$work/tested/there
calls 'NAME a MANIFEST pairs.yaml OUT there ARGS --dflare_queries=5 "--gtest_filter=A.*;B.*"' \
  "none of none: $manifest --dflare_out=$out --dflare_json=$out/results.json --gtest_output=xml:$out/junit.xml --dflare_queries=5 --gtest_filter=A.*;B.*"
out=$work/tested/dflare-findings/a
calls 'NAME a MANIFEST pairs.yaml SHARDS 2 LABELS slow models' \
  "0 of 2: $manifest --dflare_out=$out --dflare_json=$out/results.json --dflare_workers=1 --gtest_output=xml:$out/junit.shard_1_of_2.xml
1 of 2: $manifest --dflare_out=$out --dflare_json=$out/results.json --dflare_workers=1 --gtest_output=xml:$out/junit.shard_2_of_2.xml" \
  -R '^a\.shard_[12]_of_2$' -L models
processors 1
calls 'NAME a MANIFEST pairs.yaml SHARDS 1 ARGS --dflare_workers=3 PROPERTIES TIMEOUT 9' \
  "0 of 1: $manifest --dflare_out=$out --dflare_json=$out/results.json --gtest_output=xml:$out/junit.shard_1_of_1.xml --dflare_workers=3" \
  -R '^a\.shard_1_of_1$'
processors 3
grep -q 'TIMEOUT "9"' tested/CTestTestfile.cmake || fail "no TIMEOUT in $(cat tested/CTestTestfile.cmake)"

# dflare as a part of the project, as FetchContent makes it.
cat >project/CMakeLists.txt <<END
cmake_minimum_required(VERSION 3.25)
project(whole LANGUAGES CXX)
enable_testing()
add_subdirectory("$source" dflare EXCLUDE_FROM_ALL)
dflare_add_manifest_test(NAME a MANIFEST pairs.yaml SHARDS 2)
END
rm -rf tested
expect_status 0 cmake -S project -B tested -G Ninja
grep -q '^add_test(\[=\[a.shard_2_of_2\]=\] "[^"]*/dflare/gtest_plugin/dflare-test" ' tested/CTestTestfile.cmake ||
  fail "no test of dflare's own program in $(cat tested/CTestTestfile.cmake)"
finish
