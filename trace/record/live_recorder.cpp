#include "trace/record/live_recorder.h"

#include <bit>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "trace/file/run.h"
#include "trace/record/definitions.h"
#include "trace/value/event_names.h"
#include "trace/value/proto.h"

namespace kelpie::trace::record {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

Error Misuse(const std::string& path, std::string message, std::string found, std::string expected) {
  return {.kind = ErrorKind::kCannotWrite,
          .place = {.file = path},
          .message = std::move(message),
          .found = std::move(found),
          .expected = std::move(expected)};
}

}  // namespace

class LiveRecorder::Impl final : public EmitterHost {
 public:
  Impl(const LiveOptions& options, DirectoryLock lock, Recovery recovery, ControlFile control, Definitions definitions)
      : options_(options),
        folder_(options.directory + "/" + std::string(kRingsFolder)),
        recovery_(std::move(recovery)),
        lock_(std::move(lock)),
        control_(std::move(control)),
        definitions_(std::move(definitions)),
        drain_(options.directory, definitions_) {
    if (options_.has_drain_thread) thread_ = std::thread([this] { DrainUntilStopped(); });
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() override {
    if (thread_.joinable()) thread_.join();
  }

  Result<Stream> OpenStream(const std::string& node, std::uint64_t incarnation) {
    const std::lock_guard guard(mutex_);
    Header header = options_.header;
    header.node = node;
    header.incarnation = incarnation;
    const std::string path = options_.directory + "/" + file::FileNameOf(node, incarnation, /*json_lines=*/false);
    Status usable = CheckStream(path, header);
    if (!usable.ok()) return usable.TakeError();
    // The file first: should it fail, no number was given out that the drain does not know.
    StreamSlot& slot = control_.page().streams[drain_.stream_count()];
    Status added = drain_.AddStream(header, slot, DrainStart::kNew);
    if (!added.ok()) return added.TakeError();
    Result<std::uint32_t> id = definitions_.Add({.kind = DefinitionKind::kStream, .texts = {EncodeHeader(header)}});
    if (!id.ok()) return id.TakeError();
    return Stream{.slot = &slot, .index = static_cast<std::uint16_t>(*id - 1)};
  }

  Result<std::uint32_t> Define(DefinitionKind kind, std::vector<std::string> texts) {
    const std::lock_guard guard(mutex_);
    for (const std::string& text : texts) {
      if (ValidUtf8Prefix(text) == text.size()) continue;
      return Error{.kind = ErrorKind::kUnwritable, .message = "a name that is not UTF-8"};
    }
    if (is_closed_) return ClosedError();
    return definitions_.Add({.kind = kind, .texts = std::move(texts)});
  }

  Result<Emitter> NewEmitter(std::shared_ptr<EmitterHost> self) {
    const std::lock_guard guard(mutex_);
    if (is_closed_) return ClosedError();
    if (!free_.empty()) {
      RingFile* ring = free_.back();
      free_.pop_back();
      return Emitter(std::move(self), ring->header(), ring->data());
    }
    if (rings_.size() >= options_.rings_max) {
      return Misuse(folder_, "more threads record than rings_max allows", std::to_string(rings_.size() + 1),
                    std::to_string(options_.rings_max));
    }
    Result<RingFile> made =
        RingFile::Create(folder_, static_cast<std::uint32_t>(rings_.size() + 1), options_.ring_bytes);
    if (!made.ok()) return made.TakeError();
    RingFile& ring = rings_.emplace_back(std::move(*made));
    drain_.AddRing(ring.header(), ring.data());
    return Emitter(std::move(self), ring.header(), ring.data());
  }

  void Release(RingHeader& header) override {
    const std::lock_guard guard(mutex_);
    for (RingFile& ring : rings_) {
      if (&ring.header() == &header) free_.push_back(&ring);
    }
  }

  bool AwaitRoom(RingHeader& ring, std::uint64_t head, std::uint64_t bytes) override {
    Wake();
    if (options_.when_full == FullPolicy::kCount) return false;
    const Clock::time_point begin = Clock::now();
    const Clock::time_point end = begin + std::chrono::milliseconds(options_.wait_ms_max);
    const auto has_room = [&] { return head + bytes - ring.tail.load(std::memory_order_acquire) <= ring.capacity; };
    bool room = has_room();
    while (!room && !has_failed_.load(std::memory_order_relaxed) &&
           ring.is_closed.load(std::memory_order_relaxed) == 0 && Clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::microseconds(50));
      Wake();
      room = has_room();
    }
    const auto waited = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin).count();
    ring.wait_count.fetch_add(1, std::memory_order_relaxed);
    ring.wait_ns.fetch_add(static_cast<std::uint64_t>(waited), std::memory_order_relaxed);
    return room;
  }

  // Threads between taking a seq and publishing it are waited for; they need no lock of ours.
  Status Flush() {
    const Clock::time_point end = Clock::now() + std::chrono::milliseconds(options_.wait_ms_max);
    const std::lock_guard guard(mutex_);
    if (is_closed_) return ClosedError();
    std::vector<std::uint64_t> wanted;
    for (const RingFile& ring : rings_) wanted.push_back(ring.header().head.load(std::memory_order_acquire));
    while (true) {
      Result<std::uint64_t> count = RunDrain();
      if (!count.ok()) return count.TakeError();
      bool is_done = true;
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        is_done = is_done && rings_[i].header().tail.load(std::memory_order_relaxed) >= wanted[i];
      }
      if (is_done) return Status();
      if (Clock::now() >= end) {
        return Misuse(options_.directory, "a thread took a seq and did not publish its event within wait_ms_max",
                      std::to_string(options_.wait_ms_max) + " ms", "");
      }
      std::this_thread::yield();
    }
  }

  Status Close() {
    {
      const std::lock_guard guard(mutex_);
      if (is_closed_) return Status();
      is_closed_ = true;
      for (const RingFile& ring : rings_) ring.header().is_closed.store(1, std::memory_order_release);
    }
    Wake();
    if (thread_.joinable()) thread_.join();
    const std::lock_guard guard(mutex_);
    Status finished = drain_.Finish();
    if (finished.ok()) finished = RemoveRings(folder_);
    if (!finished.ok()) NoteFailure(finished.error());
    lock_.reset();
    return finished;
  }

  Status status() const {
    const std::lock_guard guard(mutex_);
    return failure_ ? Status(*failure_) : Status();
  }

  LiveCounters counters() const {
    const std::lock_guard guard(mutex_);
    LiveCounters sum{.drain = drain_.counters()};
    for (const RingFile& ring : rings_) {
      const RingHeader& header = ring.header();
      sum.event_count += header.event_count.load(std::memory_order_relaxed);
      sum.lost_count += header.lost_count.load(std::memory_order_relaxed);
      sum.too_large_count += header.too_large_count.load(std::memory_order_relaxed);
      sum.wait_count += header.wait_count.load(std::memory_order_relaxed);
      sum.wait_ns += header.wait_ns.load(std::memory_order_relaxed);
    }
    return sum;
  }

  const Recovery& recovery() const { return recovery_; }

 private:
  Status CheckStream(const std::string& path, const Header& header) const {
    if (is_closed_) return ClosedError();
    Status writable = CheckWritable(header);
    if (!writable.ok()) return writable;
    if (header.node.empty()) return Misuse(path, "a stream needs the name of its node", "", "a node");
    std::error_code error;
    if (fs::exists(path, error) || error) {
      return Misuse(path, "this incarnation has a trace already", ToText({header.node, header.incarnation, 1}),
                    "an incarnation that is new in this directory");
    }
    if (drain_.stream_count() >= kStreamsMax) {
      return Misuse(path, "a recorder has no room for more streams", std::to_string(kStreamsMax + 1),
                    std::to_string(kStreamsMax) + " at most");
    }
    return Status();
  }

  Error ClosedError() const { return Misuse(options_.directory, "the recorder is closed", "", "an open recorder"); }

  // Requires: mutex_.
  void NoteFailure(const Error& error) {
    if (!failure_) failure_ = error;
    has_failed_.store(true, std::memory_order_relaxed);
  }

  Result<std::uint64_t> RunDrain() {
    Result<std::uint64_t> count = drain_.Run();
    if (!count.ok()) NoteFailure(count.error());
    return count;
  }

  // No lock: a wake-up that is missed costs one pause of the drain.
  void Wake() {
    is_woken_.store(true, std::memory_order_relaxed);
    wake_.notify_one();
  }

  void DrainUntilStopped() {
    std::chrono::milliseconds pause(1);
    std::unique_lock guard(mutex_);
    while (!is_closed_) {
      Result<std::uint64_t> count = failure_ ? Result<std::uint64_t>(0) : RunDrain();
      const bool is_idle = !count.ok() || *count == 0;
      pause = is_idle ? std::min(pause * 2, std::chrono::milliseconds(std::max(options_.drain_ms_max, 1U)))
                      : std::chrono::milliseconds(1);
      wake_.wait_for(guard, pause, [this] { return is_closed_ || is_woken_.load(std::memory_order_relaxed); });
      is_woken_.store(false, std::memory_order_relaxed);
    }
  }

  const LiveOptions options_;
  const std::string folder_;
  const Recovery recovery_;
  mutable std::mutex mutex_;  // all below but the atomics; never taken to emit
  std::optional<DirectoryLock> lock_;
  ControlFile control_;
  Definitions definitions_;
  std::deque<RingFile> rings_;  // addresses stay
  std::vector<RingFile*> free_;
  Drain drain_;
  std::optional<Error> failure_;
  bool is_closed_ = false;
  std::atomic<bool> has_failed_{false};
  std::atomic<bool> is_woken_{false};
  std::condition_variable wake_;
  std::thread thread_;
};

