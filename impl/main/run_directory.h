// Writes one simulated run as a directory that is either whole or not there.
//
//   RunDirectory directory({.path = "out/run-7", .json_lines = true}, header);
//   std::string problem = directory.Open();      // empty: ready
//   ... cluster writes into it ...
//   problem = directory.Publish("{..}\n");       // run.json, then the run under its name
//
// Everything is written to `<path>.partial` beside the target and renamed at the end, so a run
// that was cut short never looks like a whole one. With `force` an older run gives way, and
// only that: a directory that holds anything else is refused. One thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "impl/node/event_sink.h"
#include "trace/record/recorder.h"

namespace kelpie::cluster {

struct RunDirectoryOptions {
  std::string path;
  bool json_lines = true;
  bool force = false;
};

class RunDirectory final : public node::EventSink {
 public:
  RunDirectory(RunDirectoryOptions options, trace::Header header)
      : options_(std::move(options)), header_(std::move(header)) {}

  // Each returns what went wrong, with the cure; empty: nothing.
  [[nodiscard]] std::string Open();
  [[nodiscard]] std::string Publish(const std::string& run_json);

  // After the first failure nothing more is written; Publish reports it.
  void Write(const trace::Event& event) override;

 private:
  [[nodiscard]] std::string CheckTarget() const;
  [[nodiscard]] std::filesystem::path PartialPath() const;

  RunDirectoryOptions options_;
  trace::Header header_;
  std::optional<trace::record::Recorder> recorder_;
  std::string failure_;
};

}  // namespace kelpie::cluster
