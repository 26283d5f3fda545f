#include "tla/syntax/model_file.h"

#include <array>
#include <cctype>
#include <charconv>
#include <string_view>
#include <utility>

#include "tla/syntax/utf8.h"

namespace kelpie::syntax {
namespace {

using tla::DiagnosticKind;
using tla::Span;

enum class ModelToken : std::uint8_t { kEnd, kWord, kNumber, kString, kSymbol, kStray };

struct Lexeme {
  ModelToken kind = ModelToken::kEnd;
  std::string_view text;
  Span span;
};

constexpr std::size_t kSetDepthMax = 100;

bool IsWordCharacter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '!'; }

class ModelLexer {
 public:
  ModelLexer(tla::FileId file, std::string_view text, tla::Diagnostics& diagnostics)
      : text_(text), at_{file, 1, 1, 1, 1}, diagnostics_(diagnostics) {}

  Lexeme Next() {
    SkipSpace();
    Lexeme lexeme{.span = at_};
    const std::size_t begin = offset_;
    if (offset_ == text_.size()) return lexeme;
    const char c = text_[offset_];
    const char next = offset_ + 1 < text_.size() ? text_[offset_ + 1] : '\0';
    if (c == '"') {
      lexeme.kind = ModelToken::kString;
      do Advance();
      while (offset_ < text_.size() && text_[offset_] != '"' && text_[offset_] != '\n');
      if (offset_ < text_.size() && text_[offset_] == '"') {
        Advance();
      } else {
        diagnostics_.Add(DiagnosticKind::kUnterminatedString, lexeme.span);
      }
    } else if (IsWordCharacter(c) || (c == '-' && std::isdigit(static_cast<unsigned char>(next)) != 0)) {
      do Advance();
      while (offset_ < text_.size() && IsWordCharacter(text_[offset_]));
      const std::string_view word = text_.substr(begin, offset_ - begin);
      const bool is_number =
          word.find_first_not_of("0123456789", word.starts_with('-') ? 1 : 0) == std::string_view::npos;
      lexeme.kind = is_number ? ModelToken::kNumber : ModelToken::kWord;
    } else {
      const bool is_arrow = c == '<' && next == '-';
      lexeme.kind = is_arrow || std::string_view("={},[]()").find(c) != std::string_view::npos ? ModelToken::kSymbol
                                                                                               : ModelToken::kStray;
      Advance();
      if (is_arrow) Advance();
    }
    lexeme.text = text_.substr(begin, offset_ - begin);
    lexeme.span.end_line = at_.line;
    lexeme.span.end_column = at_.column;
    return lexeme;
  }

 private:
  void Advance() {
    const char c = text_[offset_];
    const bool is_lone_cr = c == '\r' && (offset_ + 1 == text_.size() || text_[offset_ + 1] != '\n');
    offset_ += CodePointSize(c);
    if (c == '\n' || is_lone_cr) {
      ++at_.line;
      at_.column = 1;
    } else {
      ++at_.column;
    }
    at_.end_line = at_.line;
    at_.end_column = at_.column;
  }

  void SkipSpace() {
    while (offset_ < text_.size()) {
      const std::string_view rest = text_.substr(offset_);
      if (rest.starts_with("\\*")) {
        while (offset_ < text_.size() && text_[offset_] != '\n') Advance();
      } else if (rest.starts_with("(*")) {
        SkipComment();
      } else if (std::isspace(static_cast<unsigned char>(rest.front())) != 0) {
        Advance();
      } else {
        return;
      }
    }
  }

  void SkipComment() {
    Span open = at_;
    open.end_column += 2;
    std::size_t depth = 0;
    while (offset_ < text_.size()) {
      const std::string_view rest = text_.substr(offset_);
      const bool opens = rest.starts_with("(*");
      const bool closes = rest.starts_with("*)");
      Advance();
      if (opens || closes) Advance();
      if (opens) ++depth;
      if (closes && --depth == 0) return;
    }
    diagnostics_.Add(DiagnosticKind::kUnterminatedComment, open);
  }

  std::string_view text_;
  std::size_t offset_ = 0;
  Span at_;
  tla::Diagnostics& diagnostics_;
};

class ModelParser {
 public:
  ModelParser(tla::FileId file, std::string_view text, tla::Diagnostics& diagnostics)
      : lexer_(file, text, diagnostics), diagnostics_(diagnostics) {
    Take();
    Take();
  }

