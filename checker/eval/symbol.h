// Strings of specs and traces, interned: equal text has equal Symbol.
//
//   Symbol s = Intern("token");   s.text() == "token"
//
// Process-wide table, kept until exit: a spec and its traces use few distinct strings.
// Symbols are compared by text order, so the order that a spec can see (CHOOSE over strings) does not depend on who
// came first. Threads: all functions may be called at once; only Intern ever waits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kelpie::eval {

class Symbol {
 public:
  Symbol() = default;
  [[nodiscard]] const std::string& text() const;
  [[nodiscard]] std::uint32_t index() const { return index_; }
  friend bool operator==(Symbol, Symbol) = default;

 private:
  friend Symbol Intern(std::string_view text);
  friend class Value;
  explicit Symbol(std::uint32_t index) : index_(index) {}
  std::uint32_t index_ = 0;
};

[[nodiscard]] Symbol Intern(std::string_view text);

// Negative, zero or positive as a's text is before, equal to or after b's.
[[nodiscard]] int CompareText(Symbol a, Symbol b);

// Depends on the text alone. Cost: O(1), made when interned.
[[nodiscard]] std::uint64_t TextHash(Symbol symbol);

}  // namespace kelpie::eval
