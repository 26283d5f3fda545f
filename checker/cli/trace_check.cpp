#include "checker/cli/trace_check.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "checker/cli/spec_loading.h"
#include "trace/order/merged_trace.h"

namespace kelpie::cli {

using refine::Verdict;
using report::CheckCase;
using trace::order::MergedTrace;

namespace {

CheckCase BadCase(const std::string& path, const tla::SourceMap& sources, observe::BadInput bad) {
  CheckCase c;
  c.trace = path;
  c.sources = &sources;
  c.result.verdict = Verdict::kBadInput;
  c.result.check = refine::Check::kWellFormed;
  c.result.bad_input = std::move(bad);
  return c;
}

observe::BadInput FromTraceError(const trace::Error& error) {
  return {std::string(trace::CodeOf(error.kind)), error.message, error.found, error.expected, error.hint};
}

refine::EventReference PlaceOfError(const trace::Error& error) {
  refine::EventReference where;
  where.file = error.place.file;
  where.line = error.place.line;
  where.offset = error.place.offset;
  return where;
}

refine::EventReference Locate(const trace::file::LocatedEvent& located, std::uint64_t index) {
  refine::EventReference where;
  where.id = located.event.id;
  where.index = index;
  where.file = located.file;
  where.offset = located.offset;
  where.line = located.line;
  return where;
}

// Names of the specs that claims mention, for traces whose header does not list them.
trace::Result<std::set<std::string>> NamedSpecs(const std::string& path) {
  auto trace = MergedTrace::Open({path});
  if (!trace.ok()) return trace.TakeError();
  std::set<std::string> names;
  while (true) {
    auto next = trace->Next();
    if (!next.ok()) return next.TakeError();
    if (!next->has_value()) return names;
    for (const trace::Claim& claim : (**next).event.claims) {
      if (!claim.spec.empty()) names.insert(claim.spec);
    }
  }
}

// One spec's side of the pass.
struct Side {
  LoadedSpec loaded;
  std::unique_ptr<refine::Checker> checker;
  CheckCase c;
};

class TraceCheck {
 public:
  TraceCheck(const std::string& path, const CheckOptions& options, tla::SourceMap& sources)
      : path_(path), options_(options), sources_(sources) {}

  std::vector<CheckCase> Run() {
    const auto begin = std::chrono::steady_clock::now();
    auto trace = MergedTrace::Open({path_});
    if (!trace.ok()) return BadTrace(trace.error());
    const std::vector<std::string> files = SpecFiles(*trace);
    if (bad_) return {std::move(*bad_)};
    for (const std::string& file : files) AddSide(file, trace->header());
    RefuseStrayConstants(trace->header());
    if (bad_) return {std::move(*bad_)};
    Feed(*trace);
    std::vector<CheckCase> cases;
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    for (Side& side : sides_) {
      Close(side, *trace);
      side.c.seconds = elapsed.count();
      cases.push_back(std::move(side.c));
    }
    return cases;
  }

 private:
  std::vector<CheckCase> BadTrace(const trace::Error& error) {
    CheckCase c = BadCase(path_, sources_, FromTraceError(error));
    c.result.failed_at = PlaceOfError(error);
    return {std::move(c)};
  }

  void Refuse(observe::BadInput bad) {
    if (!bad_) bad_ = BadCase(path_, sources_, std::move(bad));
  }

  std::vector<std::string> SpecFiles(const MergedTrace& trace) {
    if (!options_.specs.empty()) return options_.specs;
    std::set<std::string> names;
    for (const auto& spec : trace.header().specs) names.insert(spec.name);
    if (names.empty() && path_ != "-") {
      auto named = NamedSpecs(path_);
      if (!named.ok()) {
        bad_ = std::move(BadTrace(named.error()).front());
        return {};
      }
      names = *named;
    }
    if (names.empty()) {
      Refuse({"no-spec", "the trace names no spec", "", "a spec to check against", "give one with --spec FILE.tla"});
      return {};
    }
    std::vector<std::string> files;
    for (const std::string& name : names) {
      const std::string file = FindSpecFile(name, path_);
      if (file.empty()) {
        Refuse({"spec-not-found", "the spec " + name + " is neither beside the trace nor among the shipped ones", name,
                name + ".tla", "give its file with --spec"});
        return {};
      }
      files.push_back(file);
    }
    return files;
  }

  void AddSide(const std::string& file, const trace::Header& header) {
    Side side;
    tla::Diagnostics diagnostics;
    std::set<std::string> supplied;
    for (const auto& [name, value] : header.constants) supplied.insert(name);
    side.loaded = LoadProgram(file, options_.config, true, supplied, sources_, diagnostics);
    side.c.trace = path_;
    side.c.spec_file = file;
    side.c.sources = &sources_;
    side.c.diagnostics = diagnostics.list();
    side.c.replay = options_.command;
    if (!side.loaded.program) {
      FailSide(side, {"bad-spec", "the specification cannot be read", "", "", "see the diagnostics"});
    } else {
      side.c.program = side.loaded.program;
      StartChecker(side, header);
    }
    sides_.push_back(std::move(side));
  }

  void FailSide(Side& side, observe::BadInput bad) {
    side.c.result.verdict = Verdict::kBadInput;
    side.c.result.check = refine::Check::kWellFormed;
    side.c.result.bad_input = std::move(bad);
    if (side.loaded.program) side.c.result.spec = side.loaded.program->spec->name;
  }

