# The .deb: its fields, what is in it, and that nothing of it names this machine. Built from the build folder as it is.
. "$(dirname "$0")/expect.sh"

if ! command -v dpkg-deb >/dev/null || ! command -v dpkg-shlibdeps >/dev/null; then
  echo "dpkg-dev is not installed"
  exit 77
fi
expect_status 0 cpack --config "$build/CPackConfig.cmake" -B "$work/packages"
package=$(echo packages/dflare_*.deb)
[ -f "$package" ] || fail "no package: $(ls packages)"
expect_status 0 dpkg-deb --field "$package" Package Version Depends
expect_output "Package: dflare"
expect_output "libtorch-dev"
expect_output "libc6"
expect_status 0 dpkg-deb --contents "$package"
for file in ./usr/bin/dflare-test ./usr/bin/dflare-repair ./usr/bin/dflare-report ./usr/bin/dflare-host ./usr/share/dflare/dflare_serve.py \
            ./usr/include/dflare/gtest.hpp dflareConfig.cmake dflareManifestTest.cmake libdflare_gtest.a; do
  expect_output "$file"
done
expect_status 0 dpkg-deb --extract "$package" extracted
expect_status 0 extracted/usr/bin/dflare-test --help
named=$(grep -rlF -e "$source" -e "$build" extracted/usr/lib extracted/usr/include --include='*.cmake' --include='*.hpp' || true)
[ -z "$named" ] || fail "these name a folder of this machine: $named"
finish
