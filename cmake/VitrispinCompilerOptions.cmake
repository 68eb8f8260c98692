# One interface target carries the options of every module. -fno-math-errno lets the compiler vectorise sqrt;
# -ffast-math and -march=native are never used: results must not depend on either, and a released binary must run
# on any x86-64 machine (instruction sets are chosen at run time, see docs/decisions/).
add_library(vitrispin_options INTERFACE)
target_include_directories(vitrispin_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(vitrispin_options INTERFACE
  -fno-math-errno -ffp-contract=off -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 warns of overlapping copies inside std::string itself (GCC bug 105651).
  target_compile_options(vitrispin_options INTERFACE -Wno-restrict)
endif()
if(VITRISPIN_WERROR)
  target_compile_options(vitrispin_options INTERFACE -Werror)
endif()
if(VITRISPIN_SANITIZE)
  target_compile_options(vitrispin_options INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  # Instrumented, g++ 12 takes its own std::regex for uninitialised; the sanitizers and the dev build watch what it would.
  target_compile_options(vitrispin_options INTERFACE -Wno-maybe-uninitialized)
  target_compile_definitions(vitrispin_options INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(vitrispin_options INTERFACE -fsanitize=address,undefined)
endif()

# A compiler cache is used where there is one; it is never needed.
find_program(VITRISPIN_CCACHE ccache)
if(VITRISPIN_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${VITRISPIN_CCACHE})
endif()
