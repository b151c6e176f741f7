# Writes OUTPUT, a C++ file that embeds the extractors of FOLDER, so that every program has them
# wherever it is installed:
# cmake -D FOLDER=... -D OUTPUT=... -P embed.cmake
file(GLOB names RELATIVE "${FOLDER}" "${FOLDER}/*.safetensors")
list(TRANSFORM names REPLACE "\\.safetensors$" "")
list(SORT names)

set(arrays "")
set(entries "")
foreach(name IN LISTS names)
  file(READ "${FOLDER}/${name}.safetensors" bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(MAKE_C_IDENTIFIER "k_${name}" array)
  string(APPEND arrays "constexpr unsigned char ${array}[] = {${bytes}};\n")
  string(APPEND entries "  if (name == \"${name}\") return std::as_bytes(std::span(${array}));\n")
endforeach()

file(WRITE "${OUTPUT}" "#include \"native/evaluation/frozen_extractor.h\"

namespace pumice {
namespace {

${arrays}
}  // namespace

std::span<const std::byte> frozen_extractor([[maybe_unused]] std::string_view name) {
${entries}  return {};
}

}  // namespace pumice
")
