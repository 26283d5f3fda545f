// Values out of the wire format, and what decoders of other messages share: texts, limits,
// and the first error. Private to this room; proto.h is what others see.
//
//   class EventDecoder : public ValueDecoder { ... ReadValue(in.Bytes(), out, 1) ... };
//
// Invariants: what is read overwrites all that its place held before; after the first failure
// nothing more is read, and what was built so far is not to be used.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "trace/value/proto.h"
#include "trace/value/refill.h"
#include "trace/value/value.h"
#include "trace/value/wire_reader.h"

namespace kelpie::trace {

class ValueDecoder {
 public:
  explicit ValueDecoder(const DecodeLimits& limits) : depth_max_(limits.depth_max) {}

  [[nodiscard]] bool failed() const { return error_ != nullptr; }
  // Requires: failed().
  [[nodiscard]] Error&& TakeError() { return std::move(*error_); }

 protected:
  // `depth` is that of the value itself; 1 at the top.
  void ReadValue(std::string_view bytes, Value& out, int depth);
  // A NamedValue, added. With `what`, a name that is there already is an error; records find
  // theirs after sorting.
  void ReadNamed(std::string_view bytes, Refill<Value::Field>& out, int depth, const char* what);
  void Text(WireReader& in, std::string& out);
  // Into the bytes; empty when it is not UTF-8.
  [[nodiscard]] std::string_view TextView(WireReader& in);

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
  void ReadValues(std::string_view bytes, std::vector<Value>& out, int depth);
  void ReadRecord(std::string_view bytes, Value& out, int depth);
  void ReadMap(std::string_view bytes, Value& out, int depth);
  void ReadEntry(std::string_view bytes, Value::Entry& entry, int depth);
  void ReadBigInt(WireReader& in, Value& out);
  void Twice(const char* what);
  void Fail(Error error);

  int depth_max_;
  std::unique_ptr<Error> error_;  // the first one
};

}  // namespace kelpie::trace
