#include "native/ranks/join.h"

#include <charconv>
#include <cstdlib>
#include <string_view>

#include "native/ranks/mpi_ranks.h"

namespace pumice::ranks {
namespace {

uint32_t number_in(const char* variable) {
  const char* value = std::getenv(variable);
  if (value == nullptr) return 0;
  const std::string_view text = value;
  uint32_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool is_set(const char* variable) { return std::getenv(variable) != nullptr; }

}  // namespace

Launch launch_of_environment() {
  if (is_set("PUMICE_ALONE")) return {};
  // Open MPI's mpirun; MPICH, its relatives and Slurm's pmi2.
  for (const char* size : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}) {
    if (is_set(size)) return {number_in(size), size, true};
  }
  if (!is_set("PMIX_RANK")) return {};
  // srun --mpi=pmix
  const char* steps = "SLURM_STEP_NUM_TASKS";
  return {number_in(steps), is_set(steps) ? steps : "", true};
}

std::unique_ptr<train::Ranks> join(const Launch& launch) {
  if (!launch.is_launched || launch.size == 1) return nullptr;
  std::unique_ptr<train::Ranks> ranks = make_mpi_ranks();
  require(
      ranks != nullptr || launch.size < 2,
      "train: {} = {} says that {} processes train together, but this program was built without "
      "MPI (Debian: libopenmpi-dev); for trainings of their own, set PUMICE_ALONE=1",
      launch.variable, launch.size, launch.size);
  if (ranks == nullptr) return nullptr;
  require(
      launch.size == 0 || ranks->size() == launch.size,
      "train: {} = {} says that {} processes train together, but {}, with which this program was "
      "built, finds {}: it was started by the launcher of another MPI; use mpirun of {}",
      launch.variable, launch.size, launch.size, mpi_name(), ranks->size(), mpi_name());
  if (ranks->size() == 1) return nullptr;
  return ranks;
}

}  // namespace pumice::ranks
