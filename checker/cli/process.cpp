#include "checker/cli/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>

namespace kelpie::cli {

namespace {

struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) ends = {-1, -1};
  }
  ~Pipe() {
    CloseWriter();
    if (ends[0] >= 0) ::close(ends[0]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void CloseWriter() {
    if (ends[1] >= 0) ::close(ends[1]);
    ends[1] = -1;
  }
};

std::vector<std::string> MergedEnvironment(const eval::Variables& added) {
  std::map<std::string, std::string> all;
  for (const auto& [name, value] : OwnEnvironment()) all[name] = value;
  for (const auto& [name, value] : added) all[name] = value;
  std::vector<std::string> lines;
  lines.reserve(all.size());
  for (const auto& [name, value] : all) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Reads both outputs until both have ended; says which limit was met, if one was.
std::string ReadBoth(const Pipe& out, const Pipe& err, const ProcessLimits& limits, eval::ProgramResult& result) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(limits.seconds_max);
  std::array<pollfd, 2> open{pollfd{out.ends[0], POLLIN, 0}, pollfd{err.ends[0], POLLIN, 0}};
  const std::array<std::string*, 2> texts{&result.out, &result.err};
  std::array<char, 65536> buffer;
  while (open[0].fd >= 0 || open[1].fd >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return "it ran longer than " + std::to_string(limits.seconds_max) + " s (--max-exec)";
    const int ready = ::poll(open.data(), open.size(), static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) return std::strerror(errno);
    if (ready <= 0) continue;
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (open[i].fd < 0 || open[i].revents == 0) continue;
      const ssize_t count = ::read(open[i].fd, buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) {
        open[i].fd = -1;
        continue;
      }
      texts[i]->append(buffer.data(), static_cast<std::size_t>(count));
      if (texts[i]->size() > limits.bytes_max)
        return "it wrote more than " + std::to_string(limits.bytes_max) + " bytes (--max-text)";
    }
  }
  return "";
}

}  // namespace

eval::Variables OwnEnvironment() {
  eval::Variables variables;
  std::map<std::string, bool> is_known;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::size_t at = text.find('=');
    if (at == std::string::npos || at == 0 || is_known[text.substr(0, at)]) continue;
    is_known[text.substr(0, at)] = true;
    variables.emplace_back(text.substr(0, at), text.substr(at + 1));
  }
  return variables;
}

eval::ProgramResult RunProcess(const std::vector<std::string>& command, const eval::Variables& added,
                               const ProcessLimits& limits, eval::Refusal& refusal) {
  eval::ProgramResult result;
  const auto refuse = [&](const std::string& why) {
    refusal.message = "`" + command.front() + "` was not run to its end: " + why;
    return result;
  };
  Pipe out;
  Pipe err;
  if (out.ends[0] < 0 || err.ends[0] < 0) return refuse(std::string("no pipe: ") + std::strerror(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.ends[1], STDERR_FILENO);
  std::vector<std::string> arguments = command;
  std::vector<std::string> variables = MergedEnvironment(added);
  pid_t pid = 0;
  const int failed = ::posix_spawnp(&pid, arguments[0].c_str(), &actions, nullptr, Pointers(arguments).data(),
                                    Pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return refuse(std::strerror(failed));
  out.CloseWriter();
  err.CloseWriter();
  const std::string limit = ReadBoth(out, err, limits, result);
  if (!limit.empty()) ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!limit.empty()) return refuse(limit);
  constexpr int kSignalBase = 128;  // as shells report it
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : kSignalBase + WTERMSIG(status);
  return result;
}

}  // namespace kelpie::cli
