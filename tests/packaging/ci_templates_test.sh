# The CI templates call what there is: scripts, CMake targets, and dflare-test with flags that it has; and keep what it writes.
. "$(dirname "$0")/expect.sh"

for template in "$source"/examples/ci/*; do
  name=$(basename "$template")
  command=$(sed -n 's/^[- ]*dflare-test //p' "$template")
  [ -n "$command" ] || fail "$name does not run dflare-test"
  # All is well but that there is no manifest here.
  read -ra arguments <<<"$command"
  expect_status 2 "$build/gtest_plugin/dflare-test" "${arguments[@]}"
  expect_output "pairs.yaml"
  grep -q 'flag' output && fail "$name: $(cat output)"
  for kept in findings 'results*.json' junit.xml; do
    grep -F "$kept" "$template" | grep -vq dflare-test || fail "$name does not keep $kept"
  done
  [ -x "$source/$(sed -n 's/^[- ]*dflare\/\(scripts\/[a-z-]*.sh\).*/\1/p' "$template")" ] || fail "$name calls a script that is not there"
  grep -q -- '--target dflare_package' "$template" || fail "$name does not build dflare"
  [ "$(sed -n 's/^[- ]*dflare-test /dflare-test /p' "$template")" = "$(grep '^dflare-test' "$source/docs/ci.md")" ] ||
    fail "$name and docs/ci.md run dflare-test in different ways"
done
grep -q 'add_custom_target(dflare_package)' "$source/cmake/Install.cmake" || fail "there is no target dflare_package"
finish
