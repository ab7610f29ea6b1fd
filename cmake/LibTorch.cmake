# LibTorch, all of it from one folder, as the target dflare_libtorch. Used by dflare's own build and, installed, by
# find_package(dflare).

# LibTorch's config file looks for libc10 and for its own parts in the system's folders before it looks beside itself. Where
# it was asked for in another place, that place has to come first, or Debian's parts get mixed in.
string(REPLACE ":" ";" dflare_env_prefixes "$ENV{CMAKE_PREFIX_PATH}")
find_path(dflare_torch_config TorchConfig.cmake NO_CACHE NO_DEFAULT_PATH
  HINTS ${Torch_ROOT} $ENV{Torch_ROOT} ${Torch_DIR} $ENV{Torch_DIR} ${CMAKE_PREFIX_PATH} ${dflare_env_prefixes}
  PATH_SUFFIXES share/cmake/Torch Torch)
set(dflare_prefix_path "${CMAKE_PREFIX_PATH}")
if(dflare_torch_config)
  get_filename_component(dflare_torch_prefix "${dflare_torch_config}/../../.." ABSOLUTE)
  list(PREPEND CMAKE_PREFIX_PATH "${dflare_torch_prefix}")
  # Its config file ends with an error of its own where the toolkit is not there.
  set(dflare_torch_can_be_used TRUE)
  if(EXISTS "${dflare_torch_prefix}/lib/libtorch_cuda.so")
    find_package(CUDAToolkit QUIET)
    set(dflare_torch_can_be_used ${CUDAToolkit_FOUND})
  endif()
  dflare_check(dflare_torch_can_be_used
    "The LibTorch in\n  ${dflare_torch_prefix}\nis a CUDA build, which wants the CUDA toolkit, and CMake did not find that. "
    "Install the toolkit, or take a CPU build: 'scripts/install-libtorch.sh --help' says how.")
endif()
find_package(Torch 1.13 QUIET)
set(CMAKE_PREFIX_PATH "${dflare_prefix_path}")
dflare_require(Torch_FOUND "LibTorch 1.13 or newer" "libtorch-dev libopenblas0-pthread")

set(dflare_torch_files ${TORCH_LIBRARY} ${c10_LIBRARY})
foreach(dflare_target torch torch_cpu c10)
  if(TARGET ${dflare_target})
    get_target_property(dflare_torch_file ${dflare_target} LOCATION)
    list(APPEND dflare_torch_files ${dflare_torch_file})
  endif()
endforeach()
set(dflare_torch_folders)
foreach(dflare_torch_file IN LISTS dflare_torch_files)
  get_filename_component(dflare_torch_file "${dflare_torch_file}" REALPATH)
  get_filename_component(dflare_torch_folder "${dflare_torch_file}" DIRECTORY)
  list(APPEND dflare_torch_folders "${dflare_torch_folder}")
endforeach()
list(REMOVE_DUPLICATES dflare_torch_folders)
list(LENGTH dflare_torch_folders dflare_torch_folder_count)
set(dflare_torch_is_one FALSE)
if(dflare_torch_folder_count EQUAL 1)
  set(dflare_torch_is_one TRUE)
endif()
list(JOIN dflare_torch_files "\n  " dflare_torch_files)
dflare_check(dflare_torch_is_one
  "dflare needs all of LibTorch from one folder, but CMake found\n  ${dflare_torch_files}\n"
  "Programs built so would crash. Configure in an empty build folder, and say which LibTorch you mean: "
  "cmake -DCMAKE_PREFIX_PATH=FOLDER, where FOLDER/lib holds libtorch.so and libc10.so.")

# Older builds of LibTorch from PyPI have the C++ ABI of before GCC 5, which no other library here has.
set(dflare_torch_has_new_abi TRUE)
if("${TORCH_CXX_FLAGS}" MATCHES "_GLIBCXX_USE_CXX11_ABI=0")
  set(dflare_torch_has_new_abi FALSE)
endif()
dflare_check(dflare_torch_has_new_abi
  "The LibTorch in\n  ${dflare_torch_folders}\nwas built with the C++ ABI of before GCC 5 (_GLIBCXX_USE_CXX11_ABI=0), but OpenCV, "
  "GoogleTest and the other libraries with today's: they cannot be linked together. Take a LibTorch with the cxx11 ABI: "
  "Debian's libtorch-dev, or what scripts/install-libtorch.sh installs.")

# dflare_LIBTORCH_VERSION: that with which an installed dflare was built.
set(dflare_torch_is_that_of_dflare TRUE)
if(dflare_is_installed AND NOT "${Torch_VERSION}" VERSION_EQUAL "${dflare_LIBTORCH_VERSION}")
  set(dflare_torch_is_that_of_dflare FALSE)
endif()
dflare_check(dflare_torch_is_that_of_dflare
  "This dflare was built with LibTorch ${dflare_LIBTORCH_VERSION}, but CMake found LibTorch ${Torch_VERSION} in\n  ${dflare_torch_folders}\n"
  "Say where the other one is, -DCMAKE_PREFIX_PATH=FOLDER, or build dflare with this one.")

# The installed programs have to find a LibTorch that is not where the system's libraries are. (With
# CMAKE_INSTALL_RPATH_USE_LINK_PATH they would not find one within the source tree, where install-libtorch.sh puts it.)
if(NOT dflare_torch_folders MATCHES "^(/usr)?/lib" AND NOT dflare_is_installed)
  set(CMAKE_INSTALL_RPATH ${dflare_torch_folders})
endif()

if(NOT TARGET dflare_libtorch)
  add_library(dflare_libtorch INTERFACE IMPORTED GLOBAL)
  # LibTorch from PyPI brings headers of fmt, which are found before those of the fmt that is linked.
  foreach(dflare_torch_include IN LISTS TORCH_INCLUDE_DIRS)
    if(EXISTS "${dflare_torch_include}/fmt/format.h" AND NOT dflare_torch_include IN_LIST CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
      target_compile_definitions(dflare_libtorch INTERFACE FMT_HEADER_ONLY)
    endif()
  endforeach()
  target_include_directories(dflare_libtorch INTERFACE ${TORCH_INCLUDE_DIRS})
  target_compile_options(dflare_libtorch INTERFACE ${TORCH_CXX_FLAGS})
  target_link_libraries(dflare_libtorch INTERFACE ${TORCH_LIBRARIES})
endif()
