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
configure 0 "-DCMAKE_PREFIX_PATH=$work/moved"
grep -q "^dflare_DIR:PATH=$work/moved/" build/CMakeCache.txt || fail "another dflare was found"
configure 1 "-DCMAKE_PREFIX_PATH=$work/moved" -DCMAKE_DISABLE_FIND_PACKAGE_fmt=ON
expect_output "dflare needs fmt, which CMake did not find. On Debian: apt-get install libfmt-dev"
configure 1 "-DCMAKE_PREFIX_PATH=$work/moved" -DCMAKE_DISABLE_FIND_PACKAGE_Torch=ON
expect_output "libtorch-dev"

# Asked for at will, a dflare that lacks something is not there, rather than the end of everything.
mkdir optional
cat >optional/CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(optional LANGUAGES CXX)
find_package(dflare 0.1 QUIET)
message("dflare found: '${dflare_FOUND}'")
EOF
expect_status 0 cmake -S optional -B build-optional "-DCMAKE_PREFIX_PATH=$work/moved" -DCMAKE_DISABLE_FIND_PACKAGE_fmt=ON
expect_output "dflare found: '0'"
rm -r build-optional
expect_status 0 cmake -S optional -B build-optional "-DCMAKE_PREFIX_PATH=$work/moved"
expect_output "dflare found: '1'"

# dflare-repair is there, and its library links with nothing but the installed headers.
expect_status 0 moved/bin/dflare-repair --help
expect_output "Exit status: 0 repaired"
expect_status 0 moved/bin/dflare-report --help
expect_output "Exit status: 0 the report is written"
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
expect_status 0 cmake -S repairer -B build-repairer -G Ninja "-DCMAKE_PREFIX_PATH=$work/moved"
expect_status 0 cmake --build build-repairer
expect_status 0 build-repairer/repairer
expect_output "setting original: no file"
finish
