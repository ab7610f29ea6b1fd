# Doxygen takes every public header without a warning, and fails where a public member is undocumented.
. "$(dirname "$0")/expect.sh"
command -v doxygen >/dev/null || { echo "skipped: no doxygen"; exit 77; }

# run_doxygen LINE...: with the configured Doxyfile and these lines, which go before those in it.
run_doxygen() {
  { cat "$build/Doxyfile"; printf '%s\n' "OUTPUT_DIRECTORY = \"$work/api\"" "$@"; } | doxygen -
}

expect_status 0 run_doxygen
[ ! -s output ] || fail "doxygen has something to say: $(cat output)"
headers=0
for header in "$source"/*/include/dflare/*.hpp; do
  grep -q ">dflare/$(basename "$header")</a>" api/html/index.html ||
    fail "the main page, docs/api_mainpage.md, does not link to dflare/$(basename "$header")"
  headers=$((headers + 1))
done
[ "$headers" -gt 0 ] || fail "no public header in $source/*/include/dflare"

# What was right before it is wrong with one member more: in a struct, a setting of Options, a macro.
# refused HEADER SED_COMMAND NAME: the command adds the undocumented NAME.
refused() {
  cp "$source/$1" copy.hpp
  expect_status 0 run_doxygen "INPUT = \"$work/copy.hpp\""
  sed -i "$2" copy.hpp
  expect_status 1 run_doxygen "INPUT = \"$work/copy.hpp\""
  expect_output "Member $3"
  expect_output "is not documented"
}
refused lib/include/dflare/distances.hpp 's/^struct Distances {/&\n  int unheard_of = 0;/' unheard_of
refused lib/include/dflare/options.hpp 's/^#undef DFLARE_OPTION/  DFLARE_OPTION(int, unheard_of, 0)\n&/' unheard_of
refused gtest_plugin/include/dflare/gtest.hpp '$a #define EXPECT_UNHEARD_OF(...) __VA_ARGS__' EXPECT_UNHEARD_OF
finish
