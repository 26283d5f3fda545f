// Which expressions are counted when coverage is asked for: those that are truth values by where they stand.
#include "checker/program/compiler.h"

namespace kelpie::program {

using resolve::ExprKind;
using resolve::Level;

namespace {

// What is true or false because it stands here. Operands of /\, \/, => and ~, bodies of quantifiers; the branches of
// an IF or CASE that is itself one of these.
class CountedFinder {
 public:
  CountedFinder(const Program& program, std::vector<bool>& is_counted) : program_(program), is_counted_(is_counted) {}

  void Run() {
    for (std::uint32_t i = 0; i < program_.spec->exprs.size(); ++i) {
      const Expr& e = program_.expr(ExprId{i});
      switch (e.kind) {
        case ExprKind::kAnd:
        case ExprKind::kOr:
          for (const ExprId operand : e.operands) Add(operand);
          break;
        case ExprKind::kForAll:
        case ExprKind::kExists:
          if (!e.operands.empty()) Add(e.operands.back());
          break;
        case ExprKind::kBuiltin:
          if (e.builtin == Builtin::kImplies) {
            for (const ExprId operand : e.operands) Add(operand);
          }
          break;
        default: break;
      }
    }
  }

 private:
  // What stands for nothing is not counted: a list of one, which people write for its bullet.
  void Add(ExprId id) {
    const Expr& e = program_.expr(id);
    if (e.level == Level::kTemporal || is_counted_[id.index]) return;
    if (e.kind == ExprKind::kLabel) return Add(e.operands[0]);
    is_counted_[id.index] = e.kind != ExprKind::kAnd && e.kind != ExprKind::kBool;
    if (e.kind == ExprKind::kIf) {
      Add(e.operands[1]);
      Add(e.operands[2]);
    }
    for (const auto& arm : e.arms) {
      if (e.kind == ExprKind::kCase) Add(arm.value);
    }
  }

  const Program& program_;
  std::vector<bool>& is_counted_;
};

}  // namespace

void Compiler::FindCounted() {
  is_counted_.assign(spec_.exprs.size(), false);
  CountedFinder(program_, is_counted_).Run();
}

}  // namespace kelpie::program
