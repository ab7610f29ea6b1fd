# Everything dflare needs, found or refused with the name of the Debian package that brings it.
function(dflare_require found what package)
  if(NOT ${found})
    message(FATAL_ERROR
      "dflare needs ${what}, which CMake did not find. On Debian: apt-get install ${package}\n"
      "(scripts/install-deps.sh installs everything at once).")
  endif()
endfunction()

find_package(Threads REQUIRED)
find_package(Boost 1.74 QUIET COMPONENTS filesystem iostreams)
dflare_require(Boost_FOUND "Boost.Filesystem and Boost.Iostreams 1.74 or newer" "libboost-filesystem-dev libboost-iostreams-dev")
find_package(OpenCV QUIET COMPONENTS core imgproc imgcodecs quality)
dflare_require(OpenCV_FOUND "OpenCV with imgproc, imgcodecs and the quality module" "libopencv-dev")
find_package(nlohmann_json QUIET)
dflare_require(nlohmann_json_FOUND "nlohmann-json" "nlohmann-json3-dev")
find_package(fmt QUIET)
dflare_require(fmt_FOUND "fmt" "libfmt-dev")
find_package(OpenSSL QUIET COMPONENTS Crypto)
dflare_require(OpenSSL_FOUND "OpenSSL's libcrypto" "libssl-dev")
find_package(yaml-cpp QUIET)
dflare_require(yaml-cpp_FOUND "yaml-cpp" "libyaml-cpp-dev")
find_package(CLI11 QUIET)
dflare_require(CLI11_FOUND "CLI11" "libcli11-dev")
find_package(GTest QUIET)
dflare_require(GTest_FOUND "GoogleTest" "libgtest-dev libgmock-dev")

find_package(Torch QUIET)
dflare_require(Torch_FOUND "LibTorch 1.13 or newer" "libtorch-dev libopenblas0-pthread")
