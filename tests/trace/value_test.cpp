// trace/value: values, names, what is writable, and the protobuf form.
#include <gtest/gtest.h>

#include <set>

#include "reference_decode.h"
#include "support.h"
#include "trace/value/event_names.h"
#include "trace/value/proto.h"

namespace kelpie::trace {
namespace {

using test::Rng;

Event Minimal() { return {.id = {"n1", 1, 1}}; }

bool Contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Fields of the wire format by hand, to write messages that no writer of ours would.
std::string Tag(int field, int type) {
  const int tag = (field << 3) | type;
  if (tag < 0x80) return std::string(1, static_cast<char>(tag));
  return {static_cast<char>((tag & 0x7F) | 0x80), static_cast<char>(tag >> 7)};
}
std::string Bytes(int field, const std::string& payload) {
  return Tag(field, 2) + static_cast<char>(payload.size()) + payload;
}
std::string Varint(int field, char value) { return Tag(field, 0) + value; }

TEST(Value, BigIntegersTakeTheSmallestForm) {
  EXPECT_EQ(Value::BigInt("42"), Value::Int(42));
  EXPECT_EQ(Value::BigInt("-9223372036854775808"), Value::Int(INT64_MIN));
  EXPECT_EQ(Value::BigInt("9223372036854775808").kind(), ValueKind::kBigInt);
  EXPECT_EQ(Value::BigInt("0009223372036854775808"), Value::BigInt("9223372036854775808"));
  EXPECT_EQ(Value::BigInt("-0"), Value::Int(0));
  EXPECT_NE(Value::BigInt("9223372036854775808"), Value::BigInt("-9223372036854775808"));
}

TEST(Value, RecordsSortTheirFields) {
  const Value a = Value::Record({{"b", Value::Int(1)}, {"a", Value::Int(2)}});
  EXPECT_EQ(a.fields()[0].first, "a");
  EXPECT_EQ(a, Value::Record({{"a", Value::Int(2)}, {"b", Value::Int(1)}}));
}

TEST(Value, FormsThatLookAlikeDiffer) {
  const std::set<ValueKind> empty = {Value::Set({}).kind(), Value::Sequence({}).kind(), Value::Map({}).kind(),
                                     Value::Record({}).kind()};
  EXPECT_EQ(empty.size(), 4U);
  EXPECT_NE(Value::Set({}), Value::Sequence({}));
  EXPECT_NE(Value::String("n1"), Value::Model("n1"));
  EXPECT_NE(Value::Bool(true), Value::Int(1));
  EXPECT_NE(Value::Set({Value::Int(1), Value::Int(2)}), Value::Set({Value::Int(2), Value::Int(1)}));
}

TEST(Value, CopiesAreIndependentAndSelfAssignmentIsSafe) {
  Value a = Value::Sequence({Value::Sequence({Value::Int(1)}), Value::Int(2)});
  const Value copy = a;
  a = Value(a.elements()[0]);
  EXPECT_EQ(a, Value::Sequence({Value::Int(1)}));
  EXPECT_EQ(copy.elements().size(), 2U);
  Value& same = a;
  a = same;
  EXPECT_EQ(a, Value::Sequence({Value::Int(1)}));
  EXPECT_TRUE(Value::Int(3).elements().empty());
}

TEST(Names, EveryNameReadsBack) {
  for (int i = 0; i < 8; ++i) EXPECT_EQ(ParseEventKind(NameOf(static_cast<EventKind>(i))), static_cast<EventKind>(i));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ParseOutcome(NameOf(static_cast<Outcome>(i))), static_cast<Outcome>(i));
  for (int i = 0; i < 4; ++i) EXPECT_EQ(ParseUpdateOp(NameOf(static_cast<UpdateOp>(i))), static_cast<UpdateOp>(i));
  EXPECT_FALSE(ParseEventKind("Step"));
  EXPECT_FALSE(ParseOutcome(""));
  EXPECT_FALSE(ParseUpdateOp("setx"));
}

TEST(Utf8, AcceptsWhatTheStandardAccepts) {
  for (const std::string text :
       {"", "abc", "\xC3\xA4", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "\xF0\x90\x80\x80"}) {
    EXPECT_EQ(ValidUtf8Prefix(text), text.size());
  }
}

TEST(Utf8, RefusesTheRest) {
  for (const std::string text : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                                 "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3", "\xE2\x82", "\xC3\x28"}) {
    EXPECT_EQ(ValidUtf8Prefix("ab" + text), 2U);
  }
}

