#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "engine/io/checkpoint.h"
#include "engine/nn/latents.h"
#include "engine/nn/vae_inference.h"
#include "tests/support/devices.h"
#include "tests/support/temporary_folder.h"

// The same checkpoint and latents natively and in headless Chromium on WebGPU.
namespace pumice {
namespace {

constexpr uint32_t kCount = 5;

std::filesystem::path cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache != '\0') return std::filesystem::path(cache) / "pumice";
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home != nullptr ? home : "") / ".cache/pumice";
}

void write_floats(const std::filesystem::path& path, std::span<const float> values) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

/// Deterministic weights, large enough that pictures differ.
std::vector<float> weights(uint64_t bytes) {
  std::vector<float> values = nn::normal_latents(7, 0, 1, static_cast<uint32_t>(bytes / 4));
  for (float& value : values) value *= 0.15f;
  return values;
}

/// Sizes off the multiples of four, so that kernels meet their edges.
nn::VaeDescription description() {
  return {.picture = {9, 7, 1},
          .latent_size = 3,
          .encoder = {{"linear", 37, "relu"}},
          .decoder = {{"linear", 37, "relu"}, {"linear", 70, "tanh"}}};
}

void write_case(hal::Device& device, const std::filesystem::path& folder) {
  nn::Parameters parameters;
  nn::Vae vae(parameters, description());
  parameters.allocate(device, "parameters");
  std::vector<float> values = weights(parameters.flat_bytes());
  std::span<const std::byte> bytes = std::as_bytes(std::span(values));
  device.write(*parameters.buffer(), bytes);
  io::write_checkpoint(folder / "model.safetensors", parameters,
                       {.network = description(), .parameters = {bytes.begin(), bytes.end()}});

  std::vector<float> latents = nn::normal_latents(1, 0, kCount, description().latent_size);
  write_floats(folder / "latents.f32", latents);
  nn::VaeInference inference(device, vae, kCount);
  write_floats(folder / "pictures.f32", inference.decode(latents));
  std::ofstream(folder / "count") << kCount;
}

DEVICE_TEST(Web, decodes_as_here) {
  const std::filesystem::path site = PUMICE_SOURCE_DIR "/build/web/site";
  if (!std::filesystem::exists(site / "e2e/decode.wasm")) {
    GTEST_SKIP() << "no web build in " << site;
  }
  test::TemporaryFolder folder;
  write_case(device, folder / "");
  std::string command =
      fmt::format("node '{}/web/e2e/decode_check.mjs' '{}' '{}' '{}'", PUMICE_SOURCE_DIR,
                  (cache_folder() / "web/npm").string(), site.string(), (folder / "").string());
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
}

}  // namespace
}  // namespace pumice
