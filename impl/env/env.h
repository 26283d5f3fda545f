// The seam: all that a machine, and the process around it, may ask of the world.
//
//   Moment now = env.Now();                       // own clock, fresh random bits
//   env.Send(kStoreEndpoint, std::move(request)); // may be lost, late, or lose its reply
//   env.WakeAt(now.reading_ms + 300);             // on the own clock
//
// A machine never sees true time, another node's clock, a thread, a socket or a file. The
// simulated world (impl/sim) and the real one (a later room) implement this interface; a
// machine itself is handed a Moment with every input and returns what it wants done, so it
// stays a pure step function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace kelpie::env {

// Where the store listens, in every world.
inline constexpr const char* kStoreEndpoint = "store";

// What the world tells a machine together with an input.
struct Moment {
  std::int64_t reading_ms = 0;  // own monotonic clock in whole milliseconds, rounded down
  std::uint64_t random = 0;     // 64 fresh random bits
};

// What travels between endpoints. Immutable once sent: the sender keeps no way to change it.
struct Message {
  Message() = default;
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;
  virtual ~Message() = default;
};
using MessagePtr = std::shared_ptr<const Message>;

// Implemented by the world, one for each process. Used from the process's own thread.
class Env {
 public:
  virtual ~Env() = default;
  [[nodiscard]] virtual Moment Now() = 0;
  // Never fails visibly: a message that cannot be delivered is lost.
  virtual void Send(const std::string& to, MessagePtr message) = 0;
  // Asks for one OnWake() once the own clock reads at least `reading_ms`. A later call
  // replaces an earlier one. May come late (a paused process), never early.
  virtual void WakeAt(std::int64_t reading_ms) = 0;
};

// Implemented by a process, called by the world, one call at a time.
class Process {
 public:
  virtual ~Process() = default;
  virtual void OnStart() = 0;
  virtual void OnWake() = 0;
  virtual void OnMessage(const std::string& from, const MessagePtr& message) = 0;
};

}  // namespace kelpie::env
