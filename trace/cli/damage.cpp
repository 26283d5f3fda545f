#include <ostream>

#include "trace/cli/commands.h"

namespace kelpie::trace::cli {

void ReportDamage(const std::vector<order::FileFacts>& files, std::ostream& err) {
  for (const order::FileFacts& file : files) {
    for (const file::Damage& damage : file.damage) {
      err << file.path << ": bytes " << damage.begin << " to " << damage.end << " passed over ("
          << damage.end - damage.begin << " bytes): " << CodeOf(damage.error.kind) << ", " << damage.error.message
          << "\n";
    }
    if (file.damage_count > file.damage.size()) {
      err << file.path << ": and " << file.damage_count - file.damage.size() << " more such places; "
          << file.dropped_bytes << " bytes in all\n";
    }
    if (file.torn_tail) {
      err << "cut off: " << file.path << " at byte " << file.torn_offset << "; the history ends there\n";
    }
  }
}

void AppendDamage(const std::vector<file::Damage>& all, file::JsonBuilder& json) {
  json.Array();
  for (const file::Damage& damage : all) {
    json.Object().Key("file").Text(damage.error.place.file).Key("begin").Number(damage.begin);
    json.Key("end").Number(damage.end).Key("dropped_bytes").Number(damage.end - damage.begin);
    json.Key("code").Text(CodeOf(damage.error.kind)).End();
  }
  json.End();
}

void AppendDamage(const std::vector<order::FileFacts>& files, file::JsonBuilder& json) {
  std::vector<file::Damage> all;
  for (const order::FileFacts& file : files) all.insert(all.end(), file.damage.begin(), file.damage.end());
  json.Key("damage");
  AppendDamage(all, json);
  json.Key("torn").Array();
  for (const order::FileFacts& file : files) {
    if (file.torn_tail) json.Object().Key("file").Text(file.path).Key("offset").Number(file.torn_offset).End();
  }
  json.End();
}

}  // namespace kelpie::trace::cli
