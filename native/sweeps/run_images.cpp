#include "native/sweeps/run_images.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

fs::path file_of(const RunFolder& run, const std::string& name, uint32_t epoch) {
  if (name == "samples") return run.samples(epoch);
  if (name == "reconstructions") return run.reconstructions(epoch);
  if (name == "interpolation") return run.interpolation();
  if (name == "manifold") return run.manifold();
  if (name == "latents") return run.latents();
  return run.passes();
}

}  // namespace

std::vector<RunImage> images_of(const SweepFolder& folder, const Sweep& sweep, size_t run,
                                const RunResult& result) {
  std::vector<RunImage> images;
  const uint32_t epoch = result.metrics.empty() ? 0 : result.metrics.back().epoch;
  for (const std::string& name : sweep.study.shows) {
    const fs::path file = file_of(folder.run(sweep.runs[run]), name, epoch);
    std::error_code ignored;
    if (fs::exists(file, ignored)) images.push_back({name, fs::relative(file, folder.path())});
  }
  return images;
}

}  // namespace pumice
