# A project that has nothing of dflare's build takes it both ways: installed, and as a part of its own build from the sources. What it
# links dflare into exports nothing of dflare.
. "$(dirname "$0")/expect.sh"

mkdir project
cat >project/CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(outside LANGUAGES CXX)
if(DFLARE_SOURCE)
  include(FetchContent)
  FetchContent_Declare(dflare SOURCE_DIR ${DFLARE_SOURCE} OVERRIDE_FIND_PACKAGE)
endif()
find_package(dflare REQUIRED)
add_subdirectory(${EXAMPLE} example)
add_library(plugin SHARED plugin.cpp)
target_link_libraries(plugin PRIVATE dflare::gtest)
set_target_properties(plugin PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
enable_testing()
EOF
cat >project/plugin.cpp <<'EOF'
#include <dflare/gtest.hpp>
__attribute__((visibility("default"))) int seeds_in(const char* folder) {
  return static_cast<int>(dflare::SeedSet::folder(folder).size());
}
EOF

launcher=()
if command -v ccache >/dev/null; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi

# build_and_run FOLDER CMAKE-ARGUMENT...
build_and_run() {
  local folder=$1
  shift
  expect_status 0 cmake -S project -B "$folder" -G Ninja "-DEXAMPLE=$source/examples/own_backend" \
    "-DCMAKE_BUILD_TYPE=$(cached CMAKE_BUILD_TYPE)" \
    "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=$(cached CMAKE_CXX_FLAGS_RELWITHDEBINFO)" "${launcher[@]}" "$@"
  expect_status 0 cmake --build "$folder" --parallel "$(nproc)"
  expect_status 0 ctest --test-dir "$folder" --no-tests=error --output-on-failure
  nm -D --defined-only -C "$folder/libplugin.so" | grep ' T ' >exported || true
  grep -q 'seeds_in' exported || fail "$folder: the plugin does not export its own function: $(cat exported)"
  ! grep 'dflare::' exported || fail "$folder: the plugin exports dflare's"
  nm -C "$folder/libplugin.so" | grep ' t dflare::SeedSet::' >inside || fail "$folder: nothing of dflare is in the plugin"
}

expect_status 0 cmake --install "$build" --prefix "$work/installed"
build_and_run by_package "$(prefix_path "$work/installed")"
grep -q "^dflare_DIR:PATH=$work/installed/" by_package/CMakeCache.txt || fail "another dflare was found"

# Beside the build folder of dflare, so that ccache knows its objects.
from_source=$build-outside
trap 'rm -rf "$(dirname "$work")" "$from_source"' EXIT
rm -rf "$from_source"
build_and_run "$from_source" "$(prefix_path "")" "-DDFLARE_SOURCE=$source" "-DDFLARE_WERROR=$(cached DFLARE_WERROR)" \
  "-DDFLARE_SANITIZE=$(cached DFLARE_SANITIZE)"
[ ! -e "$from_source/_deps/dflare-build/repair/dflare-repair" ] || fail "dflare-repair was built, which nobody asked for"
finish
