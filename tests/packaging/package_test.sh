# The installed package: complete, relocatable, and found by a project of its own.
. "$(dirname "$0")/expect.sh"

expect_status 0 cmake --install "$build" --prefix "$work/installed here"
mv "installed here" moved
for text in "$source" "$build" "$work" x86_64-linux-gnu /usr/include; do
  named=$(grep -rlF -- "$text" moved/lib/*/cmake moved/lib/cmake 2>/dev/null || true)
  [ -z "$named" ] || fail "these name $text: $named"
done

configure() {
  rm -rf build
  expect_status "$1" cmake -S "$source/examples/quickstart" -B build -G Ninja "${@:2}"
}
configure 0 "$(prefix_path "$work/moved")"
grep -q "^dflare_DIR:PATH=$work/moved/" build/CMakeCache.txt || fail "another dflare was found"
configure 1 "$(prefix_path "$work/moved")" -DCMAKE_DISABLE_FIND_PACKAGE_fmt=ON
expect_output "dflare needs fmt, which CMake did not find. On Debian: apt-get install libfmt-dev"
configure 1 "$(prefix_path "$work/moved")" -DCMAKE_DISABLE_FIND_PACKAGE_Torch=ON
expect_output "libtorch-dev"

# Built with one LibTorch, it is not linked with another.
config=$(echo moved/lib/cmake/dflare/dflareConfig.cmake moved/lib/*/cmake/dflare/dflareConfig.cmake | tr ' ' '\n' | grep -v '\*')
sed -i.bak 's/^set(dflare_LIBTORCH_VERSION .*/set(dflare_LIBTORCH_VERSION 1.99.0)/' "$config"
configure 1 "$(prefix_path "$work/moved")"
expect_output "This dflare was built with LibTorch 1.99.0, but CMake found LibTorch "
expect_output "or build dflare with this one"
mv "$config.bak" "$config"

# Asked for at will, a dflare that lacks something is not there, rather than the end of everything.
mkdir optional
cat >optional/CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(optional LANGUAGES CXX)
find_package(dflare 0.1 QUIET)
message("dflare found: '${dflare_FOUND}'")
EOF
expect_status 0 cmake -S optional -B build-optional "$(prefix_path "$work/moved")" -DCMAKE_DISABLE_FIND_PACKAGE_fmt=ON
expect_output "dflare found: '0'"
rm -r build-optional
expect_status 0 cmake -S optional -B build-optional "$(prefix_path "$work/moved")"
expect_output "dflare found: '1'"

# Its programs load the LibTorch that they were built with.
expect_status 0 ldd moved/bin/dflare-test
built_with=$(ldd "$build/gtest_plugin/dflare-test" | grep libtorch_cpu)
[ "$(grep libtorch_cpu output | sed 's/ (.*//')" = "$(sed 's/ (.*//' <<<"$built_with")" ] ||
  fail "installed, it loads another LibTorch than '$built_with': $(cat output)"

# dflare-repair is there, and its library links with nothing but the installed headers.
expect_status 0 moved/bin/dflare-repair --help
expect_output "Exit status: 0 repaired"
expect_status 0 moved/bin/dflare-report --help
expect_output "Exit status: 0 the report is written"
expect_status 2 moved/bin/dflare-host model.pt
expect_output "isolate: true"
[ -f moved/share/dflare/dflare_serve.py ] || fail "dflare_serve.py is not installed"
mkdir repairer
cat >repairer/CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(repairer LANGUAGES CXX)
find_package(dflare 0.1 REQUIRED)
add_executable(repairer main.cpp)
target_link_libraries(repairer PRIVATE dflare::repair)
EOF
cat >repairer/main.cpp <<'EOF'
#include <dflare/repair.hpp>
#include <iostream>
int main() {
  try {
    dflare::repair::repair(dflare::repair::Settings());
  } catch (const dflare::ConfigError& e) {
    std::cout << e.what() << std::endl;
  }
}
EOF
expect_status 0 cmake -S repairer -B build-repairer -G Ninja "$(prefix_path "$work/moved")"
expect_status 0 cmake --build build-repairer
expect_status 0 build-repairer/repairer
expect_output "setting original: no file"
finish
