#include "native/report/origin.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "native/report/png_chunk.h"

namespace pumice::report {
namespace {

constexpr size_t kBeginning = 4096;
constexpr std::string_view kKeyword = "Software";

std::string beginning_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text(kBeginning, '\0');
  stream.read(text.data(), kBeginning);
  text.resize(static_cast<size_t>(stream.gcount()));
  return text;
}

std::string text_chunk() {
  return png_chunk("tEXt", std::string(kKeyword) + '\0' + std::string(kGenerator));
}

}  // namespace

bool was_written_by_pumice(const std::filesystem::path& file) {
  const std::string text = beginning_of(file);
  const auto has = [&](std::string_view begin, const std::string& mark) {
    return text.starts_with(begin) && text.find(mark) != text.npos;
  };
  const std::string name(kGenerator);
  return has("\x89PNG", text_chunk()) || has("GIF89a", name) ||
         has("<!", fmt::format("<meta name=\"generator\" content=\"{}", name)) ||
         has("{", fmt::format("\"generator\": \"{}", name));
}

std::string with_generator(const std::string& png) {
  constexpr size_t kAfterHeader = kPngSignature + kPngHeader;
  return png.substr(0, kAfterHeader) + text_chunk() + png.substr(kAfterHeader);
}

}  // namespace pumice::report
