#include "tests/naive/environment.h"

namespace kelpie::naive {

Environment& EnvironmentArena::Push(const Environment* outer) {
  const std::size_t chunk = used_ / kChunkNodes;
  if (chunk == chunks_.size()) chunks_.push_back(std::make_unique<Environment[]>(kChunkNodes));
  Environment& node = chunks_[chunk][used_ % kChunkNodes];
  ++used_;
  node.outer = outer;
  return node;
}

void EnvironmentArena::Release(std::size_t mark) {
  while (used_ > mark) {
    --used_;
    Environment& node = chunks_[used_ / kChunkNodes][used_ % kChunkNodes];
    node.is_cached = false;
    node.kind = BindingKind::kValue;
    node.value = Value();
    node.cache.clear();
    node.function = nullptr;
    node.scope = nullptr;
  }
}

}  // namespace kelpie::naive
