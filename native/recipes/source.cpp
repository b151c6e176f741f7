#include "native/recipes/source.h"

#include <fmt/ranges.h>

#include <filesystem>

#include "engine/base/read_text.h"
#include "engine/base/require.h"
#include "native/recipes/closest.h"

namespace pumice {
namespace {

std::string read_source(std::string_view kind, const std::string& file) {
  std::error_code ignored;
  require(!std::filesystem::is_directory(file, ignored), "{}: expected a {}, found a folder", file,
          kind);
  return read_text(file);
}

const BuiltInFile& find_built_in(std::string_view kind, const std::string& name,
                                 std::span<const BuiltInFile> files) {
  std::vector<std::string> names;
  for (const BuiltInFile& file : files) {
    if (file.name == name) return file;
    names.emplace_back(file.name);
  }
  auto close = closest(name, names);
  fail("no {} '{}'{}; there are: {} (a file's name ends in .toml)", kind, name,
       close ? fmt::format(" (did you mean '{}'?)", *close) : "", fmt::join(names, ", "));
}

}  // namespace

bool is_file_name(const std::string& name) {
  return name.ends_with(".toml") || name.find('/') != std::string::npos;
}

Source load_source(std::string_view kind, const std::string& name_or_file,
                   std::span<const BuiltInFile> built_in) {
  if (is_file_name(name_or_file)) return {read_source(kind, name_or_file), name_or_file};
  return {std::string(find_built_in(kind, name_or_file, built_in).text), name_or_file + ".toml"};
}

toml::table parse_toml(std::string_view text, const std::string& file_name) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    toml::source_position position = error.source().begin;
    fail("{}:{}:{}: {}", file_name, position.line, position.column, error.description());
  }
}

}  // namespace pumice
