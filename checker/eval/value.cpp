#include "checker/eval/value.h"

#include <algorithm>
#include <new>

#include "checker/eval/block_pool.h"
#include "checker/eval/value_order.h"

namespace kelpie::eval {

static_assert(alignof(Value) <= 8);

Value::Rep* Value::Rep::Make(std::size_t capacity) {
  std::uint8_t size_class = 0;
  void* memory = BlockPool::Take(sizeof(Rep) + capacity * sizeof(Value), size_class);
  Rep* rep = new (memory) Rep;
  rep->size_class = size_class;
  return rep;
}

void Value::Rep::Free(Rep* rep) {
  for (std::uint32_t i = 0; i < rep->count; ++i) rep->items()[i].~Value();
  const std::uint8_t size_class = rep->size_class;
  rep->~Rep();
  BlockPool::Give(rep, size_class);
}

void Value::Destroy() {
  if (kind_ == ValueKind::kLazy) {
    lazy()->destroy(lazy());
  } else {
    Rep::Free(const_cast<Rep*>(&rep()));
  }
}

// --- building

ValueBuilder::ValueBuilder(std::size_t capacity) : rep_(Value::Rep::Make(capacity)) {}
ValueBuilder::~ValueBuilder() {
  if (rep_ != nullptr) Value::Rep::Free(rep_);
}
void ValueBuilder::Add(Value value) { rep_->Push(std::move(value)); }
std::size_t ValueBuilder::size() const { return rep_->count; }
std::span<Value> ValueBuilder::items() { return {rep_->items(), rep_->count}; }

Value ValueBuilder::Take(ValueKind kind) {
  Value value(kind);
  value.payload_.object = rep_;
  rep_ = nullptr;
  return value;
}
Value ValueBuilder::TakeSequence() { return Take(ValueKind::kSequence); }
Value ValueBuilder::TakeSet() { return Take(ValueKind::kSet); }

Value ValueBuilder::TakeFunction(const Value& domain) {
  // Sorted distinct integers from 1 to n are exactly 1..n.
  const std::span<const Value> keys = domain.items();
  const auto n = static_cast<std::int64_t>(keys.size());
  const bool is_sequence = n == 0 || (keys.front().is_int() && keys.front().as_int() == 1 && keys.back().is_int() &&
                                      keys.back().as_int() == n);
  if (is_sequence) return Take(ValueKind::kSequence);
  rep_->domain = domain;
  return Take(ValueKind::kFunction);
}

Value Value::Bool(bool value) {
  Value v(ValueKind::kBool);
  v.payload_.integer = value ? 1 : 0;
  return v;
}
Value Value::Int(std::int64_t value) {
  Value v(ValueKind::kInt);
  v.payload_.integer = value;
  return v;
}
Value Value::String(std::string_view text) { return String(Intern(text)); }
Value Value::String(Symbol symbol) {
  Value v(ValueKind::kString);
  v.payload_.integer = symbol.index();
  return v;
}
Value Value::ModelValue(std::string_view name) {
  Value v(ValueKind::kModelValue);
  v.payload_.integer = Intern(name).index();
  return v;
}
Value Value::Lazy(const LazyObject* object) {
  Value v(ValueKind::kLazy);
  v.payload_.object = object;
  return v;
}

namespace {
void Fill(ValueBuilder& builder, std::vector<Value>& items) {
  for (Value& item : items) builder.Add(std::move(item));
}
}  // namespace

Value Value::SetFromSorted(std::vector<Value> elements) {
  ValueBuilder builder(elements.size());
  Fill(builder, elements);
  return builder.TakeSet();
}
Value Value::Sequence(std::vector<Value> elements) {
  ValueBuilder builder(elements.size());
  Fill(builder, elements);
  return builder.TakeSequence();
}
Value Value::Function(const Value& domain, std::vector<Value> values) {
  ValueBuilder builder(values.size());
  Fill(builder, values);
  return builder.TakeFunction(domain);
}

Value Value::Record(std::vector<std::pair<Symbol, Value>> fields) {
  std::sort(fields.begin(), fields.end(),
            [](const auto& a, const auto& b) { return CompareText(a.first, b.first) < 0; });
  ValueBuilder names(fields.size());
  ValueBuilder values(fields.size());
  for (auto& [name, value] : fields) {
    names.Add(String(name));
    values.Add(std::move(value));
  }
  return values.TakeFunction(names.TakeSet());
}

// --- reading

bool Value::is_record() const {
  if (kind_ != ValueKind::kFunction) return false;
  const std::span<const Value> keys = rep().domain.items();
  return std::all_of(keys.begin(), keys.end(), [](const Value& k) { return k.kind() == ValueKind::kString; });
}

Value Value::Domain() const {
  if (kind_ == ValueKind::kFunction) return rep().domain;
  ValueBuilder indexes(size());
  for (std::size_t i = 1; i <= size(); ++i) indexes.Add(Int(static_cast<std::int64_t>(i)));
  return indexes.TakeSet();
}

Value Value::Key(std::size_t index) const {
  if (kind_ == ValueKind::kFunction) return rep().domain.items()[index];
  return Int(static_cast<std::int64_t>(index) + 1);
}

namespace {
// The first position whose element is not less.
std::size_t LowerBound(std::span<const Value> sorted, const Value& element, bool* is_found) {
  std::size_t low = 0;
  std::size_t high = sorted.size();
  *is_found = false;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const int order = Compare(sorted[middle], element);
    if (order == 0) {
      *is_found = true;
      return middle;
    }
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
}  // namespace

const Value* Value::ApplySorted(const Value& argument) const {
  bool is_found = false;
  const std::size_t index = LowerBound(rep().domain.items(), argument, &is_found);
  return is_found ? rep().items() + index : nullptr;
}

bool Value::Contains(const Value& element) const {
  bool is_found = false;
  (void)LowerBound(items(), element, &is_found);
  return is_found;
}

// --- hashes

std::uint64_t MixHash(std::uint64_t seed, std::uint64_t value) {
  // splitmix64's finaliser over the combination.
  std::uint64_t z = seed * 0x9e3779b97f4a7c15ULL + value + 0x632be59bd9b4e019ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

namespace {
std::uint64_t EntryTerm(const Value& key, const Value& value) { return MixHash(key.hash(), value.hash()); }
std::uint64_t ElementTerm(const Value& element) { return MixHash(0x5e7, element.hash()); }
}  // namespace

std::uint64_t Value::EntrySum() const {
  const Rep& self = rep();
  if (self.is_hashed) return self.sum;
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < self.count; ++i) {
    const Value& item = self.items()[i];
    if (kind_ == ValueKind::kSet) {
      sum += ElementTerm(item);
    } else if (kind_ == ValueKind::kSequence) {
      sum += EntryTerm(Int(static_cast<std::int64_t>(i) + 1), item);
    } else {
      sum += EntryTerm(self.domain.items()[i], item);
    }
  }
  self.sum = sum;
  self.is_hashed = true;
  return sum;
}

std::uint64_t Value::hash() const {
  const auto kind = static_cast<std::uint64_t>(kind_);
  if (!is_boxed()) {
    // Strings are hashed by text, not by the order in which they were first met.
    if (kind_ == ValueKind::kString || kind_ == ValueKind::kModelValue) return MixHash(kind, TextHash(symbol()));
    return MixHash(kind, static_cast<std::uint64_t>(payload_.integer));
  }
  if (is_lazy()) return kind;
  return MixHash(kind, EntrySum() + rep().count);
}

std::uint64_t HashState(const State& state) {
  std::uint64_t h = 0;
  for (std::size_t slot = 0; slot < state.size(); ++slot) h += MixHash(slot + 1, state[slot].hash());
  return h;
}

// --- frozen values

FrozenValues::~FrozenValues() {
  // What a block holds is frozen itself, or no block: nothing is released.
  for (Value::Rep* block : blocks_) BlockPool::Give(block, block->size_class);
}

void FrozenValues::Freeze(const Value& value) {
  if (!value.is_boxed() || value.is_lazy() || value.rep().is_frozen()) return;
  auto& rep = const_cast<Value::Rep&>(value.rep());
  (void)value.hash();  // kept in the block: made before others look
  rep.references |= Counted::kFrozen;
  blocks_.push_back(&rep);
  Freeze(rep.domain);
  for (std::uint32_t i = 0; i < rep.count; ++i) Freeze(rep.items()[i]);
}

Value Value::Copied() const {
  if (!is_boxed() || is_lazy()) return *this;
  const Rep& self = rep();
  ValueBuilder builder(self.count);
  for (std::uint32_t i = 0; i < self.count; ++i) builder.Add(self.items()[i].Copied());
  if (kind_ == ValueKind::kFunction) builder.rep_->domain = self.domain.Copied();
  return builder.Take(kind_);
}

// --- changed copies

Value Value::WithItem(std::size_t index, Value value) const {
  const Rep& self = rep();
  ValueBuilder builder(self.count);
  for (std::uint32_t i = 0; i < self.count; ++i) {
    if (i == index) {
      builder.Add(std::move(value));
    } else {
      builder.Add(self.items()[i]);
    }
  }
  Rep& made = *builder.rep_;
  if (self.is_hashed) {
    const Value key = Key(index);
    made.sum = self.sum - EntryTerm(key, self.items()[index]) + EntryTerm(key, made.items()[index]);
    made.is_hashed = true;
  }
  made.domain = self.domain;
  return builder.Take(kind_);
}

std::uint64_t Value::TermOf(const Value& key, const Value& value) { return EntryTerm(key, value); }
std::uint64_t Value::TermOf(const Value& element) { return ElementTerm(element); }
std::uint64_t Value::HashOf(ValueKind kind, std::uint64_t term_sum, std::size_t size) {
  return MixHash(static_cast<std::uint64_t>(kind), term_sum + size);
}

void Value::ReplaceItem(std::size_t index, Value value) {
  auto& self = const_cast<Rep&>(rep());
  if (self.is_hashed) {
    const Value key = Key(index);
    self.sum += EntryTerm(key, value) - EntryTerm(key, self.items()[index]);
  }
  self.has_shared_parts = false;
  self.table = 0;
  self.items()[index] = std::move(value);
}

Value Value::With(const Value& argument, Value value) const {
  const Value* old = Apply(argument);
  return WithItem(static_cast<std::size_t>(old - rep().items()), std::move(value));
}

std::size_t Value::PlaceOf(const Value& element, bool* is_found) const {
  return LowerBound(items(), element, is_found);
}

Value Value::WithElement(const Value& element) const {
  bool is_found = false;
  const std::size_t at = LowerBound(items(), element, &is_found);
  if (is_found) return *this;
  const Rep& self = rep();
  ValueBuilder builder(self.count + 1U);
  for (std::uint32_t i = 0; i < self.count; ++i) {
    if (i == at) builder.Add(element);
    builder.Add(self.items()[i]);
  }
  if (at == self.count) builder.Add(element);
  builder.rep_->is_hashed = self.is_hashed;
  if (self.is_hashed) builder.rep_->sum = self.sum + ElementTerm(element);
  return builder.TakeSet();
}

Value Value::WithoutElement(const Value& element) const {
  bool is_found = false;
  const std::size_t at = LowerBound(items(), element, &is_found);
  if (!is_found) return *this;
  const Rep& self = rep();
  ValueBuilder builder(self.count - 1U);
  for (std::uint32_t i = 0; i < self.count; ++i) {
    if (i != at) builder.Add(self.items()[i]);
  }
  builder.rep_->is_hashed = self.is_hashed;
  if (self.is_hashed) builder.rep_->sum = self.sum - ElementTerm(element);
  return builder.TakeSet();
}

Value Value::Appended(const Value& last) const {
  const Rep& self = rep();
  ValueBuilder builder(self.count + 1U);
  for (std::uint32_t i = 0; i < self.count; ++i) builder.Add(self.items()[i]);
  builder.Add(last);
  builder.rep_->is_hashed = self.is_hashed;
  if (self.is_hashed) {
    builder.rep_->sum = self.sum + EntryTerm(Int(static_cast<std::int64_t>(self.count) + 1), last);
  }
  return builder.TakeSequence();
}

}  // namespace kelpie::eval
