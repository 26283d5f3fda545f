#include "tla/syntax/lexer.h"

#include <cctype>
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include "TlaLexer.h"
#include "antlr4-runtime.h"
#include "tla/syntax/utf8.h"

namespace kelpie::syntax {
namespace {

using tla::DiagnosticKind;
using tla::FileId;
using tla::Span;

// Walks the text once, forward, and knows the place of the byte it stands on.
class Cursor {
 public:
  Cursor(std::string_view text, FileId file) : text_(text), file_(file) {}

  void AdvanceTo(std::size_t offset) {
    while (offset_ < offset && offset_ < text_.size()) {
      const char c = text_[offset_];
      const bool is_lone_cr = c == '\r' && (offset_ + 1 == text_.size() || text_[offset_ + 1] != '\n');
      offset_ += CodePointSize(c);
      ++code_point_;
      if (c == '\n' || is_lone_cr) {
        ++line_;
        column_ = 1;
        align_ = 1;
      } else {
        ++column_;
        align_ = c == '\t' ? ((align_ - 1) / 8 + 1) * 8 + 1 : align_ + 1;
      }
    }
  }
  // ANTLR counts code points; texts are bytes.
  void AdvanceToCodePoint(std::size_t code_point) {
    while (code_point_ < code_point && offset_ < text_.size()) AdvanceTo(offset_ + 1);
  }

  [[nodiscard]] std::size_t offset() const { return offset_; }
  [[nodiscard]] std::size_t code_point() const { return code_point_; }
  [[nodiscard]] std::uint32_t align() const { return align_; }
  [[nodiscard]] Span Here() const { return {file_, line_, column_, line_, column_}; }

 private:
  std::string_view text_;
  FileId file_;
  std::size_t offset_ = 0;
  std::size_t code_point_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
  std::uint32_t align_ = 1;
};

constexpr int kStrayCountMax = 20;  // a binary file must not fill the report

class RawLexer {
 public:
  RawLexer(FileId file, std::string_view text, std::size_t begin, tla::Diagnostics& diagnostics)
      : text_(text), cursor_(text, file), diagnostics_(diagnostics) {
    cursor_.AdvanceTo(begin);
  }

  std::vector<Token> Run() {
    // The runtime drops a byte order mark itself; counting it here keeps both in step.
    const bool has_bom = cursor_.offset() == 0 && text_.starts_with("\xEF\xBB\xBF");
    code_point_base_ = has_bom ? 1 : cursor_.code_point();
    antlr4::ANTLRInputStream input{std::string(text_.substr(has_bom ? 3 : cursor_.offset()))};
    TlaLexer lexer(&input);
    lexer.removeErrorListeners();
    while (!is_done_) {
      const std::unique_ptr<antlr4::Token> raw = lexer.nextToken();
      if (raw->getType() == antlr4::Token::EOF) break;
      Take(*raw);
    }
    for (const Span& open : comments_) diagnostics_.Add(DiagnosticKind::kUnterminatedComment, open);
    if (!saw_module_) {
      diagnostics_.Add(DiagnosticKind::kNoModule, Span{cursor_.Here().file, 1, 1, 1, 1});
    }
    if (!is_done_) cursor_.AdvanceTo(text_.size());
    Token end;
    end.align_column = cursor_.align();
    end.span = cursor_.Here();
    tokens_.push_back(end);
    return std::move(tokens_);
  }

 private:
  void Take(const antlr4::Token& raw) {
    cursor_.AdvanceToCodePoint(raw.getStartIndex() + code_point_base_);
    Token token;
    token.align_column = cursor_.align();
    token.span = cursor_.Here();
    const std::size_t begin = cursor_.offset();
    cursor_.AdvanceToCodePoint(raw.getStopIndex() + 1 + code_point_base_);
    token.text = text_.substr(begin, cursor_.offset() - begin);
    token.span.end_line = cursor_.Here().line;
    token.span.end_column = cursor_.Here().column;
    Classify(raw.getType(), token);
  }

