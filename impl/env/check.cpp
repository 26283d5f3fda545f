#include "impl/env/check.h"

#include <cstdio>
#include <cstdlib>

namespace kelpie::env {

void FailCheck(const char* file, int line, const char* condition, const std::string& note) {
  std::fprintf(stderr, "internal error: %s:%d: %s does not hold: %s\n", file, line, condition, note.c_str());
  std::fflush(nullptr);
  std::_Exit(70);
}

}  // namespace kelpie::env
