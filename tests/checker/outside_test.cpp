// Files, programs and the environment: reached only as far as options allow.
#include <fstream>

#include "checker/cli/outside.h"
#include "expression_fixture.h"

namespace kelpie::eval {
namespace {

class OutsideTest : public ExpressionTest {
 protected:
  Answer Evaluate(const std::string& expression) {
    options_.outside = std::make_shared<cli::ProcessOutside>(allowed_);
    return ExpressionTest::Evaluate(expression);
  }
  cli::OutsideOptions allowed_;
};

TEST_F(OutsideTest, FilesAreWrittenOnlyInsideTheFolder) {
  modules_ = ", CSV, IOUtils, SVG";
  const std::string file = (folder_ / "out.csv").string();
  const std::string write = "CSVWrite(\"%1$s;%2$s %%\", <<\"a\", {1}>>, \"" + file + "\")";
  EXPECT_EQ(Evaluate(write).error, "unsupported: CSVWrite: would write the file `" + file + "`");
  allowed_.write_folder = (folder_ / "other").string();
  EXPECT_EQ(Evaluate(write).error, "unsupported: CSVWrite: would write the file `" + file + "`");
  const std::string outside = "CSVWrite(\"%s\", <<1>>, \"" + (folder_ / "other/../x.csv").string() + "\")";
  EXPECT_EQ(Evaluate(outside).error.rfind("unsupported", 0), 0U);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x.csv"));
  allowed_.write_folder = folder_.string();
  EXPECT_TRUE(Evaluate(write).value->as_bool());
  EXPECT_TRUE(Evaluate(write).value->as_bool());
  EXPECT_TRUE(Same(*Evaluate("CSVRecords(\"" + file + "\")").value, Value::Int(2)));
  EXPECT_TRUE(Same(*Evaluate("CSVRead(<<\"k\", \"v\">>, \";\", \"" + file + "\")[2].v").value,
                   Value::String("{1} %")));
  EXPECT_FALSE(Evaluate("CSVRead(<<\"k\">>, \";\", \"" + file + "\")").value);
  EXPECT_FALSE(Evaluate("CSVWrite(\"%d\", <<1>>, \"" + file + "\")").value);
  EXPECT_FALSE(Evaluate("CSVWrite(\"%s %s\", <<1>>, \"" + file + "\")").value);
  const std::string record = (folder_ / "r.csv").string();
  EXPECT_TRUE(Evaluate("CSVWriteRecord([b |-> \"q\", a |-> 1], \";\", TRUE, \"" + record + "\")").value->as_bool());
  EXPECT_TRUE(Same(*Evaluate("CSVRead(<<\"k\", \"v\">>, \";\", \"" + record + "\")[1].k").value, Value::String("a")));
  EXPECT_TRUE(Same(*Evaluate("Serialize(\"t\", \"" + file +
                             "\", [format |-> \"TXT\", charset |-> \"UTF-8\", openOptions |-> <<\"WRITE\">>]).exitValue")
                        .value,
                   Value::Int(0)));
  EXPECT_TRUE(Same(*Evaluate("Deserialize(\"" + file + "\", [format |-> \"TXT\", charset |-> \"UTF-8\"]).stdout").value,
                   Value::String("t")));
  allowed_.limits.bytes_max = 0;
  EXPECT_NE(Evaluate("CSVRecords(\"" + file + "\")").error.find("--max-text"), std::string::npos);
}

TEST_F(OutsideTest, JsonIsWrittenOnlyInsideTheFolder) {
  modules_ = ", Json";
  const std::string file = (folder_ / "new" / "out.json").string();
  const std::string write = "JsonSerialize(\"" + file + "\", [b |-> {2, 1}, a |-> <<m1>>])";
  const std::string lines = "ndJsonSerialize(\"" + file + "\", <<1, [a |-> TRUE]>>)";
  EXPECT_EQ(Evaluate(write).error, "unsupported: JsonSerialize: would write the file `" + file + "`");
  EXPECT_EQ(Evaluate(lines).error, "unsupported: ndJsonSerialize: would write the file `" + file + "`");
  allowed_.write_folder = (folder_ / "other").string();
  EXPECT_FALSE(Evaluate(write).value);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "new"));
  allowed_.write_folder = folder_.string();
  ASSERT_TRUE(Evaluate(write).value);
  EXPECT_TRUE(Same(*Evaluate("JsonDeserialize(\"" + file + "\") = [a |-> <<\"m1\">>, b |-> <<1, 2>>]").value,
                   Value::Bool(true)));
  ASSERT_TRUE(Evaluate(lines).value);
  EXPECT_TRUE(Same(*Evaluate("ndJsonDeserialize(\"" + file + "\") = <<1, [a |-> TRUE]>>").value, Value::Bool(true)));
  EXPECT_EQ(Evaluate("JsonDeserialize(\"" + file + "\")").error.rfind("bad-file: " + file + ":2:1: not JSON", 0), 0U);
  EXPECT_EQ(Evaluate("JsonDeserialize(\"" + folder_.string() + "\")").error,
            "unsupported: JsonDeserialize: cannot read `" + folder_.string() + "`");
  allowed_.limits.bytes_max = 3;
  EXPECT_NE(Evaluate("JsonDeserialize(\"" + file + "\")").error.find("--max-text"), std::string::npos);
}

