# Writes OUTPUT, a C++ file that embeds all TOML files of FOLDER and defines FUNCTION(), so that the
# program does not depend on where it is installed:
# cmake -D FOLDER=... -D FUNCTION=built_in_recipes -D OUTPUT=... -P embed.cmake
file(GLOB names RELATIVE "${FOLDER}" "${FOLDER}/*.toml")
list(TRANSFORM names REPLACE "\\.toml$" "")
list(SORT names)
list(LENGTH names count)

set(entries "")
foreach(name IN LISTS names)
  file(READ "${FOLDER}/${name}.toml" text)
  string(APPEND entries "    {\"${name}\", R\"toml(${text})toml\"},\n")
endforeach()

file(WRITE "${OUTPUT}" "#include \"native/recipes/built_in_files.h\"

#include <array>

namespace pumice {
namespace {

constexpr std::array<BuiltInFile, ${count}> kFiles{{
${entries}}};

}  // namespace

std::span<const BuiltInFile> ${FUNCTION}() { return kFiles; }

}  // namespace pumice
")
