// Values out of the wire format, and what decoders of other messages share: texts, limits,
// and the first error. Private to this room; proto.h is what others see.
//
//   class EventDecoder : public ValueDecoder { ... ReadValue(in.Bytes(), out, 1) ... };
//
// Invariant: after the first failure nothing more is read, and what was built so far is not
// to be used.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "trace/value/proto.h"
#include "trace/value/value.h"
#include "trace/value/wire_reader.h"

namespace kelpie::trace {

class ValueDecoder {
 public:
  explicit ValueDecoder(const DecodeLimits& limits) : depth_max_(limits.depth_max) {}

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] Error&& TakeError() { return std::move(error_); }

 protected:
  // `depth` is that of the value itself; 1 at the top.
  void ReadValue(std::string_view bytes, Value& out, int depth);
  // A NamedValue, appended. With `what`, a name that is there already is an error; records
  // find theirs after sorting.
  void ReadNamed(std::string_view bytes, std::vector<Value::Field>& out, int depth, const char* what);
  void Text(WireReader& in, std::string& out);
  [[nodiscard]] std::string Text(WireReader& in);

  // How often a repeated field occurs, so that its vector is made in one piece.
  [[nodiscard]] static std::size_t CountOf(std::string_view bytes, int field);

  // Other readers would merge two of them into one; no writer of ours makes that.
  void Once(bool& has, const char* what) {
    if (has) Twice(what);
    has = true;
  }
  void Check(const WireReader& in);
  void NoKind();
  void TooDeep();
  void Bad(std::string message, std::string found);

  [[nodiscard]] int depth_max() const { return depth_max_; }

 private:
  void ReadKind(WireReader& in, Value& out, int depth);
  [[nodiscard]] std::vector<Value> ReadValues(std::string_view bytes, int depth);
  [[nodiscard]] Value ReadRecord(std::string_view bytes, int depth);
  [[nodiscard]] Value ReadMap(std::string_view bytes, int depth);
  void ReadEntry(std::string_view bytes, Value::Entry& entry, int depth);
  [[nodiscard]] Value BigInt(std::string digits);
  void Twice(const char* what);
  void Fail(Error error);

  int depth_max_;
  bool failed_ = false;
  Error error_;
};

}  // namespace kelpie::trace