TEST_F(OutsideTest, PicturesAreWrittenOnlyInsideTheFolder) {
  modules_ = ", SVG";
  const std::string write = "SVGSerialize(Group(<<>>, <<>>), \"" + (folder_ / "p").string() + "\", 7).exitValue";
  EXPECT_EQ(Evaluate(write).error.rfind("unsupported: SVGSerialize: would write", 0), 0U);
  allowed_.write_folder = folder_.string();
  EXPECT_TRUE(Same(*Evaluate(write).value, Value::Int(0)));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "p007.svg"));
  EXPECT_FALSE(Evaluate("SVGSerialize(3, \"" + (folder_ / "p").string() + "\", 7)").value);
  EXPECT_EQ(Evaluate("NodesOfDirectedMultiGraph({}, {}, <<>>)").error.rfind("unsupported", 0), 0U);
}

TEST_F(OutsideTest, ProgramsRunOnlyWhenAllowed) {
  modules_ = ", IOUtils";
  const std::string run = "IOExec(<<\"sh\", \"-c\", \"echo out; echo err >&2; exit 3\">>)";
  EXPECT_EQ(Evaluate(run).error, "unsupported: IOExec: would run `sh`");
  allowed_.may_execute = true;
  const Answer answer = Evaluate(run + " = [exitValue |-> 3, stdout |-> \"out\\n\", stderr |-> \"err\\n\"]");
  ASSERT_TRUE(answer.value) << answer.error;
  EXPECT_TRUE(answer.value->as_bool());
  EXPECT_TRUE(Same(*Evaluate("IOEnvExec([V |-> 4], <<\"sh\", \"-c\", \"echo $V\">>).stdout").value, Value::String("4\n")));
  EXPECT_TRUE(Same(*Evaluate("IOExecTemplate(<<\"echo\", \"%2$s-%1$s\">>, <<\"a\", \"b\">>).stdout").value,
                   Value::String("b-a\n")));
  EXPECT_TRUE(Same(*Evaluate("IOEnvExecTemplate([V |-> \"x\"], <<\"sh\", \"-c\", \"echo %s$V\">>, <<\"a\">>).stdout").value,
                   Value::String("ax\n")));
  EXPECT_FALSE(Evaluate("IOExec(<<\"surely-no-such-program\">>)").value);
  EXPECT_FALSE(Evaluate("IOExec(<<>>)").value);
  EXPECT_FALSE(Evaluate("IOExec(<<1>>)").value);
  EXPECT_FALSE(Evaluate("IOExec({})").value);
  EXPECT_FALSE(Evaluate("IOEnvExec(1, <<\"true\">>)").value);
  allowed_.limits.bytes_max = 10;
  EXPECT_NE(Evaluate("IOExec(<<\"echo\", \"more than ten bytes\">>)").error.find("--max-text"), std::string::npos);
  allowed_.limits.seconds_max = 0;
  EXPECT_NE(Evaluate("IOExec(<<\"sleep\", \"1000\">>)").error.find("--max-exec"), std::string::npos);
}

TEST_F(OutsideTest, ThereMayBeNone) {
  modules_ = ", IOUtils";
  EXPECT_EQ(ExpressionTest::Evaluate("IOEnv").error,
            "unsupported: IOEnv asks for the world outside, and there is none here");
  ::setenv("KELPIE_OUTSIDE_TEST", "x", 1);
  EXPECT_TRUE(Same(*Evaluate("IOEnv.KELPIE_OUTSIDE_TEST").value, Value::String("x")));
  EXPECT_EQ(Evaluate("IOEnv.KELPIE_OUTSIDE_TEST_NOT").error.rfind("outside-domain", 0), 0U);
}

}  // namespace
}  // namespace kelpie::eval
