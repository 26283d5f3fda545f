#include "impl/main/simulate_verb.h"

#include <CLI/CLI.hpp>
#include <exception>
#include <map>
#include <ostream>
#include <string>

#include "impl/machines/bugs.h"
#include "impl/main/run_directory.h"
#include "impl/main/system.h"
#include "trace/file/json_write.h"

namespace kelpie::cluster {
namespace {

constexpr int kExitOk = 0;
constexpr int kExitBadInput = 3;
constexpr int kExitInternal = 70;

struct SimulateOptions {
  SystemOptions run;
  std::string bug;
  std::string format = "jsonl";
  RunDirectoryOptions directory;
  bool list_bugs = false;
  bool json = false;
};

void Declare(CLI::App& app, SimulateOptions& o) {
  app.add_option("--system", o.run.system,
                 "lease: nodes and actors; log: a node's log and its clients; migration: actors that move between nodes "
                 "(default: lease, or the bug's)")
      ->check(CLI::IsMember({"lease", "log", "migration"}));
  app.add_option("--seed", o.run.lease.seed, "source of all randomness of the run")->capture_default_str();
  app.add_option("--steps", o.run.lease.steps, "inputs to machines and faults, all together")
      ->capture_default_str()
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{100'000'000}));
  app.add_option("--nodes", o.run.lease.nodes, "nodes, n1 and so on")
      ->capture_default_str()
      ->check(CLI::Range(std::size_t{1}, std::size_t{64}));
  app.add_option("--actors", o.run.lease.actors, "actors, a1 and so on")
      ->capture_default_str()
      ->check(CLI::Range(std::size_t{1}, std::size_t{10'000}));
  app.add_option("--clients", o.run.clients, "clients of the log, c1 and so on")
      ->capture_default_str()
      ->check(CLI::Range(std::size_t{1}, std::size_t{100}));
  app.add_option("--ttl-ms", o.run.lease.ttl_ms, "how long a session lives without renewal")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{50}, std::int64_t{3'600'000}));
  app.add_option("--rho", o.run.lease.rho_per_thousand, "bound on clock rate errors, per thousand")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{500}));
  app.add_flag("--clock-fault", o.run.lease.clock_fault,
               "let clocks leave the envelope: stand still, run at twice the rate");
  app.add_option("--bug", o.bug, "plant this bug (see --list-bugs)");
  app.add_option("--format", o.format, "jsonl or ktrace")
      ->capture_default_str()
      ->check(CLI::IsMember({"jsonl", "ktrace"}));
  app.add_option("--out", o.directory.path, "directory for the run; must be empty or absent");
  app.add_flag("--force", o.directory.force, "replace an older run in that directory");
  app.add_flag("--list-bugs", o.list_bugs, "print the planted bugs, one a line, and stop");
  app.add_flag("--json", o.json, "print one JSON object");
}

std::string Quoted(std::string_view text) {
  std::string out;
  trace::file::AppendJsonString(text, out);
  return out;
}

void ListBugs(bool json, std::ostream& out) {
  if (!json) {
    for (const machines::BugInfo& info : machines::AllBugs()) out << info.name << "  " << info.description << "\n";
    return;
  }
  out << "{\"format\":\"kelpie.bugs/1\",\"bugs\":[";
  const char* separator = "";
  for (const machines::BugInfo& info : machines::AllBugs()) {
    out << separator << "{\"name\":" << Quoted(info.name) << ",\"description\":" << Quoted(info.description)
        << ",\"spec\":" << Quoted(info.spec) << ",\"check\":" << info.expected_check
        << ",\"action\":" << Quoted(info.expected_action) << ",\"conjunct\":" << Quoted(info.expected_conjunct) << "}";
    separator = ",";
  }
  out << "]}\n";
}

// Everything needed to repeat the run, and what happened in it. No time, no path: the same
// options give the same bytes.
std::string RunJson(const SimulateOptions& o, const Summary& summary) {
  std::string text = "{\"format\":\"kelpie.simulate/1\"";
  const auto field = [&text](const std::string& name, const std::string& value) {
    text += ",\"" + name + "\":" + value;
  };
  field("seed", std::to_string(o.run.lease.seed));
  field("steps", std::to_string(o.run.lease.steps));
  field("system", Quoted(o.run.system));
  for (const auto& [name, size] : SizesOf(o.run)) field(name, std::to_string(size));
  field("clock_fault", o.run.lease.clock_fault ? "true" : "false");
  field("bug", o.bug.empty() ? "null" : Quoted(o.bug));
  field("trace_format", Quoted(o.format));
  std::string counts;
  for (const auto& [name, count] : summary) {
    counts += (counts.empty() ? "\"" : ",\"") + name + "\":" + std::to_string(count);
  }
  field("summary", "{" + counts + "}");
  return text + "}\n";
}

void PrintSummary(const SimulateOptions& o, const Summary& summary, std::ostream& out) {
  const std::map<std::string, std::uint64_t> counts(summary.begin(), summary.end());
  out << "seed " << o.run.lease.seed << ": " << counts.at("steps") << " steps, " << counts.at("events") << " events, "
      << counts.at("true_ms") << " ms of simulated time -> " << o.directory.path << "\n";
  for (const auto& [name, count] : summary) {
    if (name != "steps" && name != "events" && name != "true_ms") out << "  " << name << " " << count << "\n";
  }
}

// Empty, or what is wrong.
std::string PlantBug(SimulateOptions& o) {
  const machines::BugInfo* info = machines::FindBug(o.bug);
  if (info == nullptr) return "no bug is named " + o.bug;
  const std::string system = SystemOf(info->spec);
  if (!o.run.system.empty() && o.run.system != system)
    return "the bug " + o.bug + " is one of the system " + system + "; leave --system out";
  o.run.system = system;
  o.run.lease.bug = info->bug;
  return "";
}

int Simulate(SimulateOptions& o, std::ostream& out, std::ostream& err) {
  if (!o.bug.empty()) {
    if (const std::string problem = PlantBug(o); !problem.empty()) {
      err << "simulate: " << problem << "; there are:\n";
      ListBugs(false, err);
      return kExitBadInput;
    }
  }
  if (o.run.system.empty()) o.run.system = "lease";
  o.directory.json_lines = o.format == "jsonl";
  RunDirectory directory(o.directory, HeaderOf(o.run));
  if (const std::string problem = directory.Open(); !problem.empty()) {
    err << "simulate: " << problem << "\n";
    return kExitBadInput;
  }
  const Summary summary = RunSystem(o.run, directory);
  const std::string run_json = RunJson(o, summary);
  if (const std::string problem = directory.Publish(run_json); !problem.empty()) {
    err << "simulate: " << problem << "\n";
    return kExitInternal;
  }
  if (o.json) {
    out << run_json;
  } else {
    PrintSummary(o, summary, out);
  }
  return kExitOk;
}

}  // namespace

int RunSimulate(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
  SimulateOptions options;
  CLI::App app("Runs the reference cluster in a simulated world and writes its trace.", "simulate");
  Declare(app, options);
  try {
    app.parse(argc, argv);
    if (options.list_bugs) {
      ListBugs(options.json, out);
      return kExitOk;
    }
    return Simulate(options, out, err);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error, out, err);
    return code == 0 ? kExitOk : kExitBadInput;
  } catch (const std::exception& error) {
    err << "simulate: internal error: " << error.what() << "\n";
    return kExitInternal;
  }
}

}  // namespace kelpie::cluster
