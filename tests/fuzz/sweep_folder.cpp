// The plan of a sweep's folder.
#include "native/sweeps/sweep_folder.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/temporary_folder.h"

using namespace pumice;

FUZZ_TARGET(sweep_folder) {
  static const test::TemporaryFolder folder;
  folder.file("sweep.json", fuzz::text_of(data, size));
  fuzz::read_or_refuse([&] {
    for (const SweepRun& run : SweepFolder(folder.path()).read().runs) {
      const std::filesystem::path place = (folder / run.folder).lexically_normal();
      fuzz::expect(place.parent_path() == folder.path());
    }
  });
}
