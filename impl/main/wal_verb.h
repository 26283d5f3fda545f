// The verb wal: what the log of a node has, and whether all of it is there.
//
//   return RunWal(argc, argv, std::cout, std::cerr);     // wal verify DIR, wal dump DIR
//
// Reads, and changes nothing. Exit 0; 3 for a folder that is no log, is in use, or has damage: the message names the
// file and the place.
#pragma once

#include <iosfwd>

namespace kelpie::cluster {

int RunWal(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

}  // namespace kelpie::cluster
