// Small damages to a module's text: one token deleted, moved or re-indented.
//
//   std::vector<TextToken> tokens = TokensOf(text);
//   std::string damaged = Apply({MutationKind::kDelete, 7, 0}, text, tokens);
//
// The tokens are found by a scanner of its own, so that a row of a table means the same text whatever
// becomes of the front end. Comments and the spaces between tokens stay where they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kelpie::test {

struct TextToken {
  std::size_t begin;
  std::size_t end;
};

enum class MutationKind { kDelete, kMove, kIndent };

struct Mutation {
  MutationKind kind;
  std::size_t token;  // which one, from 0
  int by;             // kMove: tokens to the right; kIndent: columns to the right; left when negative
};

[[nodiscard]] std::string_view NameOf(MutationKind kind);
[[nodiscard]] std::optional<MutationKind> FindMutationKind(std::string_view name);

// Names, numbers, strings, signs and runs of operator characters, outside of comments.
[[nodiscard]] std::vector<TextToken> TokensOf(std::string_view text);

// Nothing when the mutation does not fit the text: no such token, or no room to the left.
[[nodiscard]] std::optional<std::string> Apply(const Mutation& mutation, std::string_view text,
                                               const std::vector<TextToken>& tokens);

// One mutation of the kind; the same for the same arguments on every machine. Nothing when none fits.
[[nodiscard]] std::optional<Mutation> Draw(MutationKind kind, std::string_view text,
                                           const std::vector<TextToken>& tokens, std::uint64_t seed);

// FNV-1a, 64 bits, in hexadecimal: tells that a text is still the one that was judged.
[[nodiscard]] std::string DigestOf(std::string_view text);

}  // namespace kelpie::test
