# What was installed can be removed without a trace; and components of the package.
. "$(dirname "$0")/expect.sh"

expect_status 0 env DESTDIR="$work/root" cmake --install "$build" --prefix /installed
cp "$build/install_manifest.txt" manifest.txt
touch root/installed/include/other.hpp
mkdir asks
cat >asks/CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(asks LANGUAGES CXX)
find_package(dflare 0.1 REQUIRED COMPONENTS ${COMPONENTS})
EOF
expect_status 0 cmake -S asks -B build-asks "$(prefix_path "$work/root/installed")" "-DCOMPONENTS=gtest_main;repair;dflare-test"
expect_status 1 cmake -S asks -B build-wrong "$(prefix_path "$work/root/installed")" -DCOMPONENTS=onnx
expect_output "this dflare has no component 'onnx'"

expect_status 0 env DESTDIR="$work/root" cmake -D "MANIFEST=$work/manifest.txt" -P "$source/cmake/Uninstall.cmake"
[ -f root/installed/include/other.hpp ] || fail "a file of somebody else's is gone"
rm root/installed/include/other.hpp
left=$(find root -type f -o -name '*dflare*')
[ -z "$left" ] || fail "left behind: $left"
expect_status 1 cmake -D "MANIFEST=$work/nowhere.txt" -P "$source/cmake/Uninstall.cmake"
expect_output "nothing was installed from this build folder"
finish
