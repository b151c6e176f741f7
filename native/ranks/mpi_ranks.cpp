#include "native/ranks/mpi_ranks.h"

#include <mpi.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "native/ranks/join.h"

namespace pumice::ranks {
namespace {

constexpr size_t kMostBytes = size_t{1} << 30;  // MPI counts in int

void check(int code, std::string_view what) {
  if (code == MPI_SUCCESS) return;
  std::array<char, MPI_MAX_ERROR_STRING> text = {};
  int length = 0;
  MPI_Error_string(code, text.data(), &length);
  fail("MPI: {}: {}", what, std::string_view(text.data(), static_cast<size_t>(length)));
}

/// Waits, without taking a core from others for long, until MPI_Wait will not: ranks may share the
/// processor that computes.
void await(MPI_Request request, std::string_view what) {
  constexpr int kEagerTests = 1000;  // a fraction of a millisecond
  int is_done = 0;
  for (int tests = 0;; ++tests) {
    check(MPI_Request_get_status(request, &is_done, MPI_STATUS_IGNORE), what);
    if (is_done != 0) return;
    if (tests >= kEagerTests) std::this_thread::sleep_for(std::chrono::microseconds(20));
  }
}

int count_of(size_t bytes) {
  require(bytes <= kMostBytes, "MPI: expected at most {} bytes at once, got {}", kMostBytes, bytes);
  return static_cast<int>(bytes);
}

uint32_t number(int (*ask)(MPI_Comm, int*), MPI_Comm of) {
  int value = 0;
  check(ask(of, &value), "a communicator");
  return static_cast<uint32_t>(value);
}

/// Starts MPI, and ends it.
class Environment {
 public:
  Environment() {
    int provided = 0;
    check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "the start");
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  }
  ~Environment() { MPI_Finalize(); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
};

class MpiRanks final : public train::Ranks {
 public:
  MpiRanks()
      : rank_(number(MPI_Comm_rank, MPI_COMM_WORLD)), size_(number(MPI_Comm_size, MPI_COMM_WORLD)) {
    MPI_Comm machine = MPI_COMM_NULL;
    check(MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine),
          "the ranks of this machine");
    local_rank_ = number(MPI_Comm_rank, machine);
    MPI_Comm_free(&machine);
  }

  uint32_t rank() const override { return rank_; }
  uint32_t size() const override { return size_; }
  uint32_t local_rank() const override { return local_rank_; }

  void all_to_all(std::span<const std::byte> from, std::span<std::byte> to) override {
    const int block = count_of(from.size() / size_);
    MPI_Request request = MPI_REQUEST_NULL;
    check(MPI_Ialltoall(from.data(), block, MPI_BYTE, to.data(), block, MPI_BYTE, MPI_COMM_WORLD,
                        &request),
          "an exchange");
    await(request, "an exchange");
    check(MPI_Wait(&request, MPI_STATUS_IGNORE), "an exchange");
  }

  void all_gather(std::span<const std::byte> own, std::span<std::byte> all) override {
    const int block = count_of(own.size());
    MPI_Request request = MPI_REQUEST_NULL;
    check(MPI_Iallgather(own.data(), block, MPI_BYTE, all.data(), block, MPI_BYTE, MPI_COMM_WORLD,
                         &request),
          "an exchange");
    await(request, "an exchange");
    check(MPI_Wait(&request, MPI_STATUS_IGNORE), "an exchange");
  }

  void broadcast(std::span<std::byte> bytes) override {
    for (size_t begin = 0; begin < bytes.size(); begin += kMostBytes) {
      const auto part = bytes.subspan(begin, std::min(kMostBytes, bytes.size() - begin));
      MPI_Request request = MPI_REQUEST_NULL;
      check(MPI_Ibcast(part.data(), count_of(part.size()), MPI_BYTE, 0, MPI_COMM_WORLD, &request),
            "a broadcast");
      await(request, "a broadcast");
      check(MPI_Wait(&request, MPI_STATUS_IGNORE), "a broadcast");
    }
  }

  [[noreturn]] void abort(int exit_code) override {
    MPI_Abort(MPI_COMM_WORLD, exit_code);
    std::exit(exit_code);
  }

 private:
  Environment environment_;
  uint32_t rank_;
  uint32_t size_;
  uint32_t local_rank_ = 0;
};

}  // namespace

std::unique_ptr<train::Ranks> make_mpi_ranks() { return std::make_unique<MpiRanks>(); }

std::string mpi_name() {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text = {};
  int length = 0;
  MPI_Get_library_version(text.data(), &length);
  const std::string_view name(text.data(), static_cast<size_t>(length));
  return std::string(name.substr(0, name.find_first_of(",\n")));
}

}  // namespace pumice::ranks
