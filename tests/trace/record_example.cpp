#include "trace/record/live_recorder.h"
using namespace kelpie::trace::record;

int main() {
  LiveRecorder recorder = *LiveRecorder::Open({.directory = "run-7"});  // once
  const Stream n1 = *recorder.OpenStream("n1", 1);
  const Action reserve = *recorder.DefineAction("Tickets", "Reserve", {"b", "n"});
  const Variable free_seats = *recorder.DefineVariable("free");
  Emitter emitter = *recorder.NewEmitter();                                     // in each thread
  emitter.Step(n1, reserve).Arg("ann").Arg(2).Set(free_seats, {}, 3).Commit();  // where it happens
  return recorder.Close().ok() ? 0 : 1;
}
