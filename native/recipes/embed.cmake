# Writes OUTPUT, a C++ file with all recipes of FOLDER, so that the program finds them wherever it is
# installed: cmake -D FOLDER=... -D OUTPUT=... -P embed.cmake
file(GLOB recipes "${FOLDER}/*.toml")
list(SORT recipes)
list(LENGTH recipes count)

set(entries "")
foreach(recipe IN LISTS recipes)
  get_filename_component(name "${recipe}" NAME_WLE)
  file(READ "${recipe}" text)
  string(APPEND entries "    {\"${name}\", R\"toml(${text})toml\"},\n")
endforeach()

file(WRITE "${OUTPUT}" "#include \"native/built_in_recipes.h\"

#include <array>

namespace pumice {
namespace {

constexpr std::array<BuiltInRecipe, ${count}> kRecipes{{
${entries}}};

}  // namespace

std::span<const BuiltInRecipe> built_in_recipes() { return kRecipes; }

}  // namespace pumice
")
