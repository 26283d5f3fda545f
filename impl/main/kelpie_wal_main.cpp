#include <iostream>

#include "impl/main/wal_verb.h"

int main(int argc, char** argv) { return kelpie::cluster::RunWal(argc, argv, std::cout, std::cerr); }
