// Every target on its first inputs and on some thousand changes of them, the same at every run:
// what can be done in seconds, and without clang. See scripts/fuzz for the rest.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/seeds.h"
#include "tests/support/folders.h"
#include "tests/support/temporary_folder.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

constexpr int kChanges = 2000;

void add_files(const fs::path& folder, std::vector<std::string>& inputs) {
  std::error_code ignored;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) files.push_back(entry.path());
  std::ranges::sort(files);  // the order of a folder is not the same everywhere
  for (const fs::path& file : files) {
    std::ifstream stream(file, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
}

std::string changed(std::string input, const std::vector<std::string>& others,
                    std::mt19937& random) {
  auto below = [&](size_t bound) { return bound == 0 ? 0 : random() % bound; };
  for (size_t changes = 1 + below(3); changes > 0; --changes) {
    const size_t at = below(input.size() + 1);
    const std::string& other = others[below(others.size())];
    const size_t from = below(other.size());
    switch (below(5)) {
      case 0:
        if (at < input.size()) input[at] = static_cast<char>(random());
        break;
      case 1:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
        break;
      case 2:
        input.resize(at);
        break;
      case 3:
        input.erase(at, below(16));
        break;
      default:
        input.insert(at, other, from, below(32));
    }
  }
  return input;
}

TEST(FuzzReplay, every_reader_refuses_what_it_cannot_read) {
  test::TemporaryFolder seeds;
  fuzz::write_seeds(seeds.path());
  ASSERT_GE(fuzz::targets().size(), 6u);
  for (const fuzz::NamedTarget& target : fuzz::targets()) {
    SCOPED_TRACE(target.name);
    std::vector<std::string> inputs;
    add_files(seeds / target.name, inputs);
    add_files(test::source_folder() / "tests/fuzz/corpus" / target.name, inputs);
    ASSERT_FALSE(inputs.empty()) << "no first input for " << target.name;
    std::mt19937 random(1);
    for (int i = 0; i < kChanges; ++i) {
      std::string input = inputs[static_cast<size_t>(i) % inputs.size()];
      if (static_cast<size_t>(i) >= inputs.size()) input = changed(input, inputs, random);
      target.run(reinterpret_cast<const uint8_t*>(input.data()), input.size());
    }
  }
}

}  // namespace
}  // namespace pumice
