#include "engine/base/require.h"
#include "native/formats/animation.h"
#include "native/formats/origin.h"

#ifdef PUMICE_GIF
#include <gif_lib.h>

#include <array>
#include <cmath>
#endif

namespace pumice::formats {

#ifdef PUMICE_GIF
namespace {

constexpr int kMostColors = 256;

void check(int result, int error) {
  require(result == GIF_OK, "gif: cannot encode: {}", GifErrorString(error));
}

int append(GifFileType* gif, const GifByteType* bytes, int count) {
  static_cast<std::string*>(gif->UserData)
      ->append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(count));
  return count;
}

/// Pixels as palette indices.
struct IndexedFrame {
  std::array<GifColorType, kMostColors> colors{};
  std::vector<GifByteType> pixels;
};

IndexedFrame index_grey(const Image& frame) {
  IndexedFrame result{.colors = {}, .pixels = frame.pixels};
  for (int i = 0; i < kMostColors; ++i) {
    const auto grey = static_cast<GifByteType>(i);
    result.colors[static_cast<size_t>(i)] = {grey, grey, grey};
  }
  return result;
}

IndexedFrame index_colors(const Image& frame) {
  const size_t count = frame.pixels.size() / 3;
  std::array<std::vector<GifByteType>, 3> planes;
  for (size_t i = 0; i < frame.pixels.size(); ++i) planes[i % 3].push_back(frame.pixels[i]);
  IndexedFrame result{.colors = {}, .pixels = std::vector<GifByteType>(count)};
  int colors = kMostColors;
  const int done =
      GifQuantizeBuffer(frame.width, frame.height, &colors, planes[0].data(), planes[1].data(),
                        planes[2].data(), result.pixels.data(), result.colors.data());
  require(done == GIF_OK, "gif: cannot choose the colours of a frame");
  return result;
}

/// A GIF in memory, written frame by frame.
class GifWriter {
 public:
  GifWriter(const Image& first, uint32_t frames_per_second)
      : delay_(static_cast<int>(std::lround(100.0 / frames_per_second))) {
    int error = 0;
    gif_ = EGifOpen(&file_, append, &error);
    require(gif_ != nullptr, "gif: cannot encode: {}", GifErrorString(error));
    EGifSetGifVersion(gif_, true);
    check(EGifPutScreenDesc(gif_, static_cast<int>(first.width), static_cast<int>(first.height), 8,
                            0, nullptr),
          gif_->Error);
    put_loop();
    check(EGifPutComment(gif_, std::string(kGenerator).c_str()), gif_->Error);
  }
  ~GifWriter() {
    int ignored = 0;
    if (gif_ != nullptr) EGifCloseFile(gif_, &ignored);
  }
  GifWriter(const GifWriter&) = delete;
  GifWriter& operator=(const GifWriter&) = delete;

  void add(const Image& frame) {
    IndexedFrame indexed = frame.channels == 1 ? index_grey(frame) : index_colors(frame);
    const GraphicsControlBlock control{.DisposalMode = DISPOSE_DO_NOT,
                                       .UserInputFlag = false,
                                       .DelayTime = delay_,
                                       .TransparentColor = NO_TRANSPARENT_COLOR};
    std::array<GifByteType, 4> extension{};
    EGifGCBToExtension(&control, extension.data());
    check(EGifPutExtension(gif_, GRAPHICS_EXT_FUNC_CODE, extension.size(), extension.data()),
          gif_->Error);
    put_pixels(frame, indexed);
  }

  std::string finish() {
    int error = 0;
    const int result = EGifCloseFile(std::exchange(gif_, nullptr), &error);
    check(result, error);
    return std::move(file_);
  }

 private:
  // Netscape's extension: loop forever.
  void put_loop() {
    const std::array<GifByteType, 3> for_ever{1, 0, 0};
    check(EGifPutExtensionLeader(gif_, APPLICATION_EXT_FUNC_CODE), gif_->Error);
    check(EGifPutExtensionBlock(gif_, 11, "NETSCAPE2.0"), gif_->Error);
    check(EGifPutExtensionBlock(gif_, for_ever.size(), for_ever.data()), gif_->Error);
    check(EGifPutExtensionTrailer(gif_), gif_->Error);
  }

  void put_pixels(const Image& frame, IndexedFrame& indexed) {
    ColorMapObject* map = GifMakeMapObject(kMostColors, indexed.colors.data());
    require(map != nullptr, "gif: out of memory");
    const int result = EGifPutImageDesc(gif_, 0, 0, static_cast<int>(frame.width),
                                        static_cast<int>(frame.height), false, map);
    GifFreeMapObject(map);
    check(result, gif_->Error);
    check(EGifPutLine(gif_, indexed.pixels.data(), static_cast<int>(indexed.pixels.size())),
          gif_->Error);
  }

  std::string file_;
  GifFileType* gif_ = nullptr;
  int delay_;  ///< hundredths of a second
};

}  // namespace

std::string encode_gif(const Animation& animation) {
  require(!animation.frames.empty(), "gif: expected at least one frame");
  GifWriter writer(animation.frames.front(), animation.frames_per_second);
  for (const Image& frame : animation.frames) writer.add(frame);
  return writer.finish();
}

#else

std::string encode_gif(const Animation&) {
  fail("gif: this program was built without giflib; an animated PNG (.apng) does not need it");
}

#endif

}  // namespace pumice::formats
