# What all targets of dflare share.
function(dflare_target_defaults target)
  target_compile_features(${target} PUBLIC cxx_std_17)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                                           $<$<BOOL:${DFLARE_WERROR}>:-Werror>)
  if(DFLARE_SANITIZE)
    target_compile_options(${target} PUBLIC -fsanitize=${DFLARE_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${DFLARE_SANITIZE})
  endif()
endfunction()

# LibTorch for the few sources that need it, as a system library so that its headers raise no warnings.
add_library(dflare_libtorch INTERFACE)
target_include_directories(dflare_libtorch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
target_compile_options(dflare_libtorch INTERFACE ${TORCH_CXX_FLAGS})
target_link_libraries(dflare_libtorch INTERFACE ${TORCH_LIBRARIES})
