# What all targets of dflare share.
function(dflare_target_defaults target)
  target_compile_features(${target} PUBLIC cxx_std_17)
  # Hidden, and fit for it: what links dflare into a shared library does not export dflare from it.
  set_target_properties(${target} PROPERTIES
    CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                                           $<$<BOOL:${DFLARE_WERROR}>:-Werror>)
  if(DFLARE_SANITIZE)
    target_compile_options(${target} PUBLIC -fsanitize=${DFLARE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    # GCC 12 takes std::regex and others of its own for uninitialised where it instruments them.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    target_link_options(${target} PUBLIC -fsanitize=${DFLARE_SANITIZE})
  endif()
  if(DFLARE_FUZZ)
    # Feedback for libFuzzer, and counts for llvm-cov.
    target_compile_options(${target} PUBLIC -fsanitize=fuzzer-no-link -fprofile-instr-generate -fcoverage-mapping)
    target_link_options(${target} PUBLIC -fprofile-instr-generate)
  endif()
endfunction()
