#include "native/formats/origin.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "native/formats/extension.h"
#include "native/formats/png_chunk.h"

namespace pumice::formats {
namespace {

constexpr std::string_view kKeyword = "Software";

std::string text_chunk() {
  return png_chunk("tEXt", std::string(kKeyword) + '\0' + std::string(kGenerator));
}

}  // namespace

std::string beginning_of(const std::filesystem::path& file, size_t bytes) {
  std::ifstream stream(file, std::ios::binary);
  std::string text(bytes, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(bytes));
  text.resize(static_cast<size_t>(stream.gcount()));
  return text;
}

bool leaves_mark(const std::filesystem::path& file) {
  constexpr std::array<std::string_view, 8> kMarked{".png",  ".apng", ".gif",  ".svg",
                                                    ".html", ".htm",  ".json", ".md"};
  return std::find(kMarked.begin(), kMarked.end(), extension_of(file)) != kMarked.end();
}

bool was_written_by_pumice(const std::filesystem::path& file) {
  const std::string text = beginning_of(file);
  const auto has = [&](std::string_view begin, const std::string& mark) {
    return text.starts_with(begin) && text.find(mark) != text.npos;
  };
  const std::string name(kGenerator);
  return has("<svg", std::string(kComment)) || text.starts_with(kComment) ||
         has("\x89PNG", text_chunk()) || has("GIF89a", name) ||
         has("<!", fmt::format("<meta name=\"generator\" content=\"{}", name)) ||
         has("{", fmt::format("\"generator\": \"{}", name));
}

std::string with_generator(const std::string& png) {
  constexpr size_t kAfterHeader = kPngSignature + kPngHeader;
  return png.substr(0, kAfterHeader) + text_chunk() + png.substr(kAfterHeader);
}

}  // namespace pumice::formats
