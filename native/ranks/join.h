#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/train/ranks.h"

namespace pumice::ranks {

/// What a launcher (mpirun, srun) says in the environment about the processes that it started.
struct Launch {
  uint32_t size = 0;     ///< their number; 0 if unknown or there was no launcher
  std::string variable;  ///< that has the size: "OMPI_COMM_WORLD_SIZE"
  bool is_launched = false;
};

/// None if PUMICE_ALONE is set, for processes of a launcher that have nothing to do with each
/// other.
Launch launch_of_environment();

/// Joins the processes that `launch` describes, by MPI; null if this one is alone. Throws Error
/// where they cannot work together: this build lacks MPI, or they were started by the launcher of
/// another MPI, with which each of them would train alone.
std::unique_ptr<train::Ranks> join(const Launch& launch);

/// "Open MPI v4.1.4", or empty in a build without MPI.
std::string mpi_name();

}  // namespace pumice::ranks