  ModelFile Run() {
    while (token_.kind != ModelToken::kEnd) {
      const std::string_view keyword = token_.text;
      const Span keyword_span = token_.span;
      if (!IsKeyword(token_)) {
        Expected("a statement such as CONSTANT, INIT, NEXT, SPECIFICATION or INVARIANT");
        Recover();
        continue;
      }
      Take();
      Statement(keyword, keyword_span);
    }
    return std::move(file_);
  }

 private:
  using Names = std::vector<ModelName> ModelFile::*;
  struct Keyword {
    std::string_view text;
    Names names;   // null: CONSTANT and CHECK_DEADLOCK
    bool is_list;  // several names may follow
  };

  static const Keyword* FindKeyword(std::string_view text) {
    static constexpr std::array kKeywords = {
        Keyword{"CONSTANT", nullptr, true},
        Keyword{"CONSTANTS", nullptr, true},
        Keyword{"INIT", &ModelFile::init, false},
        Keyword{"NEXT", &ModelFile::next, false},
        Keyword{"SPECIFICATION", &ModelFile::specification, false},
        Keyword{"INVARIANT", &ModelFile::invariants, true},
        Keyword{"INVARIANTS", &ModelFile::invariants, true},
        Keyword{"PROPERTY", &ModelFile::properties, true},
        Keyword{"PROPERTIES", &ModelFile::properties, true},
        Keyword{"CONSTRAINT", &ModelFile::constraints, true},
        Keyword{"CONSTRAINTS", &ModelFile::constraints, true},
        Keyword{"ACTION_CONSTRAINT", &ModelFile::action_constraints, true},
        Keyword{"ACTION_CONSTRAINTS", &ModelFile::action_constraints, true},
        Keyword{"SYMMETRY", &ModelFile::symmetry, false},
        Keyword{"VIEW", &ModelFile::view, false},
        Keyword{"ALIAS", &ModelFile::alias, false},
        Keyword{"POSTCONDITION", &ModelFile::postcondition, true},
        Keyword{"POSTCONDITIONS", &ModelFile::postcondition, true},
        Keyword{"_PERIODIC", &ModelFile::unsupported, false},
        Keyword{"_RL_REWARD", &ModelFile::unsupported, false},
        Keyword{"_POSSIBLE", &ModelFile::unsupported, true},
        Keyword{"CHECK_DEADLOCK", nullptr, false},
    };
    for (const Keyword& keyword : kKeywords) {
      if (keyword.text == text) return &keyword;
    }
    return nullptr;
  }
  static bool IsKeyword(const Lexeme& lexeme) {
    return lexeme.kind == ModelToken::kWord && FindKeyword(lexeme.text) != nullptr;
  }

  void Take() {
    token_ = next_;
    next_ = lexer_.Next();
  }
  [[nodiscard]] bool IsSymbol(std::string_view text) const {
    return token_.kind == ModelToken::kSymbol && token_.text == text;
  }
  [[nodiscard]] bool IsName() const { return token_.kind == ModelToken::kWord && !IsKeyword(token_); }

  void Expected(std::string what) {
    std::string found = token_.kind == ModelToken::kEnd ? "the end of the file" : "`" + std::string(token_.text) + "`";
    diagnostics_.Add(DiagnosticKind::kModelSyntax, token_.span,
                     {.found = std::move(found), .expected = std::move(what)});
  }

  void Recover() {
    while (token_.kind != ModelToken::kEnd && !IsKeyword(token_)) Take();
  }

  ModelName Name() {
    ModelName name{std::string(token_.text), token_.span};
    Take();
    return name;
  }

  void Statement(std::string_view keyword, const Span& keyword_span) {
    const Keyword& info = *FindKeyword(keyword);
    if (keyword == "CHECK_DEADLOCK") {
      if (token_.text != "TRUE" && token_.text != "FALSE") {
        Expected("TRUE or FALSE");
        return Recover();
      }
      file_.check_deadlock.emplace_back(token_.text == "TRUE", token_.span);
      Take();
    } else if (info.names == nullptr) {
      while (IsName() || token_.kind == ModelToken::kNumber) {
        if (!Assignment()) return Recover();
      }
    } else {
      if (info.names == &ModelFile::unsupported) file_.unsupported.push_back({std::string(keyword), keyword_span});
      // TLC accepts an empty list; a generated or half commented file may have one.
      if (info.is_list && (IsKeyword(token_) || token_.kind == ModelToken::kEnd)) return;
      if (!IsName()) {
        Expected("a name");
        return Recover();
      }
      do {
        const ModelName name = Name();
        if (info.names != &ModelFile::unsupported) (file_.*info.names).push_back(name);
        if (info.is_list && IsSymbol(",")) Take();
      } while (info.is_list && IsName());
    }
  }

