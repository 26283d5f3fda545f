#include "trace/order/run_header.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace kelpie::trace::order {

namespace {

// Two headers of one run may each leave a thing out, but not state it differently.
Error Contradiction(const FileFacts& file, std::string_view what, const std::string& found,
                    const std::string& expected) {
  return {.kind = ErrorKind::kDifferentRuns,
          .place = {.file = file.path},
          .message = "the headers of two files state a different " + std::string(what),
          .found = found,
          .expected = expected + ", as in the files before",
          .hint = "give the traces of one run"};
}

template <typename T>
void AddNew(std::vector<T>& all, const T& one) {
  if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
}

Status AddHeader(const FileFacts& file, Header& all) {
  const Header& header = file.header;
  if (!header.run.empty() && !all.run.empty() && header.run != all.run) {
    return Contradiction(file, "run", header.run, all.run);
  }
  if (all.run.empty()) all.run = header.run;
  for (const SpecReference& spec : header.specs) {
    const auto same = [&spec](const SpecReference& other) { return other.name == spec.name; };
    const auto known = std::find_if(all.specs.begin(), all.specs.end(), same);
    if (known == all.specs.end()) {
      all.specs.push_back(spec);
    } else if (known->digest.empty()) {
      known->digest = spec.digest;
    } else if (!spec.digest.empty() && spec.digest != known->digest) {
      return Contradiction(file, "digest of spec " + spec.name, spec.digest, known->digest);
    }
  }
  for (const auto& [name, value] : header.constants) {
    const auto same = [&n = name](const Value::Field& other) { return other.first == n; };
    const auto known = std::find_if(all.constants.begin(), all.constants.end(), same);
    if (known == all.constants.end()) {
      all.constants.emplace_back(name, value);
    } else if (!(known->second == value)) {
      return Contradiction(file, "constant " + name, "another value", "one value");
    }
  }
  for (const std::string& node : header.nodes) AddNew(all.nodes, node);
  if (!header.node.empty()) AddNew(all.nodes, header.node);
  if (header.clock_error_ns) {
    all.clock_error_ns = std::max(*header.clock_error_ns, all.clock_error_ns.value_or(*header.clock_error_ns));
  }
  return Status();
}

}  // namespace

Result<Header> MergeHeaders(const std::vector<FileFacts>& files) {
  Header all;
  for (const FileFacts& file : files) {
    Status added = AddHeader(file, all);
    if (!added.ok()) return added.TakeError();
  }
  if (files.size() == 1) {
    all.node = files[0].header.node;
    all.incarnation = files[0].header.incarnation;
  }
  return all;
}

}  // namespace kelpie::trace::order