  void StartChecker(Side& side, const trace::Header& header) {
    const program::Program& program = *side.loaded.program;
    auto constants = observe::ReadConstants(program, header);
    if (!constants.ok()) {
      FailSide(side, constants.error());
      return;
    }
    eval::Evaluator probe(side.loaded.program, constants.value(), options_.eval);
    for (const auto& assumption : program.spec->assumptions) {
      const auto holds = probe.Holds(assumption.body);
      if (!holds.ok() || !holds.value()) {
        const tla::Place place = sources_.PlaceOf(program.expr(assumption.body).span);
        FailSide(side, {"assumption-false",
                        "the constants of this trace break an assumption of the spec" +
                            (holds.ok() ? std::string() : ": " + holds.error().message),
                        place.file + ":" + std::to_string(place.line), "constants for which every ASSUME holds",
                        "see the trace's header and " + side.loaded.config_file});
        return;
      }
    }
    side.checker = std::make_unique<refine::Checker>(side.loaded.program, header, std::move(constants.value()),
                                                     options_.budget, options_.eval, options_.guards);
  }

  void RefuseStrayConstants(const trace::Header& header) {
    const bool is_any_broken =
        std::any_of(sides_.begin(), sides_.end(), [](const Side& s) { return !s.loaded.program; });
    if (is_any_broken) return;
    for (const auto& [name, value] : header.constants) {
      const bool is_known = std::any_of(sides_.begin(), sides_.end(), [&constant = name](const Side& s) {
        return s.loaded.program->spec->FindConstant(constant).has_value();
      });
      if (is_known) continue;
      Refuse({"unknown-constant", "the trace's header gives a constant that no checked spec declares", name,
              "a declared CONSTANT", ""});
    }
  }

  void Feed(MergedTrace& trace) {
    std::uint64_t index = 0;
    trace::file::LocatedEvent located;  // one for all events, which reuse its memory
    while (
        std::any_of(sides_.begin(), sides_.end(), [](const Side& s) { return s.checker && !s.checker->is_final(); })) {
      auto more = trace.Next(located);
      if (!more.ok()) {
        trace_error_ = more.TakeError();
        return;
      }
      if (!*more) return;
      const refine::EventReference where = Locate(located, ++index);
      for (Side& side : sides_) {
        if (!side.checker || side.checker->is_final()) continue;
        (void)side.checker->Feed(located.event, where);
      }
    }
  }

  // Whether an order is total shows only when the rest has been read: the event after the
  // blamed one may be concurrent with it.
  static void ReadOnWhileTotal(MergedTrace& trace) {
    while (trace.is_total()) {
      const auto next = trace.Next();
      if (!next.ok() || !next->has_value()) return;
    }
  }

  void Close(Side& side, MergedTrace& trace) {
    if (!side.checker) return;
    const bool was_final = side.checker->is_final();
    side.c.result = side.checker->Finish();
    refine::CheckResult& r = side.c.result;
    if (r.verdict == Verdict::kViolates && !options_.assume_order) ReadOnWhileTotal(trace);
    if (trace_error_ && !was_final) {
      r.verdict = Verdict::kBadInput;
      r.check = refine::Check::kWellFormed;
      r.bad_input = FromTraceError(*trace_error_);
      r.failed_at = PlaceOfError(*trace_error_);
      return;
    }
    // Concurrent events were taken in canonical order only: another order might conform.
    if (r.verdict == Verdict::kViolates && !trace.is_total() && !options_.assume_order) {
      r.verdict = Verdict::kInconclusive;
      r.is_complete = false;
      r.limit = refine::LimitReached{"orders", trace.unordered_pairs(), "--assume-order"};
    }
    ListIgnored(side);
    for (const auto& spec : trace.header().specs) {
      if (spec.name == r.spec && !spec.digest.empty()) r.vacuity.unread_fields.emplace_back("header.specs.digest");
    }
  }

  // Parts of the model file that a check of a trace does not use.
  void ListIgnored(Side& side) {
    const resolve::Model& model = *side.loaded.program->model;
    std::vector<std::string>& ignored = side.c.result.config_ignored;
    if (!model.constraints.empty()) ignored.emplace_back("CONSTRAINT");
    if (!model.action_constraints.empty()) ignored.emplace_back("ACTION_CONSTRAINT");
    if (model.symmetry) ignored.emplace_back("SYMMETRY");
    if (model.view) ignored.emplace_back("VIEW");
    if (model.alias) ignored.emplace_back("ALIAS");
    if (model.check_deadlock) ignored.emplace_back("CHECK_DEADLOCK");
    if (model.postcondition) ignored.emplace_back("POSTCONDITION");
    for (const auto& property : side.loaded.program->liveness) ignored.push_back("PROPERTY " + property.name);
  }

  const std::string& path_;
  const CheckOptions& options_;
  tla::SourceMap& sources_;
  std::vector<Side> sides_;
  std::optional<CheckCase> bad_;
  std::optional<trace::Error> trace_error_;
};

}  // namespace

std::vector<CheckCase> CheckTrace(const std::string& path, const CheckOptions& options, tla::SourceMap& sources) {
  return TraceCheck(path, options, sources).Run();
}

}  // namespace kelpie::cli
