# Writes OUTPUT, a C++ file with all recipes of FOLDER, so that the program finds them wherever it is
# installed: cmake -D FOLDER=... -D OUTPUT=... -P embed.cmake
file(GLOB names RELATIVE "${FOLDER}" "${FOLDER}/*.toml")
list(TRANSFORM names REPLACE "\\.toml$" "")
list(SORT names)
list(LENGTH names count)

set(entries "")
foreach(name IN LISTS names)
  file(READ "${FOLDER}/${name}.toml" text)
  string(APPEND entries "    {\"${name}\", R\"toml(${text})toml\"},\n")
endforeach()

file(WRITE "${OUTPUT}" "#include \"native/recipes/built_in_recipes.h\"

#include <array>

namespace pumice {
namespace {

constexpr std::array<BuiltInRecipe, ${count}> kRecipes{{
${entries}}};

}  // namespace

std::span<const BuiltInRecipe> built_in_recipes() { return kRecipes; }

}  // namespace pumice
")
