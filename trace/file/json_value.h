// Values of events in JSON: plain JSON with the tags of the ITF format.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "trace/file/json_cursor.h"
#include "trace/value/value.h"

namespace kelpie::trace::file {

// Reads values, and the scalars of fields around them, at a cursor. All return false on a
// failure, which the cursor keeps. What is read overwrites what `out` held, whose memory is
// used again.
class JsonValueReader {
 public:
  JsonValueReader(JsonCursor& cursor, int depth_max) : cursor_(cursor), depth_max_(depth_max) {}

  bool Read(Value& out) { return Read(out, 1); }
  // {"name": value, ..}, names distinct, in the order written.
  bool ReadNamed(std::vector<Value::Field>& out, int depth);
  bool ReadList(std::vector<Value>& out, int depth);
  bool ReadText(std::string& out);
  // In ITF files {"#unserializable":".."} stands where a value could not be written: unknown.
  void AllowUnserializable() { allows_unserializable_ = true; }
  bool ReadUnsigned(std::uint64_t& out);
  bool ReadSigned(std::int64_t& out);

  // Requires: `name` was read at the cursor's token.
  bool FailDuplicate(std::string_view name);
  // Comparing each name with those before is quickest for the few fields of a record; wide
  // objects are compared after sorting, at the price of a coarser place.
  static constexpr std::size_t kComparedMax = 24;
  bool FailIfRepeated(std::vector<std::string_view> names, std::size_t start);

 private:
  bool Read(Value& out, int depth);
  bool ReadNumber(Value& out);
  bool ReadObject(Value& out, int depth);
  bool ReadFields(std::string_view key, std::vector<Value::Field>& out, int depth);
  bool ReadUnknown(Value& out);
  bool ReadTagged(std::string_view tag, Value& out, int depth);
  bool ReadBigInt(Value& out);
  bool ReadMap(Value& out, int depth);

  JsonCursor& cursor_;
  int depth_max_;
  bool allows_unserializable_ = false;
};

}  // namespace kelpie::trace::file
