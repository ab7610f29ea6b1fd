# What CMake says where something is missing, and which LibTorch it takes.
. "$(dirname "$0")/expect.sh"

configure() {
  rm -rf build
  expect_status "$1" cmake -S "$source" -B build -G Ninja -DDFLARE_BUILD_TESTS=OFF "${@:2}"
}

# Each package that dflare looks for is refused with the name of its Debian package, which install-deps.sh knows.
packages=$(sed -n 's/^find_package(\([A-Za-z0-9_-]*\).*/\1/p' "$source"/cmake/{Dependencies,LibTorch}.cmake)
[ "$(wc -l <<<"$packages")" -ge 10 ] || fail "found no more than these in cmake/: $packages"
for package in $packages; do
  configure 1 "-DCMAKE_DISABLE_FIND_PACKAGE_$package=ON"
  expect_output "which CMake did not find. On Debian: apt-get install "
  for debian in $(sed -n 's/.*apt-get install //p' output); do
    [ "$debian" = libc6-dev ] || grep -q -- "$debian" "$source/scripts/install-deps.sh" ||
      fail "install-deps.sh does not install $debian, which $package needs"
  done
done

# A runtime that was asked for is there, or an error.
for runtime in OPENVINO EXECUTORCH; do
  configure 1 "-DDFLARE_WITH_$runtime=ON" -DCMAKE_DISABLE_FIND_PACKAGE_OpenVINO=ON
  expect_output "DFLARE_WITH_$runtime is ON, but "
  expect_output "was not found. scripts/install-runtimes.sh --with ${runtime,,}"
done
for runtime in ONNXRUNTIME LITERT MLSERVER; do
  configure 1 -DDFLARE_BUILD_TESTS=ON "-DDFLARE_PYTHON_$runtime=$work/nowhere/python"
  expect_output "DFLARE_PYTHON_$runtime is '$work/nowhere/python', which is no file"
  expect_output "scripts/install-runtimes.sh --with ${runtime,,}, or leave it empty"
done

# An ExecuTorch, wherever it is said to be.
package=venv/lib/python3.11/site-packages/executorch
mkdir -p "$package"/{include/executorch/runtime/core/portable_type/c10,lib/cmake/executorch,share/cmake}
echo 'set(PACKAGE_VERSION "1.5.1")' >"$package/lib/cmake/executorch/executorch-config-version.cmake"
touch "$package"/lib/libexecutorch{,_threadpool,_kernels_optimized,_kernels_quantized,_backend_xnnpack}.so
for how in ExecuTorch_ROOT=$package ExecuTorch_ROOT=venv executorch_DIR=$package/share/cmake executorch_DIR=$package/lib/cmake/executorch \
           CMAKE_PREFIX_PATH=$package CMAKE_PREFIX_PATH=venv; do
  configure 0 -DDFLARE_WITH_EXECUTORCH=ON "-D${how%%=*}=$work/${how#*=}"
  expect_output "Backend: ExecuTorch (.pte)"
done
configure 1 -DDFLARE_WITH_EXECUTORCH=ON "-DExecuTorch_ROOT=$work/venv" -DDFLARE_SANITIZE=thread
expect_output "ExecuTorch is left out: the sanitizers refuse"
rm "$package/lib/libexecutorch_backend_xnnpack.so"
configure 1 -DDFLARE_WITH_EXECUTORCH=ON "-DExecuTorch_ROOT=$work/venv"
expect_output "The ExecuTorch 1.5.1 in $work/$package lacks lib/libexecutorch_backend_xnnpack.so; dflare needs that of the Python package"
# The client of servers: built where cpp-httplib is there, and refused only where it was asked for.
configure 0 -Ddflare_httplib_library=FALSE
expect_output "Not built: the client of inference servers (cpp-httplib), which was not found. To have it: apt-get install libcpp-httplib-dev"
configure 1 -Ddflare_httplib_library=FALSE -DDFLARE_WITH_SERVER=ON
expect_output "DFLARE_WITH_SERVER is ON, but the client of inference servers (cpp-httplib) was not found. apt-get install libcpp-httplib-dev"
configure 0 -DDFLARE_WITH_SERVER=OFF
expect_output "Not built: the client of inference servers (cpp-httplib) (DFLARE_WITH_SERVER is OFF)"
configure 0 -DDFLARE_WITH_SERVER=ON
expect_output "Backend: the client of inference servers (cpp-httplib)"

# A LibTorch elsewhere, whose config file looks for c10 as LibTorch's own does: in the system's folders first.
lib_torch() {
  mkdir -p "$1/lib" "$1/share/cmake/Torch"
  touch "$1/lib/libtorch.so" "$1/lib/libtorch_cpu.so"
  cat >"$1/share/cmake/Torch/TorchConfig.cmake" <<EOF
foreach(name torch torch_cpu)
  add_library(\${name} SHARED IMPORTED)
  set_target_properties(\${name} PROPERTIES IMPORTED_LOCATION "$1/lib/lib\${name}.so")
endforeach()
find_library(TORCH_LIBRARY torch PATHS "$1/lib")
find_library(c10_LIBRARY c10 PATHS "$1/lib")
set(TORCH_LIBRARIES torch \${c10_LIBRARY})
set(TORCH_INCLUDE_DIRS "$1")
EOF
  printf 'set(PACKAGE_VERSION 2.1.0)\nset(PACKAGE_VERSION_COMPATIBLE TRUE)\n' >"$1/share/cmake/Torch/TorchConfigVersion.cmake"
}
lib_torch "$work/whole"
touch "$work/whole/lib/libc10.so"
lib_torch "$work/half"  # without its c10, so that another one is found
mkdir -p other/lib
touch other/lib/libc10.so

for how in Torch_DIR=whole/share/cmake/Torch Torch_ROOT=whole CMAKE_PREFIX_PATH=whole CMAKE_PREFIX_PATH=whole/share/cmake; do
  configure 0 "-D${how%%=*}=$work/${how#*=}" "-DCMAKE_SYSTEM_PREFIX_PATH=$work/other;/usr"
  grep -q "^c10_LIBRARY:.*=$work/whole/lib/libc10.so$" build/CMakeCache.txt ||
    fail "$how: $(grep c10_LIBRARY build/CMakeCache.txt)"
done
# A build for CUDA, and one of the C++ ABI of before GCC 5.
lib_torch "$work/cuda"
touch "$work/cuda/lib/libc10.so" "$work/cuda/lib/libtorch_cuda.so"
configure 1 "-DCMAKE_PREFIX_PATH=$work/cuda" -DCMAKE_DISABLE_FIND_PACKAGE_CUDAToolkit=ON
expect_output "$work/cuda is a CUDA build, which wants the CUDA toolkit, and CMake did not find that"
expect_output "scripts/install-libtorch.sh --help"
lib_torch "$work/old"
touch "$work/old/lib/libc10.so"
echo 'set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=0")' >>"$work/old/share/cmake/Torch/TorchConfig.cmake"
configure 1 "-DCMAKE_PREFIX_PATH=$work/old"
expect_output "$work/old/lib was built with the C++ ABI of before GCC 5"
expect_output "Take a LibTorch with the cxx11 ABI"

configure 1 "-DCMAKE_PREFIX_PATH=$work/half" "-DCMAKE_LIBRARY_PATH=$work/other/lib"
expect_output "dflare needs all of LibTorch from one folder"
expect_output "$work/half/lib/libtorch.so"
expect_output "$work/other/lib/libc10.so"
expect_output "cmake -DCMAKE_PREFIX_PATH=FOLDER"
finish
