option(DFLARE_BUILD_TESTS "Build dflare's own tests" ${PROJECT_IS_TOP_LEVEL})
option(DFLARE_BUILD_BENCH "Build the benchmarks, where Google Benchmark is installed" ${PROJECT_IS_TOP_LEVEL})
option(DFLARE_FUZZ "Build the fuzz targets, with clang (preset fuzz)" OFF)
option(DFLARE_INSTALL "Make rules to install dflare" ${PROJECT_IS_TOP_LEVEL})
option(DFLARE_WERROR "Treat warnings as errors" OFF)
set(DFLARE_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
endif()

# A project that builds dflare as a part of itself has to see what dflare's targets link to.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)

find_program(DFLARE_CCACHE ccache)
if(PROJECT_IS_TOP_LEVEL AND DFLARE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${DFLARE_CCACHE})
endif()
