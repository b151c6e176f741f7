#include "native/commands/train/seed_runs.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/base/atomic_file.h"
#include "engine/base/read_text.h"
#include "engine/base/require.h"
#include "engine/io/json_text.h"
#include "engine/io/json_whole.h"
#include "native/formats/file_version.h"
#include "native/formats/origin.h"

namespace pumice::commands {
namespace {

using nlohmann::json;

constexpr uint32_t kSeedRunsVersion = 1;

std::filesystem::path seed_runs_file(const std::filesystem::path& folder) {
  return folder / "seeds.json";
}

// Without signs and fractions.
std::vector<uint64_t> seeds_from(const json& array) {
  std::vector<uint64_t> seeds;
  for (const json& seed : array) seeds.push_back(seed.get_ref<const json::number_unsigned_t&>());
  return seeds;
}

SeedRuns seed_runs_from(const json& object, const std::filesystem::path& folder,
                        const std::vector<std::string>& changes) {
  const std::filesystem::path file = seed_runs_file(folder);
  require(object.is_object() && object.value("generator", "") == kGenerator,
          "{}: Pumice did not write this file; the folder's runs cannot be remembered there",
          file.string());
  formats::refuse_newer(io::whole_at(object, "version"), kSeedRunsVersion, file);
  SeedRuns runs{.folder = folder,
                .recipe = parse_recipe(object.at("recipe").get<std::string>(),
                                       file.string() + ": recipe", changes),
                .seeds = seeds_from(object.at("seeds")),
                .together = io::whole_at(object, "together"),
                .tune = object.at("tune")};
  const std::set<uint64_t> different(runs.seeds.begin(), runs.seeds.end());
  require(!runs.seeds.empty() && different.size() == runs.seeds.size(),
          "{}: expected different seeds, found {}", file.string(), object.at("seeds").dump());
  return runs;
}

}  // namespace

bool is_same_but_for_seed(const Recipe& a, const Recipe& b) {
  Recipe other = a;
  other.seed = b.seed;
  return other == b;
}

std::filesystem::path seed_folder(const std::filesystem::path& parent, uint64_t seed) {
  return parent / fmt::format("seed-{}", seed);
}

bool holds_seed_runs(const std::filesystem::path& folder) {
  std::error_code ignored;
  return std::filesystem::exists(seed_runs_file(folder), ignored);
}

SeedRuns read_seed_runs(const std::filesystem::path& folder,
                        const std::vector<std::string>& changes) {
  const std::filesystem::path file = seed_runs_file(folder);
  try {
    return seed_runs_from(json::parse(read_text(file)), folder, changes);
  } catch (const json::exception&) {
    fail("{}: expected what 'pumice train --seeds' writes, found a damaged file", file.string());
  }
}

SeedRuns with_earlier(SeedRuns runs, bool force) {
  if (runs.folder.empty() || !holds_seed_runs(runs.folder)) return runs;
  std::vector<uint64_t> seeds;
  const SeedRuns earlier = read_seed_runs(runs.folder);
  const bool is_same = is_same_but_for_seed(earlier.recipe, runs.recipe);
  require(is_same || force,
          "{} holds runs of another recipe or number of epochs: choose another folder (--out), or "
          "replace them (--force)",
          runs.folder.string());
  if (is_same) seeds = earlier.seeds;
  for (uint64_t seed : runs.seeds) {
    if (std::ranges::count(seeds, seed) == 0) seeds.push_back(seed);
  }
  runs.seeds = seeds;
  return runs;
}

void write_seed_runs(const SeedRuns& runs) {
  const json object{{"generator", kGenerator},        {"version", kSeedRunsVersion},
                    {"recipe", to_toml(runs.recipe)}, {"seeds", runs.seeds},
                    {"together", runs.together},      {"tune", runs.tune}};
  write_file_atomically(seed_runs_file(runs.folder), io::json_text(object, 2) + "\n");
}

}  // namespace pumice::commands
