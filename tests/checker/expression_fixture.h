// Constant expressions, each evaluated in a module of its own.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "checker/eval/evaluator.h"
#include "checker/eval/value_order.h"
#include "tla/resolve/load.h"

namespace kelpie::eval {

// What became of one expression: a value, an error kind, or diagnostics.
struct Answer {
  std::optional<Value> value;
  std::string error;
};

class ExpressionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("kelpie-expressions-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "E.cfg") << "CONSTANTS m1 = m1 m2 = m2\n";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Answer Evaluate(const std::string& expression) {
    std::ofstream(folder_ / "E.tla") << "---- MODULE E ----\nEXTENDS Integers, Sequences, FiniteSets, TLC" << modules_
                                     << "\n"
                                     << "CONSTANTS m1, m2\nTheValue == " << expression << "\n====\n";
    tla::SourceMap sources;
    tla::Diagnostics diagnostics;
    const auto spec = resolve::LoadSpec((folder_ / "E.tla").string(), {}, sources, diagnostics);
    if (!spec) return {std::nullopt, "parse: " + tla::Render(sources, diagnostics.list())};
    const auto model = resolve::LoadModel((folder_ / "E.cfg").string(), *spec, {}, sources, diagnostics);
    const auto program = model ? program::BuildProgram(spec, model, diagnostics) : nullptr;
    if (!program) return {std::nullopt, "model: " + tla::Render(sources, diagnostics.list())};
    Evaluator evaluator(program, {}, options_);
    const auto result = evaluator.Evaluate(spec->definition(*spec->FindDefinition("TheValue")).body);
    if (!result.ok()) return {std::nullopt, std::string(NameOf(result.error().kind)) + ": " + result.error().message};
    return {result.value(), ""};
  }

  std::filesystem::path folder_;
  std::string modules_;  // beside the usual ones: ", Bags"
  EvalOptions options_;
};

}  // namespace kelpie::eval
