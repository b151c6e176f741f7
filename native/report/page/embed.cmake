# Writes OUTPUT, a C++ file that embeds the report's page and, if the npm package is installed, its
# chart library:
# cmake -D FOLDER=... -D UPLOT=... -D OUTPUT=... -P embed.cmake; UPLOT: uPlot's folder, or nothing.
set(entries "")
foreach(name report.html report.css elements.js axes.js charts.js curves.js overview.js settings.js
        evaluations.js scatter.js images.js report.js live.js)
  file(READ "${FOLDER}/${name}" text)
  string(APPEND entries "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
endforeach()
foreach(path LICENSE dist/uPlot.iife.min.js dist/uPlot.min.css)
  set(text "")
  if(UPLOT)
    file(READ "${UPLOT}/${path}" text)
  endif()
  cmake_path(GET path FILENAME name)
  string(APPEND entries "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
endforeach()

file(WRITE "${OUTPUT}" "#include \"engine/base/require.h\"
#include \"native/report/page.h\"

namespace pumice::report {
namespace {

struct File {
  std::string_view name;
  std::string_view text;
};

constexpr File kFiles[] = {
${entries}};

}  // namespace

std::string_view page_file(std::string_view name) {
  for (const File& file : kFiles) {
    if (file.name == name) return file.text;
  }
  fail(\"report: no file '{}' in the program\", name);
}

}  // namespace pumice::report
")
