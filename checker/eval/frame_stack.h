// Frames of called units: a stack of slots whose addresses never move.
//
//   Value* frame = frames.Push(unit.frame_size);  ...  frames.Pop(unit.frame_size);
//
// Slots are not cleared by Pop: see machine.h. Cost: O(1); memory: the deepest stack so far.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "checker/eval/value.h"

namespace kelpie::eval {

class FrameStack {
 public:
  [[nodiscard]] Value* Push(std::size_t size) {
    if (chunks_.empty() || used_ + size > chunks_[at_].size) NextChunk(size);
    Value* frame = chunks_[at_].slots.get() + used_;
    marks_.push_back({at_, used_});
    used_ += size;
    return frame;
  }
  void Pop() {
    at_ = marks_.back().chunk;
    used_ = marks_.back().used;
    marks_.pop_back();
  }

 private:
  struct Chunk {
    std::unique_ptr<Value[]> slots;
    std::size_t size = 0;
  };
  struct Mark {
    std::size_t chunk;
    std::size_t used;
  };
  void NextChunk(std::size_t size) {
    constexpr std::size_t kChunkSlots = 4096;
    const std::size_t next = chunks_.empty() ? 0 : at_ + 1;
    const std::size_t wanted = std::max(size, kChunkSlots);
    if (next == chunks_.size()) chunks_.push_back({std::make_unique<Value[]>(wanted), wanted});
    if (chunks_[next].size < wanted) chunks_[next] = {std::make_unique<Value[]>(wanted), wanted};
    at_ = next;
    used_ = 0;
  }

  std::vector<Chunk> chunks_;
  std::vector<Mark> marks_;
  std::size_t at_ = 0;
  std::size_t used_ = 0;
};

}  // namespace kelpie::eval