TEST(Writable, RefusesWhatNoFormatGivesBack) {
  const auto refused = [](const Event& event) {
    const Status status = CheckWritable(event);
    return !status.ok() && status.error().kind == ErrorKind::kUnwritable;
  };
  Event event = Minimal();
  EXPECT_FALSE(refused(event));
  event.id.seq = 0;
  EXPECT_TRUE(refused(event));
  event = Minimal();
  event.group = "\xFF";
  EXPECT_TRUE(refused(event));
  event = Minimal();
  event.lost_count = 1;
  EXPECT_TRUE(refused(event));
  event.kind = EventKind::kLost;
  EXPECT_FALSE(refused(event));
  event = Minimal();
  event.claims.push_back({.args = {.named = {{"x", Value::Int(1)}}, .positional = {Value::Int(1)}}});
  EXPECT_TRUE(refused(event));
  event.claims[0].args = {.named = {{"x", Value::Int(1)}, {"x", Value::Int(2)}}};
  EXPECT_TRUE(refused(event));
  event.claims[0].args = {.positional = {Value::Record({{"x", Value::Int(1)}, {"x", Value::Int(2)}})}};
  EXPECT_TRUE(refused(event));
  event.claims[0].args = {.positional = {Value::Set({Value::Model("\xC3")})}};
  EXPECT_TRUE(refused(event));
  Value deep = Value::Int(1);
  for (int i = 0; i < 100; ++i) deep = Value::Set({deep});
  event.claims[0].args = {.positional = {deep}};
  EXPECT_TRUE(refused(event));
  event.claims[0].args = {.positional = {deep.elements()[0]}};
  EXPECT_FALSE(refused(event));
}

TEST(Writable, RefusesHeaders) {
  Header header;
  EXPECT_TRUE(CheckWritable(header).ok());
  header.constants = {{"N", Value::Int(1)}, {"N", Value::Int(1)}};
  EXPECT_FALSE(CheckWritable(header).ok());
  header.constants.clear();
  header.run = "\xC0";
  EXPECT_FALSE(CheckWritable(header).ok());
}

TEST(Proto, RandomEventsComeBackEqual) {
  Rng rng(1);
  for (std::uint64_t i = 1; i <= 2000; ++i) {
    const Event event = test::RandomEvent(rng, {"n" + std::to_string(rng.Below(3)), rng.Below(3), i});
    ASSERT_TRUE(CheckWritable(event).ok());
    const std::string bytes = EncodeEvent(event);
    Result<Event> back = DecodeEvent(bytes);
    ASSERT_TRUE(back.ok()) << back.error().Render();
    ASSERT_EQ(*back, event);
    ASSERT_EQ(EncodeEvent(*back), bytes);
  }
}

TEST(Proto, RandomHeadersComeBackEqual) {
  Rng rng(2);
  for (int i = 0; i < 500; ++i) {
    const Header header = test::RandomHeader(rng);
    Result<Header> back = DecodeHeader(EncodeHeader(header));
    ASSERT_TRUE(back.ok());
    ASSERT_EQ(*back, header);
  }
}

TEST(Proto, BytesAreFixed) {
  Event event = Minimal();
  event.kind = EventKind::kReturn;
  event.outcome = Outcome::kFailed;
  event.versions["w"] = 5;
  // Field by field: id {node "n1", incarnation 1, seq 1}, kind 4, versions {"w", 5}, outcome 2.
  const std::string expected = Bytes(1, Bytes(1, "n1") + Varint(2, 1) + Varint(3, 1)) + Varint(2, 4) +
                               Bytes(4, Bytes(1, "w") + Varint(2, 5)) + Varint(10, 2);
  EXPECT_EQ(EncodeEvent(event), expected);
}

TEST(Proto, UnknownFieldsArePassedOver) {
  const Event event = Minimal();
  const std::string extra = std::string("\xC2\x3E") + '\x02' + "hi";  // field 1000, two bytes
  Result<Event> back = DecodeEvent(EncodeEvent(event) + extra);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, event);
}

ErrorKind DecodeError(const std::string& bytes, const DecodeLimits& limits = {}) {
  const Result<Event> result = DecodeEvent(bytes, limits);
  EXPECT_FALSE(result.ok());
  return result.ok() ? ErrorKind::kCannotRead : result.error().kind;
}

