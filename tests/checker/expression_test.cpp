// Expressions with TLC's recorded answers: each value must equal ours, each error must be one.
#include <algorithm>
#include <fstream>
#include <map>

#include "expression_fixture.h"

namespace kelpie::eval {
namespace {

struct Row {
  std::string expression;
  std::string result;
  std::string value;
  std::string ours;  // where it is another one on purpose: our value, or `error`
};

std::vector<Row> ReadRows(const std::string& name) {
  std::ifstream in(std::string(KELPIE_SOURCE_DIR) + "/tests/testdata/" + name);
  std::vector<Row> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::vector<std::string> cells(4);
    std::size_t begin = 0;
    for (std::string& cell : cells) {
      const std::size_t end = std::min(line.find('\t', begin), line.size());
      cell = line.substr(begin, end - begin);
      begin = std::min(end + 1, line.size());
    }
    rows.push_back({cells[0], cells[1], cells[2], cells[3]});
  }
  return rows;
}

// What a table says that files hold: `\n`, `\r`, `\t`, `\\` and `\xHH` for bytes.
std::string Unescaped(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      bytes += text[i];
      continue;
    }
    const char escape = text[++i];
    if (escape == 'x') {
      bytes += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      bytes += escape == 'n' ? '\n' : escape == 'r' ? '\r' : escape == 't' ? '\t' : escape;
    }
  }
  return bytes;
}

// A world of files alone.
class Files : public Outside {
 public:
  std::map<std::string, std::string> texts;
  Variables Environment() override { return {}; }
  std::optional<std::string> Read(const std::string& path, Refusal&) override {
    ++read_count[path];
    return texts.contains(path) ? std::optional(texts.at(path)) : std::nullopt;
  }
  void Write(const std::string& path, const std::string& text, bool is_appended, Refusal&) override {
    texts[path] = is_appended ? texts[path] + text : text;
  }
  ProgramResult Run(const std::vector<std::string>&, const Variables&, Refusal&) override { return {}; }
  std::map<std::string, int> read_count;
};

class Expressions : public ExpressionTest {
 protected:
  void Compare(const std::string& table);
  void CompareOurs(const Row& row, const Answer& answer);
  std::shared_ptr<Files> files_ = std::make_shared<Files>();
};

// Where we answer and TLC does not, on purpose; checker/README.md has the reasons.
bool IsDeliberate(const Row& row, const Answer& answer) {
  if (row.value == "overflow") return answer.value.has_value();  // TLC stops at 32 bits, we at 64
  // TLC's own class refuses what the definition allows (a record as a function), or makes the whole set to ask it.
  if (row.value == "refused") return answer.value.has_value();
  // TLC looks through the list before it makes a set of it; ours is no set at all.
  return row.expression.find("\\in {1, \"a\"}") != std::string::npos && !answer.value;
}

void Expressions::CompareOurs(const Row& row, const Answer& answer) {
  if (row.ours == "error") {
    EXPECT_FALSE(answer.value) << row.expression << "\n  ours: " << ToString(*answer.value);
    return;
  }
  const Answer expected = Evaluate(row.ours);
  ASSERT_TRUE(expected.value && answer.value) << row.expression << "\n" << answer.error;
  EXPECT_TRUE(Same(*answer.value, *expected.value)) << row.expression << "\n  ours: " << ToString(*answer.value);
}

void Expressions::Compare(const std::string& table) {
  std::size_t compared = 0;
  for (const Row& row : ReadRows(table)) {
    if (row.result == "lazy") continue;
    if (row.result == "extends") {  // the module of the rows below
      modules_ = ", " + row.expression;
      continue;
    }
    if (row.result == "file") {
      files_->texts[row.expression] = Unescaped(row.value);
      continue;
    }
    const Answer answer = Evaluate(row.expression);
    ++compared;
    if (!row.ours.empty()) {
      CompareOurs(row, answer);
      continue;
    }
    if (row.result == "ok") {
      const Answer expected = Evaluate(row.value);
      ASSERT_TRUE(expected.value) << row.value << " " << expected.error;
      if (!answer.value && IsDeliberate(row, answer)) continue;
      if (!answer.value) {
        ADD_FAILURE() << row.expression << "\n  TLC: " << row.value << "\n  ours: " << answer.error;
      } else {
        EXPECT_TRUE(Same(*answer.value, *expected.value))
            << row.expression << "\n  TLC: " << row.value << "\n  ours: " << ToString(*answer.value);
      }
    } else if (answer.value && !IsDeliberate(row, answer)) {
      ADD_FAILURE() << row.expression << "\n  TLC: error " << row.value << "\n  ours: " << ToString(*answer.value);
    } else if (!answer.value) {
      EXPECT_EQ(row.value == "parse", answer.error.rfind("parse", 0) == 0) << row.expression << "\n" << answer.error;
    }
  }
  EXPECT_GT(compared, 30U);
}

TEST_F(Expressions, AgreeWithTlc) { Compare("expressions.tsv"); }

TEST_F(Expressions, OfBagsAndTlcExtAgreeWithTlc) {
  modules_ = ", Bags, TLCExt";
  Compare("expressions_modules.tsv");
}

// The community modules, with the classes that TLC has for them.
TEST_F(Expressions, OfSetsAndFunctionsAgreeWithTlc) { Compare("expressions_sets.tsv"); }

TEST_F(Expressions, OfSequencesExtAgreeWithTlc) { Compare("expressions_sequences.tsv"); }

TEST_F(Expressions, OfNumbersAndRelationsAgreeWithTlc) { Compare("expressions_numbers.tsv"); }

TEST_F(Expressions, OfOrdersAgreeWithTlc) { Compare("expressions_orders.tsv"); }

