# cmake --build build --target api_docs: the API documentation, from the public headers.
find_program(DFLARE_DOXYGEN doxygen)
configure_file(docs/Doxyfile.in "${PROJECT_BINARY_DIR}/Doxyfile" @ONLY)
if(DFLARE_DOXYGEN)
  add_custom_target(api_docs
    COMMAND "${DFLARE_DOXYGEN}" "${PROJECT_BINARY_DIR}/Doxyfile"
    COMMAND "${CMAKE_COMMAND}" -E echo "The API documentation is in ${PROJECT_BINARY_DIR}/api/html/index.html"
    VERBATIM)
else()
  add_custom_target(api_docs
    COMMAND "${CMAKE_COMMAND}" -E echo "error: the API documentation needs doxygen, which was not found."
    COMMAND "${CMAKE_COMMAND}" -E echo "Install it (apt-get install doxygen) and run cmake again."
    COMMAND "${CMAKE_COMMAND}" -E false
    VERBATIM)
endif()
