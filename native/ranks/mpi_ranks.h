#pragma once

#include <memory>

#include "engine/train/ranks.h"

namespace pumice::ranks {

/// The processes of MPI_COMM_WORLD; null in a build without MPI. At most one at a time, from one
/// thread; MPI ends with it. Throws Error when MPI cannot be started.
std::unique_ptr<train::Ranks> make_mpi_ranks();

}  // namespace pumice::ranks
