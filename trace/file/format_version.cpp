#include <charconv>
#include <string>

#include "trace/file/event_source.h"

namespace kelpie::trace::file {

namespace {

constexpr std::string_view kFamily = "kelpie.trace/";
constexpr std::uint64_t kMajor = 1;

// A number without sign or leading zeros, taken off the front of `text`.
bool TakeNumber(std::string_view& text, std::uint64_t& number) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto length = static_cast<std::size_t>(stop - text.data());
  if (error != std::errc() || (length > 1 && text.front() == '0')) return false;
  text.remove_prefix(length);
  return true;
}

}  // namespace

Result<std::uint64_t> MinorVersionOf(std::string_view format) {
  std::string_view rest = format;
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  bool is_ours = rest.starts_with(kFamily);
  if (is_ours) {
    rest.remove_prefix(kFamily.size());
    is_ours = TakeNumber(rest, major);
    if (is_ours && rest.starts_with('.')) {
      rest.remove_prefix(1);
      is_ours = TakeNumber(rest, minor);
    }
    is_ours = is_ours && rest.empty();
  }
  if (!is_ours) {
    return Error{.kind = ErrorKind::kUnknownFormat,
                 .message = "the header states a format that is none of ours",
                 .found = std::string(format),
                 .expected = std::string(kFamily) + std::to_string(kMajor)};
  }
  if (major == kMajor) return minor;
  return Error{.kind = ErrorKind::kNewerFormat,
               .message = "the header states a format that this reader does not know",
               .found = std::string(format),
               .expected = std::string(kFamily) + std::to_string(kMajor),
               .hint = major > kMajor ? "the trace was written by a newer version, and needs one to be read" : ""};
}

}  // namespace kelpie::trace::file