  void Classify(std::size_t type, Token token) {
    switch (type) {
      case TlaLexer::COMMENT_OPEN: comments_.push_back(token.span); return;
      case TlaLexer::COMMENT_CLOSE:
        if (!comments_.empty()) comments_.pop_back();
        return;
      case TlaLexer::MODULE_BEGIN:
        saw_module_ = true;
        ++module_depth_;
        return Emit(TokenKind::kModuleBegin, token);
      case TlaLexer::MODULE_END:
        Emit(TokenKind::kModuleEnd, token);
        if (module_depth_ > 0) --module_depth_;
        is_done_ = module_depth_ == 0;
        return;
      case TlaLexer::SEPARATOR: return Emit(TokenKind::kSeparator, token);
      case TlaLexer::NUMBER:
      case TlaLexer::BASED_NUMBER: return Emit(TokenKind::kNumber, token);
      case TlaLexer::WORD: return TakeWord(token);
      case TlaLexer::BACKSLASH_WORD: return TakeBackslashWord(token);
      case TlaLexer::STRING: CheckEscapes(token); return Emit(TokenKind::kString, token);
      case TlaLexer::OPEN_STRING:
        diagnostics_.Add(DiagnosticKind::kUnterminatedString, token.span);
        return Emit(TokenKind::kString, token);
      case TlaLexer::STEP: return Emit(TokenKind::kStep, token);
      default: break;
    }
    const Spelling* spelling = FindSpelling(token.text);
    const bool is_letter = token.text == "\u2115" || token.text == "\u2124" || token.text == "\u211D";
    if (is_letter) return Emit(TokenKind::kIdentifier, token);
    if (spelling == nullptr) return TakeStray(token);
    token.op = spelling->op;
    Emit(spelling->kind, token);
  }

  void Emit(TokenKind kind, Token token) {
    if (kind == TokenKind::kMapsTo) AllowWordAsField();
    // `Op!<<` and `Op!>>` name operands; they open and close nothing.
    const bool is_selector = !tokens_.empty() && tokens_.back().kind == TokenKind::kBang &&
                             (kind == TokenKind::kAngle || kind == TokenKind::kAngleEnd);
    token.kind = is_selector ? TokenKind::kIdentifier : kind;
    tokens_.push_back(token);
  }

  // In `[IF |-> 1, b |-> 2]` a word of the language is a field. Further fields, and `[IF : S]`, no tool takes.
  void AllowWordAsField() {
    if (tokens_.size() < 2) return;
    Token& word = tokens_.back();
    const TokenKind before = tokens_[tokens_.size() - 2].kind;
    const bool begins_like_a_name = !word.text.empty() && std::isalpha(static_cast<unsigned char>(word.text.front()));
    if (!begins_like_a_name || before != TokenKind::kBracket) return;
    word.kind = TokenKind::kIdentifier;
    word.op = nullptr;
  }

  // Cuts `token` after `count` ASCII bytes and returns the rest.
  static Token Split(Token& token, std::size_t count) {
    Token rest = token;
    const auto columns = static_cast<std::uint32_t>(count);
    rest.text.remove_prefix(count);
    rest.span.column += columns;
    rest.align_column += columns;
    token.text = token.text.substr(0, count);
    token.span.end_column = rest.span.column;
    return rest;
  }

  void TakeWord(Token token) {
    // Behind a dot every word is a field: `r.IF`, `!.NEW`.
    if (!tokens_.empty() && tokens_.back().kind == TokenKind::kDot) return Emit(TokenKind::kIdentifier, token);
    // No name begins with WF_ or SF_; what follows is the subscript. A loop, because a hostile
    // file repeats the prefix as often as it likes.
    while (token.text.starts_with("WF_") || token.text.starts_with("SF_")) {
      const Token rest = Split(token, 3);
      Emit(TokenKind::kFairness, token);
      if (rest.text.empty()) return;
      token = rest;
    }
    const Spelling* spelling = FindSpelling(token.text);
    if (spelling == nullptr) return Emit(TokenKind::kIdentifier, token);
    token.op = spelling->op;
    Emit(spelling->kind, token);
  }