TEST_F(Expressions, OfGraphsAgreeWithTlc) { Compare("expressions_graphs.tsv"); }

TEST_F(Expressions, OfFilesPicturesAndClocksAgreeWithTlc) {
  class Nothing : public Outside {
    Variables Environment() override { return {{"PATH", "/bin"}}; }
    std::optional<std::string> Read(const std::string&, Refusal&) override { return std::nullopt; }
    void Write(const std::string&, const std::string&, bool, Refusal& refusal) override { refusal.message = "no"; }
    ProgramResult Run(const std::vector<std::string>&, const Variables&, Refusal&) override { return {}; }
  };
  options_.outside = std::make_shared<Nothing>();
  Compare("expressions_io.tsv");
}

TEST_F(Expressions, OfJsonAgreeWithTlc) {
  options_.outside = files_;
  Compare("expressions_json.tsv");
}

// A file is read once, however many expressions ask for it, until it is written.
TEST_F(Expressions, FilesAreReadOnce) {
  modules_ = ", Json";
  options_.outside = files_;
  files_->texts["f"] = "1\n2\n";
  const Answer answer = Evaluate("\\A i \\in 1..5 : ndJsonDeserialize(IF i > 0 THEN \"f\" ELSE \"g\")[(i % 2) + 1] > 0");
  ASSERT_TRUE(answer.value) << answer.error;
  EXPECT_EQ(files_->read_count["f"], 1);
  EXPECT_EQ(Evaluate("[i \\in 1..3 |-> ndJsonSerialize(\"f\", <<i>>) /\\ ndJsonDeserialize(IF i > 0 THEN \"f\" ELSE \"g\") "
                     "= <<i>>] = <<TRUE, TRUE, TRUE>>")
                .value->as_bool(),
            true);
  EXPECT_EQ(files_->read_count["f"], 4);
  files_->texts["g"] = "{\"a\": 1,\n \"b\": 0.5}";
  EXPECT_EQ(Evaluate("JsonDeserialize(\"g\")").error, "bad-file: g:2:7: the number 0.5 is no integer of 64 bits");
  EXPECT_EQ(Evaluate("JsonDeserialize(\"h\")").error, "bad-file: JsonDeserialize: there is no file `h`");
}

// The numbers of Reals are no values; its operators work where the result is an integer.
TEST_F(Expressions, OfRealsAreIntegers) {
  modules_ = "";
  const auto evaluate = [this](const std::string& expression) {
    modules_ = ", Reals";
    return Evaluate(expression);
  };
  EXPECT_TRUE(Same(*evaluate("6 / 3").value, Value::Int(2)));
  EXPECT_TRUE(Same(*evaluate("-6 / 3").value, Value::Int(-2)));
  EXPECT_TRUE(Same(*evaluate("{-1, 5} \\subseteq Real").value, Value::Bool(true)));
  EXPECT_EQ(evaluate("5 / 3").error.rfind("arithmetic", 0), 0U);
  EXPECT_EQ(evaluate("5 / 0").error.rfind("arithmetic", 0), 0U);
  EXPECT_EQ(evaluate("Infinity").error.rfind("unsupported", 0), 0U);
  EXPECT_EQ(evaluate("\\E x \\in Real : x > 3").error.rfind("not-enumerable", 0), 0U);
}

// The DOMAIN of a rule over a tuple and a variable has pairs whose first part is the tuple.
TEST_F(Expressions, RecursiveFunctionsOverTuplesHaveADomain) {
  const Answer answer =
      Evaluate("(LET d[<<a, b>> \\in {<<1, 2>>}, c \\in {3}] == a + b + c IN d) = [p \\in {<<<<1, 2>>, 3>>} |-> 6]");
  ASSERT_TRUE(answer.value) << answer.error;
  EXPECT_TRUE(answer.value->as_bool());
}

// More values of one recursive function than are remembered at a time.
TEST_F(Expressions, RecursiveFunctionsForgetValues) {
  const Answer answer =
      Evaluate("LET d[n \\in Nat] == IF n % 1000 = 0 THEN n ELSE d[n - 1] IN Cardinality({d[n] : n \\in 0..249999})");
  ASSERT_TRUE(answer.value) << answer.error;
  EXPECT_TRUE(Same(*answer.value, Value::Int(250)));
}

// RECURSIVE F(_, _, _) with an operator among the parameters, passed on by F itself; TLC's answers.
TEST_F(Expressions, RecursiveOperatorsTakeOperators) {
  const std::string fold =
      "LET RECURSIVE Fold(_, _, _) Fold(Op(_, _), base, q) == IF q = <<>> THEN base ELSE Op(Head(q), Fold(Op, base, "
      "Tail(q))) IN ";
  EXPECT_TRUE(Same(*Evaluate(fold + "Fold(LAMBDA a, b : a + b, 0, <<1, 2, 3>>)").value, Value::Int(6)));
  EXPECT_TRUE(
      Same(*Evaluate(fold + "LET c == 10 IN Fold(LAMBDA a, b : a + b + c, 0, <<1, 2>>) + Fold(-, 0, <<5, 3>>)").value,
           Value::Int(25)));
}

TEST_F(Expressions, AssertErrorComparesTheText) {
  modules_ = ", TLCExt";
  EXPECT_TRUE(Evaluate("AssertError(\"division by zero\", 1 \\div 0)").value->as_bool());
  EXPECT_FALSE(Evaluate("AssertError(\"division by zero\", 1 \\div 1)").value->as_bool());
  EXPECT_FALSE(Evaluate("AssertError(\"overflow\", 1 \\div 0)").value->as_bool());
}

}  // namespace
}  // namespace kelpie::eval
