#include "impl/cluster/run_summary.h"

namespace kelpie::cluster {

std::vector<std::pair<std::string, std::uint64_t>> Named(const RunSummary& s) {
  return {{"steps", s.steps},
          {"events", s.events},
          {"true_ms", s.true_ms},
          {"requests_lost", s.faults.requests_lost},
          {"replies_lost", s.faults.replies_lost},
          {"requests_late", s.faults.late},
          {"reordered", s.faults.reordered},
          {"pauses", s.faults.pauses},
          {"inputs_held", s.faults.held},
          {"crashes", s.faults.crashes},
          {"restarts", s.faults.restarts},
          {"to_the_dead", s.faults.to_the_dead},
          {"opens", s.opens},
          {"renewals", s.renewals},
          {"grants", s.grants},
          {"takeovers", s.takeovers},
          {"releases", s.releases},
          {"writes", s.writes},
          {"fenced_writes", s.fenced_writes},
          {"refusals", s.refusals},
          {"unknown_outcomes", s.unknown_outcomes},
          {"unknown_commits", s.unknown_commits},
          {"late_landings", s.late_landings},
          {"stale_replies", s.stale_replies},
          {"lapses", s.lapses},
          {"invocations", s.invocations},
          {"invocations_refused", s.invocations_refused},
          {"requests_under_way_max", s.requests_under_way_max}};
}

}  // namespace kelpie::cluster
