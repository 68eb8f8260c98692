# Run at every build (target vitrispin_version): writes OUTPUT with version, commit and build, touching it only on change,
# so that a new commit rebuilds one small file.
execute_process(COMMAND git -C ${SOURCE} rev-parse --short=12 HEAD OUTPUT_VARIABLE commit ERROR_QUIET
                OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
if(failed)
  set(commit "unknown")
else()
  execute_process(COMMAND git -C ${SOURCE} status --porcelain --untracked-files=no OUTPUT_VARIABLE changes ERROR_QUIET)
  if(changes)
    string(APPEND commit "-modified")
  endif()
endif()
set(text "#include \"vitrispin/app/version.hpp\"

namespace vitrispin::app {

std::string version() { return \"${VERSION}\"; }
std::string source_commit() { return \"${commit}\"; }
std::string build_description() { return \"${BUILD}\"; }

}  // namespace vitrispin::app
")
set(old "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} old)
endif()
if(NOT old STREQUAL text)
  file(WRITE ${OUTPUT} "${text}")
endif()
