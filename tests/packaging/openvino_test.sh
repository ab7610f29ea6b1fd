# OpenVINO is a component of the build: looked for, wanted or switched off; and what is installed finds it.
. "$(dirname "$0")/expect.sh"

configure() {
  rm -rf build
  expect_status "$1" cmake -S "$source" -B build -G Ninja -DDFLARE_BUILD_TESTS=OFF -DDFLARE_WITH_EXECUTORCH=OFF \
    -DDFLARE_WITH_SERVER=OFF "${@:2}"
}
configure 0 -DDFLARE_WITH_OPENVINO=OFF
expect_output "Not built: OpenVINO (ONNX, TFLite, IR) (DFLARE_WITH_OPENVINO is OFF)"
configure 0 -DCMAKE_DISABLE_FIND_PACKAGE_OpenVINO=ON
expect_output "Not built: OpenVINO (ONNX, TFLite, IR), which was not found. To have it: scripts/install-runtimes.sh --with openvino"
configure 1 -DDFLARE_WITH_OPENVINO=ON -DCMAKE_DISABLE_FIND_PACKAGE_OpenVINO=ON
expect_output "DFLARE_WITH_OPENVINO is ON, but OpenVINO (ONNX, TFLite, IR) was not found. scripts/install-runtimes.sh --with openvino"

# As the Python package has it, in a virtual environment that is a prefix.
package=venv/lib/python3.11/site-packages/openvino
mkdir -p $package/cmake $package/libs
touch $package/libs/libopenvino.so.1
cat >$package/cmake/OpenVINOConfig.cmake <<'EOF'
add_library(openvino::runtime SHARED IMPORTED)
set_target_properties(openvino::runtime PROPERTIES IMPORTED_LOCATION "${CMAKE_CURRENT_LIST_DIR}/../libs/libopenvino.so.1")
EOF
version() {
  printf 'set(PACKAGE_VERSION %s)\nset(PACKAGE_VERSION_COMPATIBLE TRUE)\n' "$1" >$package/cmake/OpenVINOConfigVersion.cmake
}
version 2026.9.9
configure 0 "-DCMAKE_PREFIX_PATH=$work/venv"
expect_output "Backend: OpenVINO (ONNX, TFLite, IR)"
grep -q "^OpenVINO_DIR:PATH=$work/$package/cmake$" build/CMakeCache.txt || fail "$(grep OpenVINO_DIR build/CMakeCache.txt)"

# The real one, where dflare was built with it.
folder=$(cached OpenVINO_DIR)
if [ "$(cached DFLARE_WITH_OPENVINO)" != OFF ] && [ -d "$folder" ]; then
  expect_status 0 cmake --install "$build" --prefix "$work/installed"
  expect_status 0 ldd installed/bin/dflare-test
  grep 'libopenvino\.so' output | grep -qv 'not found' || fail "installed, it does not find OpenVINO: $(cat output)"
  mkdir project
  cat >project/CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(outside LANGUAGES CXX)
find_package(dflare REQUIRED)
EOF
  # Here OpenVINO_DIR says where OpenVINO is.
  without_openvino=("-DCMAKE_PREFIX_PATH=$work/installed;$(cached CMAKE_PREFIX_PATH)" "-DExecuTorch_ROOT=$(cached ExecuTorch_ROOT)")
  expect_status 1 cmake -S project -B outside "${without_openvino[@]}" "-DOpenVINO_DIR=$work/$package/cmake"
  expect_output "This dflare was built with OpenVINO 20"
  expect_output "but CMake found OpenVINO '2026.9.9'"
  expect_output "-DOpenVINO_DIR=FOLDER"
  rm -r outside
  expect_status 0 cmake -S project -B outside "${without_openvino[@]}" "-DOpenVINO_DIR=$folder"
fi
finish