TEST(Proto, MessagesOfAnotherVersionAreDamage) {
  const std::string id = Bytes(1, Varint(3, 1));
  const std::string step = id + Varint(2, 1);
  ASSERT_TRUE(DecodeEvent(step).ok());
  EXPECT_EQ(DecodeError(""), ErrorKind::kBadMessage);
  EXPECT_EQ(DecodeError(id), ErrorKind::kBadMessage);                  // no kind
  EXPECT_EQ(DecodeError(id + Varint(2, 77)), ErrorKind::kBadMessage);  // no kind of ours
  EXPECT_EQ(DecodeError(Varint(2, 1)), ErrorKind::kBadMessage);        // no seq
  EXPECT_EQ(DecodeError(step + Varint(10, 9)), ErrorKind::kBadMessage);
  const std::string no_value = Bytes(3, Bytes(4, ""));
  EXPECT_EQ(DecodeError(step + no_value), ErrorKind::kBadMessage);
  const std::string version = Bytes(4, Bytes(1, "w") + Varint(2, 5));
  EXPECT_EQ(DecodeError(step + version + version), ErrorKind::kBadMessage);
  const std::string clock = Bytes(8, Bytes(1, "n"));
  EXPECT_EQ(DecodeError(step + clock + clock), ErrorKind::kBadMessage);
  const std::string not_digits = Bytes(3, Bytes(4, Bytes(3, "12x")));
  EXPECT_EQ(DecodeError(step + not_digits), ErrorKind::kBadMessage);
  const std::string one = Bytes(1, "a") + Bytes(2, Varint(2, 2));
  EXPECT_EQ(DecodeError(step + Bytes(3, Bytes(3, one) + Bytes(3, one))), ErrorKind::kBadMessage);
  const std::string bad_op = Bytes(3, Bytes(5, Bytes(3, Varint(2, 2)) + Varint(4, 9)));
  EXPECT_EQ(DecodeError(step + bad_op), ErrorKind::kBadMessage);
  EXPECT_EQ(DecodeError(step + Varint(16, 1)), ErrorKind::kBadMessage);  // lost_count of a step
  EXPECT_EQ(DecodeError(step + Bytes(17, "\xFF")), ErrorKind::kBadMessage);
}

TEST(Proto, LimitsHold) {
  Event event = Minimal();
  Value deep = Value::Int(1);
  for (int i = 0; i < 9; ++i) deep = Value::Sequence({deep});
  event.claims.push_back({.args = {.positional = {deep}}});
  const std::string bytes = EncodeEvent(event);
  EXPECT_TRUE(DecodeEvent(bytes, {.depth_max = 10}).ok());
  EXPECT_EQ(DecodeError(bytes, {.depth_max = 9}), ErrorKind::kTooDeep);
  EXPECT_EQ(DecodeError(bytes, {.message_bytes_max = bytes.size() - 1}), ErrorKind::kTooLong);
}

// Changed bytes: our reader and the generated classes agree on what is a message, and on what
// it says. Ours is narrower in two things that no writer makes: two messages where one
// belongs, which others merge, and field numbers beyond 29 bits, which others cut.
TEST(Proto, AgreesWithTheGeneratedClassesOnChangedBytes) {
  Rng rng(3);
  int accepted = 0;
  int refused = 0;
  int narrower = 0;
  for (std::uint64_t i = 1; i <= 3000; ++i) {
    std::string bytes = EncodeEvent(test::RandomEvent(rng, {"n1", 1, i}));
    for (int changes = 0; changes < 20; ++changes) {
      std::string changed = bytes;
      if (rng.OneIn(4)) {
        changed.resize(rng.Below(bytes.size()));
      } else {
        char& byte = changed[rng.Below(bytes.size())];
        byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << rng.Below(8)));
      }
      const Result<Event> ours = DecodeEvent(changed);
      const Result<Event> theirs = test::ReferenceDecodeEvent(changed);
      (ours.ok() ? accepted : refused) += 1;
      if (ours.ok()) {
        ASSERT_TRUE(CheckWritable(*ours, {.depth_max = 400}).ok());
        ASSERT_TRUE(theirs.ok()) << theirs.error().Render();
        ASSERT_EQ(*ours, *theirs);
      } else if (theirs.ok()) {
        ++narrower;
        const std::string& message = ours.error().message;
        ASSERT_TRUE(Contains(message, "two of its") || Contains(message, "no message")) << message;
      }
    }
  }
  EXPECT_LT(narrower, 100);
  EXPECT_GT(accepted, 1000);
  EXPECT_GT(refused, 1000);
}

TEST(Proto, AgreesWithTheGeneratedClassesOnHeaders) {
  Rng rng(4);
  for (int i = 0; i < 5000; ++i) {
    std::string bytes = EncodeHeader(test::RandomHeader(rng));
    char& byte = bytes[rng.Below(bytes.size())];
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << rng.Below(8)));
    const Result<Header> ours = DecodeHeader(bytes);
    const Result<Header> theirs = test::ReferenceDecodeHeader(bytes);
    if (ours.ok()) {
      ASSERT_TRUE(theirs.ok()) << theirs.error().Render();
      ASSERT_EQ(*ours, *theirs);
    } else if (theirs.ok()) {
      ASSERT_TRUE(Contains(ours.error().message, "two of its")) << ours.error().Render();
    }
  }
}

TEST(Errors, RenderNamesPlaceAndCure) {
  const Error error{.kind = ErrorKind::kNullValue,
                    .place = {.file = "a.jsonl", .line = 3, .column = 7, .offset = 90},
                    .message = "null is no value",
                    .found = "null",
                    .expected = "a value",
                    .hint = "leave it out"};
  EXPECT_EQ(error.Render(),
            "a.jsonl:3:7: error[null-value]: null is no value (byte 90)\n"
            "  found:    null\n  expected: a value\n  hint:     leave it out\n");
}

}  // namespace
}  // namespace kelpie::trace
