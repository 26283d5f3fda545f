// Next taken apart into groups gives what it gives as a whole; a group depends on nothing but what it reads.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "checker/eval/evaluator.h"
#include "checker/eval/value_order.h"
#include "load_program.h"

namespace kelpie::explore {
namespace {

using eval::State;
using eval::Value;

std::vector<std::filesystem::path> Configs() {
  std::vector<std::filesystem::path> all;
  for (const char* folder : {"/tests/testdata/explore", "/tla/specs", "/bench/specs"}) {
    for (const auto& entry : std::filesystem::directory_iterator(std::string(KELPIE_SOURCE_DIR) + folder)) {
      if (entry.path().extension() == ".cfg") all.push_back(entry.path());
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

struct FoundStep {
  State state;
  std::uint32_t definition = 0;
};
using FoundSteps = std::vector<FoundStep>;

eval::Evaluator::SuccessorVisitor Into(FoundSteps& found) {
  return [&found](const eval::Successor& next) {
    found.push_back({next.state, next.definition.index});
    return true;
  };
}

// The first states of a model, each with the steps of each group.
class GroupWalk {
 public:
  explicit GroupWalk(std::shared_ptr<const program::Program> program) : evaluator_(std::move(program), {}, {}) {}

  template <typename Visit>
  void Run(std::size_t states_max, const Visit& visit) {
    std::vector<State> states;
    std::map<std::string, bool> seen;
    const auto add = [&](const State& state) {
      std::string text;
      for (const Value& value : state) text += eval::ToString(value) + "; ";
      if (states.size() < states_max && seen.emplace(text, true).second) states.push_back(state);
      return true;
    };
    if (evaluator_.InitialStates(add)) return;
    for (std::size_t i = 0; i < states.size(); ++i) {
      const State state = states[i];
      FoundSteps whole;
      const auto status = evaluator_.Successors(state, {.count_ways = true}, Into(whole));
      if (status) return;  // errors are met by the tables of recorded models
      visit(evaluator_, state, whole);
      for (const FoundStep& step : whole) add(step.state);
    }
  }

 private:
  eval::Evaluator evaluator_;
};

TEST(StepGroups, GiveWhatTheWholeGives) {
  std::size_t compared = 0;
  std::size_t apart = 0;
  for (const auto& config : Configs()) {
    const auto program = LoadProgram(config);
    if (program == nullptr || !program->next.is_valid() || program->init.empty()) continue;
    GroupWalk(program).Run(60, [&](eval::Evaluator& evaluator, const State& state, const FoundSteps& whole) {
      FoundSteps groups;
      const std::size_t count = evaluator.StepGroups().size();
      for (std::size_t g = 0; g < count; ++g) {
        ASSERT_FALSE(evaluator.GroupSuccessors(g, state, {.count_ways = true}, Into(groups)));
      }
      apart += count > 1 ? 1 : 0;
      ASSERT_EQ(groups.size(), whole.size()) << config;
      for (std::size_t i = 0; i < whole.size(); ++i) {
        EXPECT_TRUE(eval::SameState(groups[i].state, whole[i].state)) << config;
        EXPECT_EQ(groups[i].definition, whole[i].definition) << config;
      }
      ++compared;
    });
  }
  EXPECT_GT(compared, 2'000U);
  EXPECT_GT(apart, 1'000U);
}

// A group over the elements of a variable gives, element by element, what it gives as a whole.
TEST(StepGroups, GiveByElementsWhatTheyGiveAsAWhole) {
  std::size_t compared = 0;
  for (const auto& config : Configs()) {
    const auto program = LoadProgram(config);
    if (program == nullptr || !program->next.is_valid() || program->init.empty()) continue;
    GroupWalk(program).Run(300, [&](eval::Evaluator& evaluator, const State& state, const FoundSteps&) {
      for (std::size_t g = 0; g < evaluator.StepGroups().size(); ++g) {
        const auto slot = evaluator.StepGroups()[g].elements_of;
        if (!slot || !state[*slot].is_set()) continue;
        FoundSteps whole;
        FoundSteps apart;
        ASSERT_FALSE(evaluator.GroupSuccessors(g, state, {.count_ways = true}, Into(whole)));
        for (const Value& element : state[*slot].items()) {
          ASSERT_FALSE(evaluator.GroupSuccessors(g, state, {.count_ways = true}, Into(apart), nullptr, &element));
        }
        ASSERT_EQ(apart.size(), whole.size()) << config;
        for (std::size_t i = 0; i < whole.size(); ++i) {
          EXPECT_TRUE(eval::SameState(apart[i].state, whole[i].state)) << config;
          EXPECT_EQ(apart[i].definition, whole[i].definition) << config;
        }
        compared += whole.size();
      }
    });
  }
  EXPECT_GT(compared, 1'000U);
}

std::string TextAt(const eval::Reads::Place& place, const State& state) {
  const Value& variable = state[place.slot];
  std::string text = std::to_string(place.slot);
  switch (place.kind) {
    case eval::Reads::PlaceKind::kWhole: return text + " = " + eval::ToString(variable);
    case eval::Reads::PlaceKind::kAt: {
      const Value* value = variable.is_function() ? variable.Apply(place.key) : nullptr;
      return text + "[" + eval::ToString(place.key) + "] = " + (value != nullptr ? eval::ToString(*value) : "nothing");
    }
    case eval::Reads::PlaceKind::kSize: return "#" + text + " = " + std::to_string(variable.size());
    case eval::Reads::PlaceKind::kMember: break;
  }
  return text + (variable.Contains(place.key) ? " has " : " lacks ") + eval::ToString(place.key);
}

// The parts of a change, and what the change makes of a value.
std::string TextOf(const eval::Reads::SlotChange& change, const Value& before, const Value& after) {
  if (change.is_all) return eval::ToString(after);
  std::string text;
  Value made = before;
  for (const eval::Reads::Part& part : change.parts) {
    text += std::to_string(static_cast<int>(part.kind)) + " " + eval::ToString(part.key);
    switch (part.kind) {
      case eval::Reads::PartKind::kAt:
        if (after.Apply(part.key) == nullptr) break;
        made = made.With(part.key, *after.Apply(part.key));
        text += " is " + eval::ToString(*after.Apply(part.key));
        break;
      case eval::Reads::PartKind::kElement: made = made.WithElement(part.key); break;
      case eval::Reads::PartKind::kNoElement: made = made.WithoutElement(part.key); break;
    }
    text += ", ";
  }
  EXPECT_TRUE(eval::Same(made, after)) << text << eval::ToString(before) << " to " << eval::ToString(after);
  return text;
}

// States that agree on what was read have the same steps, and what a step says it changes is what it changes.
TEST(StepGroups, DependOnNothingButWhatTheyRead) {
  std::size_t repeated = 0;
  std::size_t parts = 0;
  for (const auto& config : Configs()) {
    const auto program = LoadProgram(config);
    if (program == nullptr || !program->next.is_valid() || program->init.empty()) continue;
    std::map<std::string, std::string> answers;
    eval::Reads reads;
    GroupWalk(program).Run(150, [&](eval::Evaluator& evaluator, const State& state, const FoundSteps&) {
      for (std::size_t g = 0; g < evaluator.StepGroups().size(); ++g) {
        if (!evaluator.StepGroups()[g].is_cachable) continue;
        std::string answer;
        const auto visit = [&](const eval::Successor& next) {
          answer += std::to_string(next.definition.index) + ": ";
          for (std::uint32_t slot = 0; slot < state.size(); ++slot) {
            answer += TextOf(reads.change(slot), state[slot], next.state[slot]) + "; ";
            parts += reads.change(slot).is_all ? 0 : reads.change(slot).parts.size();
          }
          answer += "\n";
          return true;
        };
        reads.Begin(state.size());
        ASSERT_FALSE(evaluator.GroupSuccessors(g, state, {.count_ways = true}, visit, &reads));
        std::string question = std::to_string(g) + ": ";
        for (const eval::Reads::Place& place : reads.places()) question += TextAt(place, state) + "; ";
        const auto [known, is_new] = answers.emplace(question, answer);
        ASSERT_EQ(known->second, answer) << config << " " << question;
        repeated += is_new ? 0 : 1;
      }
    });
  }
  EXPECT_GT(repeated, 20'000U);
  EXPECT_GT(parts, 5'000U);
}

// A program of one action, and what it reads in a state.
class ReadsTest : public testing::Test {
 protected:
  ~ReadsTest() override { std::filesystem::remove_all(folder_); }

  std::string PlacesOf(const std::string& text, const std::string& init, const std::string& action) {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "R.tla") << "---- MODULE R ----\nEXTENDS Integers, Sequences, FiniteSets\n"
                                     << text << "\nInit == " << init << "\nAct == " << action
                                     << "\nNext == Act\n====\n";
    std::ofstream(folder_ / "R.cfg") << "INIT Init\nNEXT Next\n";
    eval::Evaluator evaluator(LoadProgram(folder_ / "R.cfg"), {}, {});
    eval::Reads reads;
    std::string found;
    EXPECT_FALSE(evaluator.InitialStates([&](const State& state) {
      reads.Begin(state.size());
      std::string changes;
      EXPECT_EQ(evaluator.StepGroups().size(), 1U);
      EXPECT_FALSE(evaluator.GroupSuccessors(
          0, state, {.count_ways = true},
          [&](const eval::Successor& next) {
            for (std::uint32_t slot = 0; slot < state.size(); ++slot)
              changes += TextOf(reads.change(slot), state[slot], next.state[slot]) + "; ";
            return true;
          },
          &reads));
      for (const eval::Reads::Place& place : reads.places()) found += TextAt(place, state) + "; ";
      found += "-> " + changes;
      return false;
    }));
    return found;
  }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("kelpie-reads-" + std::to_string(::getpid()));
};

TEST_F(ReadsTest, AFunctionIsReadWhereItIsApplied) {
  EXPECT_EQ(PlacesOf("VARIABLES f, x", "f = [i \\in 1..3 |-> i] /\\ x = 2",
                     "f[x] > 1 /\\ f' = [f EXCEPT ![x] = @ + f[1]] /\\ UNCHANGED x"),
            "1 = 2; 0[2] = 2; 0[1] = 1; -> 0 2 is 3, ; ; ");
}

TEST_F(ReadsTest, AFunctionThatTheTextChangesIsReadInItsParts) {
  const std::string init = "f = [i \\in 1..4 |-> i] /\\ x = 2";
  EXPECT_EQ(PlacesOf("VARIABLES f, x", init,
                     "LET g == [f EXCEPT ![x] = @ + 5] IN g[3] = 3 /\\ f' = [g EXCEPT ![1] = g[2]] /\\ UNCHANGED x"),
            "1 = 2; 0[2] = 2; 0[3] = 3; 0[1] = 1; -> 0 2 is 7, 0 1 is 7, ; ; ");
  EXPECT_EQ(PlacesOf("VARIABLES f, x", init, "LET g == [f EXCEPT ![x] = 9, ![x] = @ + 1] IN x' = g[x] /\\ f' = g"),
            "1 = 2; 0[2] = 2; -> 0 2 is 10, 0 2 is 10, ; 10; ");
  EXPECT_EQ(PlacesOf("VARIABLES f, x", init, "LET g == [f EXCEPT ![9] = 0] IN x' = g[1] /\\ UNCHANGED f"),
            "0[9] = nothing; 0[1] = 1; -> ; 1; ");
}

TEST_F(ReadsTest, WhatIsReadOfTheNextStateIsReadOfThisOne) {
  EXPECT_EQ(PlacesOf("VARIABLES f, x", "f = [i \\in 1..3 |-> i] /\\ x = 2", "f' = [f EXCEPT ![1] = 5] /\\ x' = f'[3]"),
            "0[1] = 1; 0 = <<1, 2, 3>>; -> 0 1 is 5, ; 3; ");
}

TEST_F(ReadsTest, ASetIsAskedForMembers) {
  EXPECT_EQ(PlacesOf("VARIABLE s", "s = {1, 2}", "2 \\in s /\\ 3 \\notin s /\\ s' = (s \\ {1}) \\union {7}"),
            "0 has 2; 0 lacks 3; -> 2 1, 1 7, ; ");
}

TEST_F(ReadsTest, OfASizeNothingElseIsRead) {
  EXPECT_EQ(PlacesOf("VARIABLES s, q", "s = {1, 2} /\\ q = <<7>>",
                     "Cardinality(s) < 3 /\\ Len(q) = 1 /\\ s' = s \\union {7} /\\ UNCHANGED q"),
            "#0 = 2; #1 = 1; -> 1 7, ; ; ");
}

TEST_F(ReadsTest, AnArgumentOutsideTheDomainChangesNothing) {
  EXPECT_EQ(PlacesOf("VARIABLE f", "f = [i \\in {\"a\"} |-> 0]", "f' = [f EXCEPT ![\"b\"] = 1]"),
            "0[\"b\"] = nothing; -> 0 \"b\", ; ");
}

TEST_F(ReadsTest, OfManyArgumentsAllIsRead) {
  EXPECT_EQ(PlacesOf("VARIABLE f", "f = [i \\in 1..9 |-> 0]", "(\\A i \\in 1..9 : f[i] = 0) /\\ UNCHANGED f"),
            "0[1] = 0; 0[2] = 0; 0[3] = 0; 0[4] = 0; 0[5] = 0; 0[6] = 0; 0[7] = 0; 0[8] = 0; "
            "0 = <<0, 0, 0, 0, 0, 0, 0, 0, 0>>; -> ; ");
}

TEST_F(ReadsTest, WhatIsEnabledIsNotWhatIsDone) {
  EXPECT_EQ(PlacesOf("VARIABLES f, x", "f = <<1, 2>> /\\ x = 0",
                     "x' = x + 1 /\\ UNCHANGED f /\\ ENABLED (f' = [f EXCEPT ![1] = 9] /\\ x' = 7)"),
            "1 = 0; 0 = <<1, 2>>; -> ; 1; ");
}

TEST(StepGroups, WhatPrintsIsAskedEveryTime) {
  const auto folder = std::filesystem::temp_directory_path() / ("kelpie-step-groups-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "P.tla")
      << "---- MODULE P ----\nEXTENDS Integers, TLC\nVARIABLES x, y\nInit == x = 0 /\\ y = 0\n"
         "Says == PrintT(x) /\\ x' = x /\\ y' = y\nCounts == x' = x + 1 /\\ UNCHANGED y\n"
         "Keeps == TLCSet(1, x) /\\ UNCHANGED <<x, y>>\n"
         "Next == Says \\/ Counts \\/ Keeps\n====\n";
  std::ofstream(folder / "P.cfg") << "INIT Init\nNEXT Next\n";
  eval::Evaluator evaluator(LoadProgram(folder / "P.cfg"), {}, {});
  const std::vector<eval::StepGroup>& groups = evaluator.StepGroups();
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_FALSE(groups[0].is_cachable);
  EXPECT_TRUE(groups[1].is_cachable);
  EXPECT_FALSE(groups[2].is_cachable);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace kelpie::explore
