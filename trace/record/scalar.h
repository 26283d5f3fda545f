// What an instrumented program hands to an Emission: handles of what it registered once, and
// scalars, which are views and own nothing.
//
//   emitter.Step(n1, write).Arg(node).Arg(Model("a1")).Arg(3).Arg(true)
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "trace/record/ring_layout.h"

namespace kelpie::trace::record {

// Handles of LiveRecorder, valid for that recorder only; 0 is none.
struct Action {
  std::uint32_t id = 0;
};
struct Variable {
  std::uint32_t id = 0;
};
struct Name {
  std::uint32_t id = 0;
};
struct Stream {
  StreamSlot* slot = nullptr;
  std::uint16_t index = 0;
};

// A model value: Model(name), Model("a1").
struct Model {
  explicit Model(Name interned) : name(interned) {}
  explicit Model(std::string_view inline_text) : text(inline_text) {}
  Name name;
  std::string_view text;
};

// Lifetime: a text must live until the call that takes the scalar returns, which copies it.
class Scalar {
 public:
  // Templates, so that pointers, enumerators and floating-point numbers do not slip in.
  template <std::same_as<bool> T>
  Scalar(T value) : kind_(value ? ScalarKind::kTrue : ScalarKind::kFalse) {}  // NOLINT: implicit on purpose
  template <std::signed_integral T>
  Scalar(T value) : kind_(ScalarKind::kInt), bits_(static_cast<std::uint64_t>(std::int64_t{value})) {}  // NOLINT
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) Scalar(T value) : kind_(ScalarKind::kUnsigned), bits_(value) {}     // NOLINT
  Scalar(Name name) : kind_(ScalarKind::kName), bits_(name.id) {}                                      // NOLINT
  Scalar(std::string_view text) : kind_(ScalarKind::kText), bits_(text.size()), text_(text.data()) {}  // NOLINT
  Scalar(const std::string& text) : Scalar(std::string_view(text)) {}                                  // NOLINT
  Scalar(const char* text) : Scalar(std::string_view(text)) {}                                         // NOLINT
  Scalar(const Model& model)                                                                           // NOLINT
      : kind_(model.name.id != 0 ? ScalarKind::kModelName : ScalarKind::kModelText),
        bits_(model.name.id != 0 ? model.name.id : model.text.size()),
        text_(model.text.data()) {}
  [[nodiscard]] static Scalar Unknown() {
    Scalar scalar(false);
    scalar.kind_ = ScalarKind::kUnknown;
    return scalar;
  }

  [[nodiscard]] ScalarKind kind() const { return kind_; }
  [[nodiscard]] std::uint64_t bits() const { return bits_; }
  [[nodiscard]] const char* text() const { return text_; }
  [[nodiscard]] bool is_text() const { return kind_ == ScalarKind::kText || kind_ == ScalarKind::kModelText; }

 private:
  ScalarKind kind_;
  std::uint64_t bits_ = 0;
  const char* text_ = nullptr;
};

}  // namespace kelpie::trace::record
