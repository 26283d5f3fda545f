#include "impl/machines/migration/migration_rows.h"

#include <array>
#include <string_view>

#include "impl/machines/row_text.h"

namespace kelpie::machines {
namespace {

constexpr std::array<const char*, 6> kPhases = {"Idle",       "Preparing", "Transferring",
                                                "Completing", "Completed", "Failed"};

MigrationPhase PhaseOf(std::string_view text) {
  for (std::size_t i = 0; i < kPhases.size(); ++i) {
    if (text == kPhases[i]) return static_cast<MigrationPhase>(i);
  }
  env::FailCheck(__FILE__, __LINE__, "a phase", std::string(text));
}

std::string Field(const char* name, std::uint64_t value) {
  return std::string(" ") + name + "=" + std::to_string(value);
}
std::string Field(const char* name, std::int64_t value) {
  return std::string(" ") + name + "=" + std::to_string(value);
}
std::string Field(const char* name, const std::string& value) { return std::string(" ") + name + "=" + value; }

}  // namespace

store::Key ProcessKey(const std::string& node) { return "process/" + node; }
store::Key JournalKey(const std::string& actor) { return "journal/" + actor; }
store::Key ActivationKey(const std::string& actor) { return "activation/" + actor; }

const char* ToString(MigrationPhase phase) { return kPhases.at(static_cast<std::size_t>(phase)); }

std::string Encode(const ProcessRow& row) {
  return "1" + Field("incarnation", row.incarnation) + Field("address", row.address);
}
std::string Encode(const PrimaryRow& row) { return "1" + Field("term", row.term) + Field("node", row.node); }
std::string Encode(const ActorStateRow& row) { return "1" + Field("version", row.version) + Field("token", row.token); }
std::string Encode(const JournalRow& row) {
  return "1" + Field("id", row.id) + Field("phase", std::string(ToString(row.phase))) + Field("source", row.source) +
         Field("target", row.target) + Field("incarnation", row.incarnation) + Field("token", row.token) +
         Field("version", row.version) + Field("term", row.term);
}
std::string Encode(const ActivationRow& row) {
  return "1" + Field("node", row.node) + Field("incarnation", row.incarnation) + Field("token", row.token) +
         Field("version", row.version);
}

ProcessRow DecodeProcess(const store::Row& row) {
  if (!row.value) return {};
  return {NumberIn<std::uint64_t>(*row.value, "incarnation"), std::string(FieldIn(*row.value, "address"))};
}
PrimaryRow DecodePrimary(const store::Row& row) {
  if (!row.value) return {};
  return {NumberIn<std::uint64_t>(*row.value, "term"), std::string(FieldIn(*row.value, "node"))};
}
ActorStateRow DecodeActorState(const store::Row& row) {
  if (!row.value) return {};
  return {NumberIn<std::uint64_t>(*row.value, "version"), NumberIn<std::int64_t>(*row.value, "token")};
}
JournalRow DecodeJournal(const store::Row& row) {
  if (!row.value) return {};
  const std::string& text = *row.value;
  return {.id = NumberIn<std::uint64_t>(text, "id"),
          .phase = PhaseOf(FieldIn(text, "phase")),
          .source = std::string(FieldIn(text, "source")),
          .target = std::string(FieldIn(text, "target")),
          .incarnation = NumberIn<std::uint64_t>(text, "incarnation"),
          .token = NumberIn<std::int64_t>(text, "token"),
          .version = NumberIn<std::uint64_t>(text, "version"),
          .term = NumberIn<std::uint64_t>(text, "term")};
}
std::optional<ActivationRow> DecodeActivation(const store::Row& row) {
  if (!row.value) return std::nullopt;
  return ActivationRow{std::string(FieldIn(*row.value, "node")), NumberIn<std::uint64_t>(*row.value, "incarnation"),
                       NumberIn<std::int64_t>(*row.value, "token"), NumberIn<std::uint64_t>(*row.value, "version")};
}

bool IsOpen(const JournalRow& journal) {
  return journal.phase == MigrationPhase::kPreparing || journal.phase == MigrationPhase::kTransferring ||
         journal.phase == MigrationPhase::kCompleting;
}

bool IsInMove(const JournalRow& journal, const LeaseRow& lease) {
  return (journal.phase == MigrationPhase::kTransferring || journal.phase == MigrationPhase::kCompleting) &&
         !IsSuperseded(journal, lease);
}

}  // namespace kelpie::machines
