#include "mutation.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace kelpie::test {
namespace {

bool IsWord(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool IsBracketOrComma(char c) { return std::string_view("(){}[],").find(c) != std::string_view::npos; }

std::size_t EndOfComment(std::string_view text, std::size_t begin) {
  std::size_t depth = 0;
  std::size_t i = begin;
  while (i < text.size()) {
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("(*")) {
      ++depth;
      i += 2;
    } else if (rest.starts_with("*)")) {
      i += 2;
      if (--depth == 0) break;
    } else {
      ++i;
    }
  }
  return std::min(i, text.size());
}

std::size_t EndOfString(std::string_view text, std::size_t begin) {
  std::size_t i = begin + 1;
  while (i < text.size() && text[i] != '"' && text[i] != '\n') i += text[i] == '\\' ? 2 : 1;
  return std::min(i + 1, text.size());
}

std::size_t EndOfToken(std::string_view text, std::size_t begin) {
  const char first = text[begin];
  if (first == '"') return EndOfString(text, begin);
  if (IsBracketOrComma(first)) return begin + 1;
  std::size_t end = begin + 1;
  const bool is_backslash_word = first == '\\' && end < text.size() && IsWord(text[end]);
  if (IsWord(first) || is_backslash_word) {
    while (end < text.size() && IsWord(text[end])) ++end;
    return end;
  }
  while (end < text.size() && !IsWord(text[end]) && !IsBracketOrComma(text[end]) && text[end] != '"' &&
         std::isspace(static_cast<unsigned char>(text[end])) == 0 && !text.substr(end).starts_with("(*") &&
         text[end] != '\\') {
    ++end;
  }
  // `/\` ends with the backslash that otherwise begins a word.
  if (end < text.size() && text[end] == '\\' && text[end - 1] == '/') ++end;
  return end;
}

std::uint64_t Mix(std::uint64_t x) {  // splitmix64
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

constexpr std::array<std::string_view, 3> kNames = {"delete", "move", "indent"};

}  // namespace

std::string_view NameOf(MutationKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::optional<MutationKind> FindMutationKind(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<MutationKind>(found - kNames.begin());
}

std::vector<TextToken> TokensOf(std::string_view text) {
  std::vector<TextToken> tokens;
  std::size_t i = 0;
  while (i < text.size()) {
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("(*")) {
      i = EndOfComment(text, i);
    } else if (rest.starts_with("\\*")) {
      i = std::min(text.find('\n', i), text.size());
    } else if (std::isspace(static_cast<unsigned char>(rest.front())) != 0) {
      ++i;
    } else {
      const std::size_t end = EndOfToken(text, i);
      tokens.push_back({i, end});
      i = end;
    }
  }
  return tokens;
}

std::optional<std::string> Apply(const Mutation& mutation, std::string_view text,
                                 const std::vector<TextToken>& tokens) {
  if (mutation.token >= tokens.size()) return std::nullopt;
  const TextToken token = tokens[mutation.token];
  std::string out(text);
  const std::string word(text.substr(token.begin, token.end - token.begin));
  switch (mutation.kind) {
    case MutationKind::kDelete: return out.erase(token.begin, word.size());
    case MutationKind::kMove: {
      const auto target = static_cast<std::ptrdiff_t>(mutation.token) + mutation.by;
      if (mutation.by == 0 || target < 0 || target >= static_cast<std::ptrdiff_t>(tokens.size())) return std::nullopt;
      const TextToken other = tokens[static_cast<std::size_t>(target)];
      if (mutation.by > 0) {
        out.insert(other.end, " " + word);
        return out.erase(token.begin, word.size());
      }
      out.erase(token.begin, word.size());
      return out.insert(other.begin, word + " ");
    }
    case MutationKind::kIndent: {
      if (mutation.by > 0) return out.insert(token.begin, std::string(static_cast<std::size_t>(mutation.by), ' '));
      const auto columns = static_cast<std::size_t>(-mutation.by);
      if (columns == 0 || columns > token.begin) return std::nullopt;
      const std::string_view before = text.substr(token.begin - columns, columns);
      if (before.find_first_not_of(' ') != std::string_view::npos) return std::nullopt;
      return out.erase(token.begin - columns, columns);
    }
  }
  return std::nullopt;
}

std::optional<Mutation> Draw(MutationKind kind, std::string_view text, const std::vector<TextToken>& tokens,
                             std::uint64_t seed) {
  if (tokens.empty()) return std::nullopt;
  constexpr int kTries = 50;
  for (int i = 0; i < kTries; ++i) {
    const std::uint64_t random = Mix(seed * 1000 + static_cast<std::uint64_t>(i));
    const std::uint64_t other = Mix(random);
    Mutation mutation{kind, random % tokens.size(), 0};
    if (kind != MutationKind::kDelete) mutation.by = static_cast<int>(other % 9) - 4;
    const std::optional<std::string> damaged = Apply(mutation, text, tokens);
    if (damaged && *damaged != text) return mutation;
  }
  return std::nullopt;
}

std::string DigestOf(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001B3U;
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4) out += kDigits[(hash >> shift) & 15U];
  return out;
}

}  // namespace kelpie::test
