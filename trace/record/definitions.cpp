#include "trace/record/definitions.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "trace/file/frame.h"

namespace kelpie::trace::record {

namespace {

// Of the range that trace/file/FORMAT.md leaves free; these frames stand in no trace file.
constexpr auto kDefinitionFrame = static_cast<file::FrameType>(200);

// u8 kind, then each text as u32 length and bytes.
std::string Encode(const Definition& definition) {
  std::string out(1, static_cast<char>(definition.kind));
  for (const std::string& text : definition.texts) {
    const auto size = static_cast<std::uint32_t>(text.size());
    char bytes[sizeof size];
    std::memcpy(bytes, &size, sizeof size);
    out.append(bytes, sizeof bytes);
    out += text;
  }
  return out;
}

std::optional<Definition> Decode(std::string_view bytes) {
  if (bytes.empty() || bytes[0] < 1 || bytes[0] > static_cast<char>(DefinitionKind::kName)) return std::nullopt;
  Definition definition{.kind = static_cast<DefinitionKind>(bytes[0])};
  bytes.remove_prefix(1);
  while (!bytes.empty()) {
    std::uint32_t size = 0;
    if (bytes.size() < sizeof size) return std::nullopt;
    std::memcpy(&size, bytes.data(), sizeof size);
    bytes.remove_prefix(sizeof size);
    if (bytes.size() < size) return std::nullopt;
    definition.texts.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  const std::size_t least = definition.kind == DefinitionKind::kAction ? 2 : 1;
  if (definition.texts.size() < least) return std::nullopt;
  return definition;
}

Error WorldError(ErrorKind kind, const std::string& path, std::string message) {
  return {.kind = kind,
          .place = {.file = path},
          .message = std::move(message),
          .found = std::generic_category().message(errno)};
}

}  // namespace

Result<Definitions> Definitions::Create(const std::string& path) {
  constexpr mode_t kMode = 0666;
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, kMode);
  if (descriptor < 0) return WorldError(ErrorKind::kCannotWrite, path, "the definitions cannot be created");
  return Definitions(path, descriptor);
}

Definitions::Definitions(Definitions&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      by_kind_(std::move(other.by_kind_)),
      ids_(std::move(other.ids_)) {}

Definitions& Definitions::operator=(Definitions&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(by_kind_, other.by_kind_);
  std::swap(ids_, other.ids_);
  return *this;
}

Definitions::~Definitions() {
  if (descriptor_ >= 0) close(descriptor_);
}

Error Definitions::DamageAt(std::size_t offset, std::string message) const {
  return {.kind = ErrorKind::kBadFrame,
          .place = {.file = path_, .line = 0, .column = 0, .offset = offset},
          .message = std::move(message)};
}

Result<Definitions> Definitions::Load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return WorldError(ErrorKind::kCannotRead, path, "the definitions cannot be read");
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  Definitions definitions(path, -1);
  std::size_t at = 0;
  while (bytes.size() - at >= file::kFrameHeadBytes) {
    file::FrameHead head;
    const std::string_view rest = std::string_view(bytes).substr(at);
    if (!file::ReadFrameHead(rest, head)) return definitions.DamageAt(at, "the head of a definition is damaged");
    if (rest.size() - file::kFrameHeadBytes < head.payload_bytes) break;
    const std::string_view payload = rest.substr(file::kFrameHeadBytes, head.payload_bytes);
    std::optional<Definition> definition;
    if (file::ChecksumOf(payload) == head.payload_crc) definition = Decode(payload);
    if (!definition) return definitions.DamageAt(at, "a definition is damaged");
    definitions.Insert(std::move(*definition));
    at += file::kFrameHeadBytes + head.payload_bytes;
  }
  return definitions;
}

std::uint32_t Definitions::Insert(Definition definition) {
  std::vector<Definition>& list = by_kind_[static_cast<std::size_t>(definition.kind)];
  list.push_back(definition);
  const auto id = static_cast<std::uint32_t>(list.size());
  ids_.emplace(std::move(definition), id);
  return id;
}

Result<std::uint32_t> Definitions::Add(Definition definition) {
  if (const auto known = ids_.find(definition); known != ids_.end()) return known->second;
  std::string frame;
  file::AppendFrame(kDefinitionFrame, Encode(definition), frame);
  std::size_t done = 0;
  while (done < frame.size()) {
    const ssize_t wrote = descriptor_ < 0 ? -1 : write(descriptor_, frame.data() + done, frame.size() - done);
    if (wrote < 0 && descriptor_ >= 0 && errno == EINTR) continue;
    if (wrote < 0) {
      Error error = WorldError(ErrorKind::kCannotWrite, path_, "a definition cannot be written");
      // Half of it may be there; another behind it would be damage in the middle.
      if (descriptor_ >= 0) close(std::exchange(descriptor_, -1));
      return error;
    }
    done += static_cast<std::size_t>(wrote);
  }
  return Insert(std::move(definition));
}

const Definition* Definitions::Find(DefinitionKind kind, std::uint64_t id) const {
  const std::vector<Definition>& list = by_kind_[static_cast<std::size_t>(kind)];
  return id == 0 || id > list.size() ? nullptr : &list[id - 1];
}

}  // namespace kelpie::trace::record
