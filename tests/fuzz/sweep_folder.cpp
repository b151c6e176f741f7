// The plan of a sweep's folder.
#include "native/sweeps/sweep_folder.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/temporary_folder.h"

using namespace pumice;

FUZZ_TARGET(sweep_folder) {
  static fuzz::MemoryFile file;
  static const test::TemporaryFolder folder;
  static const bool is_linked = fuzz::link_to(file, folder / "sweep.json");
  fuzz::expect(is_linked);
  file.with(fuzz::text_of(data, size));
  fuzz::read_or_refuse([&] {
    for (const SweepRun& run : SweepFolder(folder.path()).read().runs) {
      const std::filesystem::path place = (folder / run.folder).lexically_normal();
      fuzz::expect(place.parent_path() == folder.path());
    }
  });
}
