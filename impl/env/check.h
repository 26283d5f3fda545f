// CHECK for this half of the product: a condition that only our own mistake can break.
//
//   IMPL_CHECK(version > 0, "row without a version: " + key);
//
// Always on, in release builds too. Prints the place, the condition and the note, and ends
// the process with exit code 70 (internal error). Bad input never comes here.
#pragma once

#include <string>

namespace kelpie::env {

[[noreturn]] void FailCheck(const char* file, int line, const char* condition, const std::string& note);

}  // namespace kelpie::env

#define IMPL_CHECK(condition, note) \
  ((condition) ? static_cast<void>(0) : ::kelpie::env::FailCheck(__FILE__, __LINE__, #condition, (note)))
