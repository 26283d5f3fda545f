#include "record_support.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace kelpie::trace::record::test {

namespace {

template <typename T>
T Must(Result<T> result) {
  if (result.ok()) return std::move(*result);
  std::fputs(result.error().Render().c_str(), stderr);
  std::abort();
}

}  // namespace

LiveOptions SmallOptions(const std::string& directory) {
  return {.directory = directory,
          .header = {.run = "r"},
          .wait_ms_max = 60'000,
          .ring_bytes = 1U << 16U,
          .has_drain_thread = false};
}

Rig::Rig(const LiveOptions& options, const std::string& node, std::uint64_t incarnation)
    : recorder(Must(LiveRecorder::Open(options))),
      stream(Must(recorder.OpenStream(node, incarnation))),
      action(Must(recorder.DefineAction("Lease", "Write", {"actor", "number", "even", "text"}))),
      leases(Must(recorder.DefineVariable("leases"))),
      total(Must(recorder.DefineVariable("total"))),
      actor(Must(recorder.Intern("a1"))),
      token(Must(recorder.Intern("token"))),
      emitter(Must(recorder.NewEmitter())) {}

void Rig::Fill(Emission& emission, std::int64_t number, int part_count) const {
  const std::string text = "text " + std::to_string(number % 10);
  if (part_count > 0) emission.Arg(Model(actor));
  if (part_count > 1) emission.Arg(number);
  if (part_count > 2) emission.Arg(number % 2 == 0);
  if (part_count > 3) emission.Arg(text);
  if (part_count > 4) emission.Set(leases, {actor, token}, number);
  if (part_count > 5) emission.Update(UpdateOp::kAdd, total, {}, number * 3);
  if (part_count > 6) emission.Version(actor, static_cast<std::uint64_t>(number));
}

Event Numbered(const std::string& node, std::uint64_t incarnation, std::uint64_t seq, std::int64_t number) {
  Event event{.id = {node, incarnation, seq}, .versions = {{"a1", static_cast<std::uint64_t>(number)}}};
  Claim claim{.spec = "Lease", .action = "Write"};
  claim.args.named = {{"actor", Value::Model("a1")},
                      {"number", Value::Int(number)},
                      {"even", Value::Bool(number % 2 == 0)},
                      {"text", Value::String("text " + std::to_string(number % 10))}};
  claim.updates.push_back(
      {{"leases", {Value::String("a1"), Value::String("token")}}, UpdateOp::kSet, Value::Int(number)});
  claim.updates.push_back({{"total", {}}, UpdateOp::kAdd, Value::Int(number * 3)});
  event.claims.push_back(std::move(claim));
  return event;
}

void ExpectNumbered(const std::string& directory, std::int64_t count, const std::string& what) {
  const trace::test::ReadResult trace = trace::test::ReadAll(directory + "/n1.1.ktrace");
  ASSERT_FALSE(trace.error) << what << trace.error->Render();
  EXPECT_FALSE(trace.torn) << what;
  EXPECT_EQ(trace.header.run, "r") << what;
  EXPECT_EQ(trace.header.node, "n1") << what;
  ASSERT_EQ(trace.events.size(), static_cast<std::size_t>(count)) << what;
  for (std::int64_t number = 1; number <= count; ++number) {
    const Event expected = Numbered("n1", 1, static_cast<std::uint64_t>(number), number);
    ASSERT_EQ(trace.events[static_cast<std::size_t>(number - 1)].event, expected) << what << " event " << number;
  }
}

void ExpectRecovers(const std::string& directory, std::int64_t count, const std::string& what) {
  const Result<Recovery> recovery = Recover(directory);
  ASSERT_TRUE(recovery.ok()) << what << recovery.error().Render();
  EXPECT_FALSE(HasRings(directory)) << what;
  ExpectNumbered(directory, count, what);
}

std::vector<std::int64_t> NumbersIn(const std::string& directory) {
  const trace::test::ReadResult trace = trace::test::ReadAll(directory + "/n1.1.ktrace");
  EXPECT_FALSE(trace.error) << trace.error->Render();
  std::vector<std::int64_t> numbers;
  for (const file::LocatedEvent& located : trace.events) {
    const Event& event = located.event;
    if (event.kind == EventKind::kLost) {
      numbers.push_back(-static_cast<std::int64_t>(event.lost_count.value_or(kLostMax)));
    } else {
      numbers.push_back(event.claims.at(0).args.named.at(1).second.as_int());
    }
  }
  return numbers;
}

int InChild(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  EXPECT_GT(child, 0);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status;
}

void KillMyself() {
  kill(getpid(), SIGKILL);
  while (true) pause();
}

namespace {
constexpr std::size_t kSharedBytes = 4096;
}

Shared::Shared()
    : cells_(static_cast<std::atomic<std::int64_t>*>(
          mmap(nullptr, kSharedBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
  EXPECT_NE(static_cast<void*>(cells_), MAP_FAILED);
}
Shared::~Shared() { munmap(cells_, kSharedBytes); }

void CopyRun(const std::string& from, const std::string& to) {
  std::filesystem::remove_all(to);
  std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
}

bool HasRings(const std::string& directory) { return std::filesystem::exists(directory + "/rings"); }

}  // namespace kelpie::trace::record::test
