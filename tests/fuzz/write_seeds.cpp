// fuzz_seeds FOLDER
#include <iostream>

#include "tests/fuzz/seeds.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: fuzz_seeds FOLDER\n";
    return 2;
  }
  pumice::fuzz::write_seeds(argv[1]);
  return 0;
}
