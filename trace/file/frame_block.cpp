#include "trace/file/frame_block.h"

#include <zstd.h>

#include "trace/file/little_endian.h"

namespace kelpie::trace::file {

namespace {

constexpr std::size_t kLengthBytes = 4;

Error BadBlock(std::string message, std::string found = "") {
  return {.kind = ErrorKind::kBadBlock, .message = std::move(message), .found = std::move(found)};
}

}  // namespace

struct BlockBuilder::Context {
  ZSTD_CCtx* zstd = ZSTD_createCCtx();
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { ZSTD_freeCCtx(zstd); }
};

struct BlockReader::Context {
  ZSTD_DCtx* zstd = ZSTD_createDCtx();
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { ZSTD_freeDCtx(zstd); }
};

BlockBuilder::BlockBuilder(int level) : context_(std::make_unique<Context>()), level_(level) {}
BlockBuilder::BlockBuilder(BlockBuilder&&) noexcept = default;
BlockBuilder& BlockBuilder::operator=(BlockBuilder&&) noexcept = default;
BlockBuilder::~BlockBuilder() = default;

std::string& BlockBuilder::BeginEvent() {
  start_ = events_.size();
  events_.append(kLengthBytes, '\0');
  return events_;
}

void BlockBuilder::EndEvent() {
  Put32(static_cast<std::uint32_t>(events_.size() - start_ - kLengthBytes), events_.data() + start_);
  ++count_;
}

bool BlockBuilder::AppendTo(std::string& out) {
  const std::size_t start = out.size();
  Append32(count_, out);
  Append32(static_cast<std::uint32_t>(events_.size()), out);
  const std::size_t bound = ZSTD_compressBound(events_.size());
  out.resize(start + kBlockHeadBytes + bound);
  const std::size_t size = ZSTD_compressCCtx(context_->zstd, out.data() + start + kBlockHeadBytes, bound,
                                             events_.data(), events_.size(), level_);
  const bool is_good = ZSTD_isError(size) == 0;
  out.resize(is_good ? start + kBlockHeadBytes + size : start);
  events_.clear();
  count_ = 0;
  return is_good;
}

BlockReader::BlockReader() = default;
BlockReader::~BlockReader() = default;

Status BlockReader::Open(std::string_view payload, std::size_t bytes_max) {
  rest_ = {};
  if (payload.size() < kBlockHeadBytes) return BadBlock("a compressed block is shorter than its head");
  const std::uint32_t count = Get32(payload.data());
  const std::uint32_t size = Get32(payload.data() + 4);
  if (size > bytes_max) {
    return Error{.kind = ErrorKind::kTooLong,
                 .message = "a compressed block unpacks to more than " + std::to_string(bytes_max) +
                            " bytes, the limit block_bytes_max",
                 .found = std::to_string(size) + " bytes"};
  }
  payload.remove_prefix(kBlockHeadBytes);
  if (!context_) context_ = std::make_unique<Context>();
  if (buffer_.size() < size) buffer_.resize(size);
  // Never more than `size` bytes: a block that unpacks to more is an error of the library.
  const std::size_t got = ZSTD_decompressDCtx(context_->zstd, buffer_.data(), size, payload.data(), payload.size());
  if (ZSTD_isError(got) != 0) return BadBlock("a compressed block does not unpack", ZSTD_getErrorName(got));
  if (got != size) return BadBlock("a compressed block unpacks to another length than it states", std::to_string(got));
  const std::string_view all(buffer_.data(), size);
  std::uint64_t seen = 0;
  for (std::string_view rest = all; !rest.empty(); ++seen) {
    const std::size_t length = rest.size() < kLengthBytes ? rest.size() : Get32(rest.data());
    if (rest.size() < kLengthBytes || length > rest.size() - kLengthBytes) {
      return BadBlock("an event of a compressed block is longer than the block");
    }
    rest.remove_prefix(kLengthBytes + length);
  }
  if (seen != count)
    return BadBlock("a compressed block has another number of events than it states", std::to_string(seen));
  rest_ = all;
  return Status();
}

bool BlockReader::Next(std::string_view& event) {
  if (rest_.empty()) return false;
  const std::size_t length = Get32(rest_.data());
  event = rest_.substr(kLengthBytes, length);
  rest_.remove_prefix(kLengthBytes + length);
  return true;
}

}  // namespace kelpie::trace::file
