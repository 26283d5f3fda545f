#include <iostream>

#include "impl/main/simulate_verb.h"

int main(int argc, char** argv) { return kelpie::cluster::RunSimulate(argc, argv, std::cout, std::cerr); }