namespace {

Status CheckOptions(const LiveOptions& options) {
  if (!std::has_single_bit(options.ring_bytes) || options.ring_bytes < kPageBytes) {
    return Misuse(options.directory, "ring_bytes is not a power of two of 4096 at least",
                  std::to_string(options.ring_bytes), "such as 1048576");
  }
  std::error_code error;
  fs::create_directories(options.directory, error);
  if (!error) return Status();
  return Misuse(options.directory, "the directory of the run cannot be made", error.message(), "");
}

}  // namespace

LiveRecorder::LiveRecorder(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
LiveRecorder::LiveRecorder(LiveRecorder&&) noexcept = default;
LiveRecorder& LiveRecorder::operator=(LiveRecorder&& other) noexcept {
  LiveRecorder old(std::move(*this));
  impl_ = std::move(other.impl_);
  return *this;
}
LiveRecorder::~LiveRecorder() {
  if (!impl_) return;
  Status ignored = impl_->Close();  // a destructor has nobody to tell
  (void)ignored;
}

Result<LiveRecorder> LiveRecorder::Open(const LiveOptions& options) {
  Status usable = CheckOptions(options);
  if (!usable.ok()) return usable.TakeError();
  Result<DirectoryLock> lock = DirectoryLock::Take(options.directory);
  if (!lock.ok()) return lock.TakeError();
  Result<Recovery> recovery = RecoverLocked(options.directory, *lock);
  if (!recovery.ok()) return recovery.TakeError();
  const std::string folder = options.directory + "/" + std::string(kRingsFolder);
  std::error_code error;
  fs::create_directory(folder, error);
  if (error) return Misuse(folder, "the folder of the rings cannot be made", error.message(), "");
  Result<Definitions> definitions = Definitions::Create(folder + "/definitions");
  if (!definitions.ok()) return definitions.TakeError();
  Result<ControlFile> control = ControlFile::Create(folder);
  if (!control.ok()) return control.TakeError();
  return LiveRecorder(std::make_shared<Impl>(options, std::move(*lock), std::move(*recovery), std::move(*control),
                                             std::move(*definitions)));
}

Result<Stream> LiveRecorder::OpenStream(const std::string& node, std::uint64_t incarnation) {
  return impl_->OpenStream(node, incarnation);
}

Result<Action> LiveRecorder::DefineAction(const std::string& spec, const std::string& action,
                                          const std::vector<std::string>& parameters) {
  std::vector<std::string> texts = {spec, action};
  texts.insert(texts.end(), parameters.begin(), parameters.end());
  Result<std::uint32_t> id = impl_->Define(DefinitionKind::kAction, std::move(texts));
  if (!id.ok()) return id.TakeError();
  return Action{*id};
}

Result<Variable> LiveRecorder::DefineVariable(const std::string& name) {
  Result<std::uint32_t> id = impl_->Define(DefinitionKind::kVariable, {name});
  if (!id.ok()) return id.TakeError();
  return Variable{*id};
}

Result<Name> LiveRecorder::Intern(const std::string& text) {
  Result<std::uint32_t> id = impl_->Define(DefinitionKind::kName, {text});
  if (!id.ok()) return id.TakeError();
  return Name{*id};
}

Result<Emitter> LiveRecorder::NewEmitter() { return impl_->NewEmitter(impl_); }
Status LiveRecorder::Flush() { return impl_->Flush(); }
Status LiveRecorder::Close() { return impl_->Close(); }
Status LiveRecorder::status() const { return impl_->status(); }
LiveCounters LiveRecorder::counters() const { return impl_->counters(); }
const Recovery& LiveRecorder::recovery() const { return impl_->recovery(); }

}  // namespace kelpie::trace::record
