#include "impl/main/wal_verb.h"

#include <CLI/CLI.hpp>
#include <exception>
#include <filesystem>
#include <ostream>
#include <string>

#include "impl/wal/log.h"
#include "impl/wal/posix_folder.h"
#include "trace/file/json_write.h"

namespace kelpie::cluster {
namespace {

constexpr int kExitOk = 0;
constexpr int kExitBadInput = 3;
constexpr int kExitInternal = 70;

struct WalVerbOptions {
  std::string path;
  std::string cluster = "kelpie";
  bool json = false;
};

// Printable bytes as they are, all others as \xNN.
std::string Printable(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f && c != '\\') {
      text += c;
    } else {
      constexpr char kDigits[] = "0123456789abcdef";
      text += std::string("\\x") + kDigits[byte >> 4U] + kDigits[byte & 15U];
    }
  }
  return text;
}

std::string Quoted(std::string_view text) {
  std::string out;
  trace::file::AppendJsonString(text, out);
  return out;
}

int Fail(const std::string& problem, std::ostream& err) {
  err << "wal: " << problem << "\n";
  return kExitBadInput;
}

int ReadLog(const WalVerbOptions& options, bool dumps, std::ostream& out, std::ostream& err) {
  if (!std::filesystem::is_directory(options.path)) return Fail(options.path + " is not a folder", err);
  if (options.cluster.size() > wal::kClusterNameBytesMax) return Fail("no cluster has so long a name", err);
  const wal::OpenedFolder opened = wal::OpenFolder(options.path);
  if (!opened.folder) return Fail(opened.error, err);
  wal::LogOptions log_options;
  log_options.cluster = options.cluster;
  wal::Log log(*opened.folder, log_options);
  std::uint64_t operations = 0;
  std::uint64_t payload_bytes = 0;
  const wal::Status scanned = log.Scan([&](const wal::Entry& entry) {
    ++operations;
    payload_bytes += entry.payload.size();
    if (!dumps) return;
    if (options.json) {
      out << "{\"number\":" << entry.number << ",\"bytes\":" << entry.payload.size()
          << ",\"payload\":" << Quoted(Printable(entry.payload)) << "}\n";
    } else {
      out << entry.number << "  " << entry.payload.size() << "  " << Printable(entry.payload) << "\n";
    }
  });
  if (!scanned.ok()) return Fail(options.path + "/" + scanned.text, err);
  if (dumps) return kExitOk;
  const std::uint64_t torn = log.counts().torn_bytes;
  if (options.json) {
    out << "{\"format\":\"kelpie.wal/1\",\"operations\":" << operations << ",\"payload_bytes\":" << payload_bytes
        << ",\"last\":" << log.last() << ",\"checkpoint\":" << log.checkpoint() << ",\"torn_bytes\":" << torn << "}\n";
    return kExitOk;
  }
  out << options.path << ": " << operations << " operations, " << payload_bytes << " bytes in them, numbers up to "
      << log.last() << "; " << log.checkpoint() << " are settled\n";
  if (torn > 0) out << "  " << torn << " bytes behind them were never confirmed; the next start leaves them out\n";
  return kExitOk;
}

}  // namespace

int RunWal(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
  WalVerbOptions options;
  CLI::App app("Reads the log of accepted operations of a node that is stopped.", "wal");
  app.require_subcommand(1);
  CLI::App* verify = app.add_subcommand("verify", "says whether all that was confirmed is there");
  CLI::App* dump = app.add_subcommand("dump", "prints an operation a line: number, size, payload");
  for (CLI::App* verb : {verify, dump}) {
    verb->add_option("folder", options.path, "the folder of the log")->required();
    verb->add_option("--cluster", options.cluster, "name of the cluster that it is of")->capture_default_str();
    verb->add_flag("--json", options.json, "print JSON: one object, or one a line");
  }
  try {
    app.parse(argc, argv);
    return ReadLog(options, dump->parsed(), out, err);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error, out, err);
    return code == 0 ? kExitOk : kExitBadInput;
  } catch (const std::exception& error) {
    err << "wal: internal error: " << error.what() << "\n";
    return kExitInternal;
  }
}

}  // namespace kelpie::cluster
