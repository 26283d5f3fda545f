// What every harness needs: a claim about any input, and inputs as files without a disk.
//
//   extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
//     Require(module.has_value() == !diagnostics.has_errors(), "nothing exactly when there are errors");
//
// A harness is linked with libFuzzer (preset `fuzz`, clang), or with replay_main.cpp, which
// runs it over kept inputs; both must end the same way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kelpie::fuzz {

// Ends the process with a message when the claim is false, as a crash does.
void Require(bool claim, const char* what);

// A file in memory that is opened by its path; a new text replaces the old one.
class MemoryFile {
 public:
  MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile();
  void Write(std::string_view bytes) const;
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace kelpie::fuzz

// Declared here for harnesses and for what calls them: libFuzzer has no header for it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
