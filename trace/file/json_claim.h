// Claims of events in JSON; private to this room.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "trace/file/json_fields.h"
#include "trace/value/event.h"

namespace kelpie::trace::file {

inline constexpr std::array<std::string_view, 7> kClaimFields = {"spec",    "action", "args", "reads",
                                                                 "updates", "frame",  "steps"};

class ClaimReader : public FieldReader {
 public:
  using FieldReader::FieldReader;

 protected:
  // `depth` counts `steps` within claims, from 1.
  bool ReadClaims(std::vector<Claim>& out, int depth);
  // Requires: `field` is an index into kClaimFields.
  bool ReadClaimField(std::size_t field, Claim& claim, int depth);
  // Empties what no field was read into; bits of `seen` are those of kClaimFields.
  static void ResetUnseen(Seen seen, Claim& claim);

 private:
  bool ReadClaim(Claim& out, int depth);
  bool ReadArgs(Arguments& out);
  // {"x": v} or [{"path":["x",k,"f"],"op":"set","value":v}]; Fact is Read, which has no op, or Update.
  template <typename Fact>
  bool ReadFacts(std::vector<Fact>& out);
  template <typename Fact>
  bool ReadWholeVariables(std::vector<Fact>& out);
  template <typename Fact>
  bool ReadFact(Fact& out);
  bool ReadOp(UpdateOp& out);
  bool ReadPath(Location& out);
  bool ReadFrame(Claim& claim);
};

}  // namespace kelpie::trace::file
