# One library a room. kelpie_room(tla/source SOURCES a.cpp b.cpp DEPENDS tla/ast) makes the
# static library kelpie_tla_source in that folder; DEPENDS names rooms, LINKS foreign libraries.
# The table of which room may depend on which is docs/ROOMS.md; tests/tidy holds includes to it.

add_library(kelpie_warnings INTERFACE)
target_compile_options(kelpie_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual)
# g++ 12 reports false positives inside its own std::string and std::variant at -O2.
target_compile_options(kelpie_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-maybe-uninitialized>
  $<$<AND:$<CXX_COMPILER_ID:Clang>,$<VERSION_GREATER_EQUAL:$<CXX_COMPILER_VERSION>,18>>:-Wno-missing-designated-field-initializers>)
if(KELPIE_WERROR)
  target_compile_options(kelpie_warnings INTERFACE -Werror)
endif()
# Designated initialisers leave fields at their defaults on purpose.
target_compile_options(kelpie_warnings INTERFACE -Wno-missing-field-initializers)

function(kelpie_room room)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LINKS" ${ARGN})
  string(REPLACE "/" "_" name "kelpie_${room}")
  list(TRANSFORM ARG_SOURCES PREPEND "${PROJECT_SOURCE_DIR}/${room}/")
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  list(TRANSFORM ARG_DEPENDS REPLACE "/" "_")
  list(TRANSFORM ARG_DEPENDS PREPEND "kelpie_")
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE kelpie_warnings ${ARG_LINKS})
endfunction()

# clang 14's LeakSanitizer takes a thread's block of a loaded library (Z3 has some) for one of an older glibc when it
# begins 16 bytes behind a page, reads its place where there is none, and dies at the end of a test that passed. Blocks
# are found without it: glibc allocates them, and they hang from what is searched.
set(kelpie_sanitizer_environment ASAN_OPTIONS=intercept_tls_get_addr=0)

# Programs of these folders of tests/ are built and run by the preset fuzz too (label sanitized), and those that say
# SANITIZED.
set(kelpie_sanitized_folders support tla trace checker)

# kelpie_test(name [SANITIZED] SOURCES ... DEPENDS rooms... LINKS ... LABELS ...): one GoogleTest program, one ctest entry a program.
function(kelpie_test name)
  cmake_parse_arguments(ARG "SANITIZED" "TIMEOUT" "SOURCES;DEPENDS;LINKS;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  list(TRANSFORM ARG_DEPENDS REPLACE "/" "_")
  list(TRANSFORM ARG_DEPENDS PREPEND "kelpie_")
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} kelpie_warnings ${ARG_LINKS} GTest::gtest GTest::gmock GTest::gtest_main)
  if(KELPIE_FUZZ)
    target_compile_options(${name} PRIVATE -O0)  # our libraries are optimised; a test's own code costs its compiling
  endif()
  target_compile_definitions(${name} PRIVATE KELPIE_SOURCE_DIR="${PROJECT_SOURCE_DIR}" KELPIE_BINARY_DIR="${CMAKE_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 600)
  endif()
  if(KELPIE_SANITIZE)
    math(EXPR ARG_TIMEOUT "4 * ${ARG_TIMEOUT}")  # against hangs alone: a busy machine is no failure
  endif()
  get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  if(ARG_SANITIZED OR folder IN_LIST kelpie_sanitized_folders)
    list(APPEND ARG_LABELS sanitized)
    set_property(GLOBAL APPEND PROPERTY KELPIE_SANITIZED_TESTS ${name})
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT})
  if(KELPIE_SANITIZE)
    set_tests_properties(${name} PROPERTIES ENVIRONMENT "${kelpie_sanitizer_environment}")
  endif()
endfunction()
