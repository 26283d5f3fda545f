#include "impl/main/run_directory.h"

#include <fstream>
#include <system_error>
#include <utility>

namespace kelpie::cluster {
namespace {

namespace fs = std::filesystem;

// What a run of ours consists of.
bool IsPartOfRun(const fs::path& path) {
  const std::string extension = path.extension().string();
  return path.filename() == "run.json" || extension == ".ktrace" || extension == ".jsonl";
}

}  // namespace

fs::path RunDirectory::PartialPath() const {
  fs::path path = fs::path(options_.path).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  path += ".partial";
  return path;
}

std::string RunDirectory::CheckTarget() const {
  std::error_code error;
  const fs::path target = options_.path;
  if (!fs::exists(target, error)) return error ? "cannot look at " + options_.path + ": " + error.message() : "";
  if (!fs::is_directory(target, error)) return options_.path + " is not a directory; name another with --out";
  fs::directory_iterator entries(target, error);
  if (error) return "cannot read " + options_.path + ": " + error.message();
  for (const fs::directory_entry& entry : entries) {
    if (!options_.force)
      return options_.path + " is not empty; name another with --out, or replace the run with --force";
    if (!entry.is_regular_file(error) || !IsPartOfRun(entry.path())) {
      return options_.path + " holds " + entry.path().filename().string() +
             ", which is no part of a run; --force replaces runs only";
    }
  }
  return "";
}

std::string RunDirectory::Open() {
  if (options_.path.empty()) return "no directory to write to; name one with --out";
  if (std::string problem = CheckTarget(); !problem.empty()) return problem;
  std::error_code error;
  const fs::path partial = PartialPath();
  fs::create_directories(partial, error);
  if (error) return "cannot make " + partial.string() + ": " + error.message();
  trace::record::RecorderOptions options;
  options.directory = partial.string();
  options.header = header_;
  options.json_lines = options_.json_lines;
  auto recorder = trace::record::Recorder::Create(options);
  if (!recorder.ok()) return recorder.error().Render();
  recorder_ = std::move(recorder.value());
  return "";
}

void RunDirectory::Write(const trace::Event& event) {
  if (!failure_.empty()) return;
  const auto id = recorder_->Record(event);
  if (!id.ok()) failure_ = id.error().Render();
}

std::string RunDirectory::Publish(const std::string& run_json) {
  if (failure_.empty()) {
    const trace::Status closed = recorder_->Close();
    if (!closed.ok()) failure_ = closed.error().Render();
  }
  if (!failure_.empty()) return failure_;
  const fs::path partial = PartialPath();
  {
    std::ofstream file(partial / "run.json", std::ios::binary);
    file << run_json;
    file.close();
    if (!file) return "cannot write " + (partial / "run.json").string();
  }
  std::error_code error;
  const fs::path target = options_.path;
  // Checked when the run was opened, and again: only files of an older run are removed.
  if (std::string problem = CheckTarget(); !problem.empty()) return problem;
  if (fs::exists(target, error)) {
    for (const fs::directory_entry& entry : fs::directory_iterator(target, error)) fs::remove(entry.path(), error);
  }
  fs::rename(partial, target, error);
  return error ? "cannot rename " + partial.string() + " to " + options_.path + ": " + error.message() : "";
}

}  // namespace kelpie::cluster
