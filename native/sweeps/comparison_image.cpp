#include "native/sweeps/comparison_image.h"

#include <algorithm>

#include "engine/base/require.h"
#include "native/formats/canvas.h"

namespace pumice {
namespace {

using formats::Image;

constexpr uint32_t kMargin = 12;
constexpr uint32_t kTextWidth = 470;
constexpr uint32_t kLine = 26;
constexpr size_t kLetters = 38;     ///< that fit into the text's width
constexpr uint32_t kLetter = 12;    ///< width of one
constexpr uint32_t kTallest = 330;  ///< of an image
constexpr formats::Color kInk{40, 40, 40};
constexpr formats::Color kQuiet{110, 110, 110};

/// An image and, above it, its name.
struct Picture {
  std::string name;
  Image image;

  uint32_t width() const { return std::max(image.width, kLetter * uint32_t(name.size())); }
};

struct Row {
  std::vector<std::string> lines;
  std::vector<Picture> pictures;

  uint32_t height() const {
    uint32_t most = kLine * static_cast<uint32_t>(lines.size());
    for (const Picture& picture : pictures) most = std::max(most, kLine + picture.image.height);
    return most + kMargin;
  }
  uint32_t width() const {
    uint32_t sum = kTextWidth + kMargin;
    for (const Picture& picture : pictures) sum += picture.width() + kMargin;
    return sum;
  }
};

// The canvas draws ASCII.
std::string plain(std::string text) {
  const std::string sign = "±";
  for (size_t at = text.find(sign); at != text.npos; at = text.find(sign)) {
    text.replace(at, sign.size(), "+-");
  }
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text;
}

/// Adds a text, broken between words into lines of at most `letters`.
void add_lines(std::string text, size_t letters, std::vector<std::string>& lines) {
  while (text.size() > letters) {
    const size_t space = text.rfind(' ', letters);
    const size_t end = space == text.npos || space < 3 ? letters : space;
    lines.push_back(text.substr(0, end));
    const size_t next = text.find_first_not_of(' ', end);
    if (next == text.npos) return;
    text = "  " + text.substr(next);
  }
  lines.push_back(std::move(text));
}

std::vector<std::string> lines_of(const ComparedModel& model) {
  std::vector<std::string> lines;
  const auto add = [&](const char* title, const std::string& text) {
    if (!text.empty()) add_lines(plain(title + text), kLetters, lines);
  };
  add("", model.name);
  add("FID ", model.fid);
  add("Inception score ", model.inception_score);
  add("log-likelihood ", model.log_likelihood);
  add("source: ", model.source);
  add("", model.losses);
  add("epochs: ", model.epochs);
  add("", model.network);
  add("parameters: ", model.parameters);
  add("latent: ", model.latent);
  add("loss: ", model.loss);
  add("", model.optimizer);
  return lines;
}

Row row_of(const std::filesystem::path& folder, const ComparedModel& model) {
  Row row{lines_of(model), {}};
  for (const RunImage& named : model.images) {
    try {
      Image image = formats::read_png(folder / named.file);
      while (image.height > kTallest) image = formats::halved(image);
      row.pictures.push_back({named.name, std::move(image)});
    } catch (const Error&) {
    }
  }
  return row;
}

void paste(const Image& source, uint32_t left, uint32_t top, Image& target) {
  for (uint32_t y = 0; y < source.height; ++y) {
    for (uint32_t x = 0; x < source.width; ++x) {
      for (uint32_t channel = 0; channel < 3; ++channel) {
        const uint32_t from = std::min(channel, source.channels - 1);
        target.pixels[((uint64_t{top} + y) * target.width + left + x) * 3 + channel] =
            source.pixels[(uint64_t{y} * source.width + x) * source.channels + from];
      }
    }
  }
}

using Lines = std::vector<std::string>;

void write(formats::Canvas& canvas, double left, double top, const Lines& lines, bool has_title) {
  for (size_t i = 0; i < lines.size(); ++i) {
    canvas.text({left, top + kLine * (double(i) + 0.5)}, lines[i], formats::Anchor::kStart,
                has_title && i == 0 ? kInk : kQuiet);
  }
}

void write(formats::Canvas& canvas, double top, const Row& row) {
  write(canvas, kMargin, top, row.lines, true);
  double left = kTextWidth;
  for (const Picture& picture : row.pictures) {
    write(canvas, left, top, {picture.name}, false);
    left += picture.width() + kMargin;
  }
}

void paste(const Row& row, uint32_t top, Image& target) {
  uint32_t left = kTextWidth;
  for (const Picture& picture : row.pictures) {
    paste(picture.image, left, top + kLine, target);
    left += picture.width() + kMargin;
  }
}

}  // namespace

Image comparison_image(const std::filesystem::path& sweep_folder,
                       const std::vector<ComparedModel>& models, const std::string& note) {
  std::vector<Row> rows;
  uint32_t width = 0, height = kMargin;
  for (const ComparedModel& model : models) {
    const Row& row = rows.emplace_back(row_of(sweep_folder, model));
    width = std::max(width, row.width());
    height += row.height();
  }
  Lines note_lines;
  if (!note.empty()) add_lines(plain(note), (width - 2 * kMargin) / kLetter, note_lines);
  formats::ImageCanvas canvas(width, height + kLine * static_cast<uint32_t>(note_lines.size()));
  double top = kMargin;
  for (const Row& row : rows) {
    write(canvas, top, row);
    top += row.height();
  }
  write(canvas, kMargin, top, note_lines, false);
  Image image = canvas.image();
  uint32_t y = kMargin;
  for (const Row& row : rows) {
    paste(row, y, image);
    y += row.height();
  }
  return image;
}

}  // namespace pumice
