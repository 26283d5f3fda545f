// A folder of the system's files.
//
//   OpenedFolder opened = OpenFolder("data/wal");
//   if (!opened.folder) return Fail(opened.error);
//
// A sync is fdatasync; a file that is published is renamed, and its folder synced. One process at a time has a folder
// open: it holds a lock on the file LOCK in it. Errors of the system name the file and what the system said.
#pragma once

#include <memory>
#include <string>

#include "impl/env/files.h"

namespace kelpie::wal {

struct OpenedFolder {
  std::unique_ptr<env::Folder> folder;  // none: see error
  std::string error;                    // one line: what was found, and what to do
};

// The folder is made when it is not there; its parent must be.
[[nodiscard]] OpenedFolder OpenFolder(const std::string& path);

}  // namespace kelpie::wal
