#include "tla/resolve/modules.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "tla/resolve/builtins.h"
#include "tla/syntax/parse.h"

namespace kelpie::resolve {
namespace {

using tla::DiagnosticKind;
namespace fs = std::filesystem;

std::string DirectoryOf(const std::string& path) { return fs::path(path).parent_path().string(); }

std::string InDirectory(const std::string& directory, std::string_view name) {
  return (fs::path(directory) / (std::string(name) + ".tla")).string();
}

// The beginning of the line `---- MODULE name ----`, which holds nothing else.
std::optional<std::size_t> FindModuleLine(std::string_view text, std::string_view name) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of("\r\n", begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    const auto skip = [&line](std::string_view characters) {
      const std::size_t count = std::min(line.find_first_not_of(characters), line.size());
      line.remove_prefix(count);
      return count;
    };
    const auto take = [&line](std::string_view word) {
      const bool is_there = line.starts_with(word);
      if (is_there) line.remove_prefix(word.size());
      return is_there;
    };
    const bool is_header = skip("-") >= 4 && (skip(" \t"), take("MODULE")) && skip(" \t") > 0 && take(name) &&
                           (skip(" \t"), skip("-") >= 3);
    if (is_header && line.empty()) return begin;
    begin = end + 1;
  }
  return std::nullopt;
}

bool IsFile(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

}  // namespace

std::optional<std::string> ReadFile(const std::string& path, std::size_t size_bytes_max, const tla::Span& span,
                                    tla::Diagnostics& diagnostics) {
  const auto fail = [&](const char* why) {
    diagnostics.Add(DiagnosticKind::kFileUnreadable, span, {.found = path, .expected = why});
    return std::nullopt;
  };
  std::error_code error;
  if (fs::is_directory(path, error)) return fail("it is a directory");
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (file == nullptr) return fail(fs::exists(path, error) ? "the system refuses it" : "there is no such file");
  // Read in pieces: a pipe has no size beforehand, and a size may lie.
  std::string text;
  char piece[1 << 16];
  while (const std::size_t count = std::fread(piece, 1, sizeof piece, file.get())) {
    text.append(piece, count);
    if (text.size() > size_bytes_max) {
      const std::uintmax_t size = fs::file_size(path, error);
      diagnostics.Add(DiagnosticKind::kFileTooLarge, span,
                      {.found = std::to_string(error ? text.size() : size),
                       .expected = std::to_string(size_bytes_max),
                       .hint = "--max-file-bytes raises the limit for " + path});
      return std::nullopt;
    }
  }
  if (std::ferror(file.get()) != 0) return fail("reading stopped with an error");
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return text;
}

const LoadedModule* ModuleLibrary::LoadRoot(const std::string& path) {
  return Load(path, fs::path(path).stem().string(), {});
}

const LoadedModule* ModuleLibrary::Find(std::string_view name, const std::string& directory, const tla::Span& span,
                                        bool& was_found) {
  std::string path = InDirectory(directory, name);
  was_found = IsFile(path);
  for (std::size_t i = 0; !was_found && i < options_.library_paths.size(); ++i) {
    path = InDirectory(options_.library_paths[i], name);
    was_found = IsFile(path);
  }
  if (was_found) return Load(path, name, span);
  const bool is_standard = FindStandardModule(name) != nullptr && !IsLibraryModule(name);
  return is_standard ? nullptr : FindBehindRoot(name, span, was_found);
}

const LoadedModule* ModuleLibrary::FindBehindRoot(std::string_view name, const tla::Span& span, bool& was_found) {
  if (!root_) return nullptr;
  const std::optional<std::size_t> begin = FindModuleLine(sources_.text(*root_), name);
  if (!begin) return nullptr;
  was_found = true;
  const std::string key = paths_.front() + ":" + std::string(name);
  const auto known = by_path_.find(key);
  if (known != by_path_.end()) return known->second->syntax ? known->second.get() : nullptr;
  if (by_path_.size() >= options_.module_count_max) {
    diagnostics_.Add(DiagnosticKind::kTooManyModules, span, {.expected = std::to_string(options_.module_count_max)});
    return nullptr;
  }
  LoadedModule& loaded = *by_path_.emplace(key, std::make_unique<LoadedModule>()).first->second;
  loaded.name = name;
  loaded.path = key;
  loaded.directory = DirectoryOf(paths_.front());
  loaded.syntax =
      syntax::ParseModule(*root_, sources_, {.nesting_depth_max = options_.nesting_depth_max}, diagnostics_, *begin);
  return loaded.syntax ? &loaded : nullptr;
}

const LoadedModule* ModuleLibrary::Load(const std::string& path, std::string_view expected_name,
                                        const tla::Span& span) {
  const auto known = by_path_.find(path);
  if (known != by_path_.end()) return known->second->syntax ? known->second.get() : nullptr;
  if (by_path_.size() >= options_.module_count_max) {
    diagnostics_.Add(DiagnosticKind::kTooManyModules, span, {.expected = std::to_string(options_.module_count_max)});
    return nullptr;
  }
  auto module = std::make_unique<LoadedModule>();
  module->path = path;
  module->directory = DirectoryOf(path);
  LoadedModule& loaded = *by_path_.emplace(path, std::move(module)).first->second;
  std::optional<std::string> text = ReadFile(path, options_.file_size_bytes_max, span, diagnostics_);
  if (!text) return nullptr;
  const tla::FileId file = sources_.Add(path, std::move(*text));
  if (paths_.empty()) root_ = file;
  paths_.push_back(path);
  loaded.syntax = syntax::ParseModule(file, sources_, {.nesting_depth_max = options_.nesting_depth_max}, diagnostics_);
  if (!loaded.syntax) return nullptr;
  loaded.name = loaded.syntax->name();
  if (loaded.name != expected_name) {
    const tla::Span& whole = loaded.syntax->node(loaded.syntax->root()).span;
    tla::Span first_line = whole;
    first_line.end_line = whole.line;
    first_line.end_column = whole.column + 4;
    diagnostics_.Add(DiagnosticKind::kModuleNameMismatch, first_line,
                     {.found = loaded.name, .expected = fs::path(path).filename().string()});
    loaded.syntax.reset();
    return nullptr;
  }
  return &loaded;
}

}  // namespace kelpie::resolve