  bool Assignment() {
    ModelAssignment assignment{.name = Name()};
    if (IsSymbol("(") && !Arguments(assignment)) return false;
    if (IsSymbol("=")) {
      Take();
      if (!Module(assignment)) return false;
      ModelValue value;
      if (!Value(value, 0)) return false;
      assignment.value = std::move(value);
    } else if (IsSymbol("<-") && assignment.arguments.empty()) {
      Take();
      if (!Module(assignment)) return false;
      if (!IsName()) return Expected("the name of a definition"), false;
      assignment.replacement = Name();
    } else {
      Expected("`=` or `<-`");
      return false;
    }
    file_.assignments.push_back(std::move(assignment));
    if (IsSymbol(",")) Take();
    return true;
  }

  // The values of `Op(1, a) = 2`.
  bool Arguments(ModelAssignment& assignment) {
    do {
      Take();
      ModelValue value;
      if (!Value(value, 0)) return false;
      assignment.arguments.push_back(std::move(value));
    } while (IsSymbol(","));
    if (!IsSymbol(")")) return Expected("`,` or `)`"), false;
    Take();
    return true;
  }

  // `[Module]` after `=` or `<-`, which may be missing.
  bool Module(ModelAssignment& assignment) {
    if (!IsSymbol("[")) return true;
    Take();
    if (!IsName()) return Expected("a module's name"), false;
    assignment.module = Name();
    if (!IsSymbol("]")) return Expected("`]`"), false;
    Take();
    return true;
  }

  bool Value(ModelValue& value, std::size_t depth) {
    value.span = token_.span;
    if (depth > kSetDepthMax) {
      diagnostics_.Add(DiagnosticKind::kNestingTooDeep, token_.span, {.expected = std::to_string(kSetDepthMax)});
      return false;
    }
    if (token_.kind == ModelToken::kNumber) return Number(value);
    if (token_.kind == ModelToken::kString) {
      value.kind = ModelValue::Kind::kString;
      value.text = token_.text.substr(
          1, token_.text.size() >= 2 && token_.text.ends_with('"') ? token_.text.size() - 2 : std::string_view::npos);
      Take();
      return true;
    }
    if (IsSymbol("{")) return Set(value, depth);
    if (!IsName()) {
      Expected("a value: a number, a string, TRUE, FALSE, a model value or a set of these");
      return false;
    }
    const bool is_bool = token_.text == "TRUE" || token_.text == "FALSE";
    value.kind = is_bool ? ModelValue::Kind::kBool : ModelValue::Kind::kName;
    value.integer = token_.text == "TRUE" ? 1 : 0;
    if (!is_bool) value.text = token_.text;
    Take();
    return true;
  }

  bool Number(ModelValue& value) {
    value.kind = ModelValue::Kind::kInt;
    const auto [end, error] =
        std::from_chars(token_.text.data(), token_.text.data() + token_.text.size(), value.integer);
    if (error != std::errc()) {
      Expected("a number of 64 bits");
      return false;
    }
    Take();
    return true;
  }

  bool Set(ModelValue& value, std::size_t depth) {
    value.kind = ModelValue::Kind::kSet;
    Take();
    while (!IsSymbol("}")) {
      ModelValue element;
      if (!Value(element, depth + 1)) return false;
      value.elements.push_back(std::move(element));
      if (IsSymbol("}")) break;
      if (!IsSymbol(",")) return Expected("`,` or `}`"), false;
      Take();
    }
    value.span = tla::Cover(value.span, token_.span);
    Take();
    return true;
  }

  ModelLexer lexer_;
  tla::Diagnostics& diagnostics_;
  Lexeme token_;
  Lexeme next_;
  ModelFile file_;
};

}  // namespace

ModelFile ParseModelFile(tla::FileId file, const tla::SourceMap& sources, tla::Diagnostics& diagnostics) {
  const std::string_view text = sources.text(file);
  if (const auto bad = FindInvalidUtf8(text)) {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
    for (std::size_t i = 0; i < *bad; i += CodePointSize(text[i])) {
      column = text[i] == '\n' ? 1 : column + 1;
      if (text[i] == '\n') ++line;
    }
    diagnostics.Add(DiagnosticKind::kInvalidUtf8, Span{file, line, column, line, column + 1},
                    {.found = std::to_string(static_cast<unsigned char>(text[*bad]))});
    return {};
  }
  return ModelParser(file, text, diagnostics).Run();
}

}  // namespace kelpie::syntax
