// Verbs check, explore and parse. Runs them on a thread with a large stack, since specs may
// recurse as deep as --max-depth allows.
#include <pthread.h>

#include <cstring>
#include <exception>
#include <iostream>
#include <string_view>

#include "checker/cli/stack.h"
#include "checker/cli/verbs.h"

namespace {

struct Call {
  int argc;
  const char* const* argv;
  int exit_code = 70;
};

int Dispatch(int argc, const char* const* argv) {
  const std::string_view verb = argc > 1 ? argv[1] : "";
  if (verb == "check") return kelpie::cli::RunCheck(argc - 1, argv + 1, std::cout, std::cerr);
  if (verb == "explore") return kelpie::cli::RunExplore(argc - 1, argv + 1, std::cout, std::cerr);
  if (verb == "parse") return kelpie::cli::RunParse(argc - 1, argv + 1, std::cout, std::cerr);
  std::cerr << "usage: kelpie check|explore|parse ... (each has --help)\n";
  return 3;
}

void* Run(void* argument) {
  Call& call = *static_cast<Call*>(argument);
  try {
    call.exit_code = Dispatch(call.argc, call.argv);
  } catch (const std::exception& error) {
    std::cerr << "kelpie: internal error: " << error.what() << "\n";
    call.exit_code = 70;
  }
  return nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  Call call{argc, argv};
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  if (pthread_attr_setstacksize(&attributes, kelpie::cli::kStackBytes) != 0 ||
      pthread_create(&thread, &attributes, Run, &call) != 0) {
    std::cerr << "kelpie: cannot start a thread with a stack of " << kelpie::cli::kStackBytes << " bytes\n";
    return 70;
  }
  pthread_join(thread, nullptr);
  std::cout.flush();
  return std::cout.good() ? call.exit_code : 70;
}
