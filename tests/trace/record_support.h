// What the tests of the recorder of running processes share: events that say their number, and
// processes that end in the middle of something.
//
//   Rig rig(dir.path());  rig.Emit(1);  rig.recorder.Close();
//   ExpectNumbered(dir.path(), 1);                  // events 1..1, each as Emit makes it
//   int status = InChild([&] { ... });              // as waitpid has it
#pragma once

#include <functional>
#include <string>

#include "support.h"
#include "trace/record/live_recorder.h"

namespace kelpie::trace::record {

// Reaches between the steps of Commit.
class EmissionProbe {
 public:
  static std::uint64_t Seal(Emission& emission) { return emission.Seal(); }
  static std::uint64_t TakeSeq(Emission& emission) { return emission.TakeSeq(); }
  static void Publish(Emission& emission, std::uint64_t size) { emission.Publish(size); }
  static RingHeader& RingOf(Emission& emission) { return *emission.emitter_.ring_; }
};

namespace test {

// Small rings, so that they wrap; no drain thread unless a test asks for one.
LiveOptions SmallOptions(const std::string& directory);

// One node, one action of four parameters, two variables. Construction aborts on failure,
// which a child process cannot tell otherwise.
struct Rig {
  explicit Rig(const LiveOptions& options, const std::string& node = "n1", std::uint64_t incarnation = 1);
  explicit Rig(const std::string& directory) : Rig(SmallOptions(directory)) {}

  // Event `number`: four scalar arguments, two updates with paths, a version.
  std::uint64_t Emit(std::int64_t number) { return Emit(emitter, number); }
  std::uint64_t Emit(Emitter& by, std::int64_t number) {
    Emission emission = by.Step(stream, action);
    Fill(emission, number, kAllParts);
    return emission.Commit();
  }
  static constexpr int kAllParts = 7;
  void Fill(Emission& emission, std::int64_t number, int part_count) const;

  LiveRecorder recorder;
  Stream stream;
  Action action;
  Variable leases;
  Variable total;
  Name actor;
  Name token;
  Emitter emitter;
};

// What Emit(number) must be read back as.
Event Numbered(const std::string& node, std::uint64_t incarnation, std::uint64_t seq, std::int64_t number);

// The trace of n1/1 in the folder is events 1..count, whole, in order, and not torn.
void ExpectNumbered(const std::string& directory, std::int64_t count, const std::string& what = "");

// Recovers and then expects the same; the folder of rings is gone.
void ExpectRecovers(const std::string& directory, std::int64_t count, const std::string& what = "");

// The numbers in the trace of n1/1, a lost event as minus its count.
std::vector<std::int64_t> NumbersIn(const std::string& directory);

// Runs `body` in a process of its own, which ends by _exit(body()); its status.
int InChild(const std::function<int()>& body);
[[noreturn]] void KillMyself();

// Memory that a child shares with its parent and leaves behind.
class Shared {
 public:
  Shared();
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  ~Shared();
  std::atomic<std::int64_t>& operator[](std::size_t index) const { return cells_[index]; }

 private:
  std::atomic<std::int64_t>* cells_;
};

// A copy of the folder `from` in place of the folder `to`.
void CopyRun(const std::string& from, const std::string& to);
bool HasRings(const std::string& directory);

}  // namespace test
}  // namespace kelpie::trace::record
