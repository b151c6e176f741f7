// The plan of a sweep's folder.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "native/sweeps/sweep_folder.h"
#include "tests/fuzz/fuzz.h"

using namespace pumice;

FUZZ_TARGET(sweep_folder) {
  static const std::filesystem::path folder = [] {
    std::string name = std::filesystem::temp_directory_path() / "pumice-fuzz-XXXXXX";
    fuzz::expect(mkdtemp(name.data()) != nullptr);
    return name;
  }();
  std::ofstream(folder / "sweep.json", std::ios::binary) << fuzz::text_of(data, size);
  fuzz::read_or_refuse([&] {
    for (const SweepRun& run : SweepFolder(folder).read().runs) {
      const std::filesystem::path place = (folder / run.folder).lexically_normal();
      fuzz::expect(place.parent_path() == folder);
    }
  });
}
