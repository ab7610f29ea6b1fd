# The examples, built against the installed package as one project, and run.
. "$(dirname "$0")/expect.sh"

expect_status 0 cmake --install "$build" --prefix "$work/installed"
launcher=()
if command -v ccache >/dev/null; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
expect_status 0 cmake -S "$source/tests/packaging/examples" -B examples -G Ninja "-DEXAMPLES=$source/examples" \
  "$(prefix_path "$work/installed")" -DCMAKE_CXX_FLAGS="-Wall -Wextra -Werror" "${launcher[@]}"
cp output configured
grep -q "^dflare_DIR:PATH=$work/installed/" examples/CMakeCache.txt || fail "another dflare was found"
expect_status 0 cmake --build examples --parallel 2
expect_status 0 ctest --test-dir examples -j 2 --output-on-failure
for example in "$source"/examples/*/CMakeLists.txt; do
  name=$(basename "$(dirname "$example")")
  grep -q "examples/$name is left out" configured && continue
  [ "$name" = quickstart ] || grep -q "add_test" "examples/$name/CTestTestfile.cmake" || fail "$name has no test"
done
[ -s examples/parameterised/dflare-findings/pairs_yaml/results.shard_2_of_2.json ] || fail "the manifest was not tested: $(cat output)"
finish
