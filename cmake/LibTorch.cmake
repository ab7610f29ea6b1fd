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

if(NOT TARGET dflare_libtorch)
  add_library(dflare_libtorch INTERFACE IMPORTED GLOBAL)
  target_include_directories(dflare_libtorch INTERFACE ${TORCH_INCLUDE_DIRS})
  target_compile_options(dflare_libtorch INTERFACE ${TORCH_CXX_FLAGS})
  target_link_libraries(dflare_libtorch INTERFACE ${TORCH_LIBRARIES})
endif()
