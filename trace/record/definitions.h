// What an instrumented program registered: streams, actions, variables and names, by number.
//
//   Result<Definitions> definitions = Definitions::Create("run-7/rings/definitions");
//   Result<std::uint32_t> id = definitions->Add({.kind = DefinitionKind::kName, .texts = {"holder"}});
//
// Invariant: a number is handed out only when the file has its definition, so that whatever a
// killed process left in its rings can be told in words. Ids count from 1 in each kind. The
// same definition given twice has one id. One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "trace/value/result.h"

namespace kelpie::trace::record {

enum class DefinitionKind : std::uint8_t {
  kStream = 1,  // texts: the encoded Header of its file
  kAction,      // texts: spec, action, parameters
  kVariable,    // texts: name
  kName,        // texts: text
};

struct Definition {
  DefinitionKind kind = DefinitionKind::kName;
  std::vector<std::string> texts;
  friend auto operator<=>(const Definition&, const Definition&) = default;
};

class Definitions {
 public:
  // An empty file.
  [[nodiscard]] static Result<Definitions> Create(const std::string& path);
  // All whole definitions of a file; one that is cut off at the end was never handed out.
  [[nodiscard]] static Result<Definitions> Load(const std::string& path);
  Definitions(Definitions&& other) noexcept;
  Definitions& operator=(Definitions&& other) noexcept;
  ~Definitions();

  [[nodiscard]] Result<std::uint32_t> Add(Definition definition);
  // nullptr: no such definition.
  [[nodiscard]] const Definition* Find(DefinitionKind kind, std::uint64_t id) const;
  [[nodiscard]] std::size_t count(DefinitionKind kind) const { return by_kind_[static_cast<std::size_t>(kind)].size(); }

 private:
  Definitions(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  std::uint32_t Insert(Definition definition);
  [[nodiscard]] Error DamageAt(std::size_t offset, std::string message) const;

  std::string path_;
  int descriptor_ = -1;  // -1: loaded, not to be added to
  std::array<std::vector<Definition>, 5> by_kind_;
  std::map<Definition, std::uint32_t> ids_;
};

}  // namespace kelpie::trace::record