  // `\inS` is `\in` and `S`, `\T` is `\` and `T`: the longest operator wins.
  void TakeBackslashWord(Token token) {
    std::size_t size = token.text.size();
    const Spelling* spelling = nullptr;
    while (size > 1 && (spelling = FindSpelling(token.text.substr(0, size))) == nullptr) --size;
    if (spelling == nullptr) spelling = FindSpelling("\\");
    const Token rest = Split(token, size);
    token.op = spelling->op;
    Emit(spelling->kind, token);
    if (rest.text.empty()) return;
    if (rest.text.find_first_not_of("0123456789") == std::string_view::npos) return Emit(TokenKind::kNumber, rest);
    if (rest.text.find_first_not_of('_') == std::string_view::npos) return Emit(TokenKind::kUnderscore, rest);
    TakeWord(rest);
  }

  void CheckEscapes(const Token& token) {
    for (std::size_t i = 1; i + 1 < token.text.size(); ++i) {
      if (token.text[i] != '\\') continue;
      ++i;
      if (std::string_view("\"\\tnfr").find(token.text[i]) == std::string_view::npos) {
        diagnostics_.Add(DiagnosticKind::kBadEscape, token.span,
                         {.found = std::string(token.text.substr(i - 1, 1 + CodePointSize(token.text[i])))});
      }
    }
  }

  void TakeStray(const Token& token) {
    // Something stood here; an unknown name in its place keeps the tokens around it in step.
    Emit(TokenKind::kIdentifier, token);
    // A run of strange characters is one remark.
    const bool continues =
        last_stray_.is_known() && last_stray_.line == token.span.line && last_stray_.end_column == token.span.column;
    last_stray_ = token.span;
    if (continues) return;
    if (++stray_count_ > kStrayCountMax) {
      is_done_ = true;
      return;
    }
    const auto byte = static_cast<unsigned char>(token.text.front());
    const bool is_control = byte < 0x20 || byte == 0x7f;
    diagnostics_.Add(
        DiagnosticKind::kUnexpectedCharacter, token.span,
        {.found = is_control ? "character code " + std::to_string(byte) : "`" + std::string(token.text) + "`"});
  }

  std::string_view text_;
  Cursor cursor_;
  tla::Diagnostics& diagnostics_;
  std::vector<Token> tokens_;
  std::vector<Span> comments_;
  Span last_stray_;
  std::size_t code_point_base_ = 0;
  int module_depth_ = 0;
  int stray_count_ = 0;
  bool saw_module_ = false;
  bool is_done_ = false;
};

void ReportInvalidUtf8(FileId file, std::string_view text, std::size_t offset, tla::Diagnostics& diagnostics) {
  Cursor cursor(text, file);
  cursor.AdvanceTo(offset);
  Span span = cursor.Here();
  ++span.end_column;
  constexpr char kHex[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(text[offset]);
  const bool is_utf16 = text.starts_with("\xFE\xFF") || text.starts_with("\xFF\xFE");
  diagnostics.Add(DiagnosticKind::kInvalidUtf8, span,
                  {.found = std::string("0x") + kHex[byte >> 4] + kHex[byte & 15u],
                   .hint = is_utf16 ? "the file looks like UTF-16; save it as UTF-8" : ""});
}

}  // namespace

std::vector<Token> Lex(FileId file, const tla::SourceMap& sources, tla::Diagnostics& diagnostics, std::size_t begin) {
  const std::string_view text = sources.text(file);
  Token end;
  end.span = Span{file, 1, 1, 1, 1};
  if (const std::optional<std::size_t> bad = FindInvalidUtf8(text)) {
    ReportInvalidUtf8(file, text, *bad, diagnostics);
    return {end};
  }
  try {
    return RawLexer(file, text, begin, diagnostics).Run();
  } catch (const std::exception& error) {
    // The runtime's exceptions stay behind this door.
    diagnostics.Add(DiagnosticKind::kSyntax, end.span, {.found = error.what(), .expected = "a module"});
    return {end};
  }
}

}  // namespace kelpie::syntax
