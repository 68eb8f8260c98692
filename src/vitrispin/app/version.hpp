#pragma once

#include <string>

namespace vitrispin::app {

std::string version();  ///< "0.1.0"
std::string
source_commit();  ///< of the source when it was built, with "-modified" if it was; "unknown" without a repository
std::string build_description();  ///< "Release, GNU 12.2.0"

}  // namespace vitrispin::app
