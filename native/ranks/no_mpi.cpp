#include "native/ranks/join.h"
#include "native/ranks/mpi_ranks.h"

// A build without MPI.
namespace pumice::ranks {

std::unique_ptr<train::Ranks> make_mpi_ranks() { return nullptr; }
std::string mpi_name() { return ""; }

}  // namespace pumice::ranks
