#pragma once

namespace pumice::io {

// What a map is called in a file: its metadata, then its tensors.
inline constexpr const char* kMap = "map";
inline constexpr const char* kMapClasses = "map_classes";

inline constexpr const char* kNumbers = "map.numbers";
inline constexpr const char* kLatents = "map.latents";
inline constexpr const char* kPlaces = "map.places";
inline constexpr const char* kMean = "map.mean";
inline constexpr const char* kAxes = "map.axes";
inline constexpr const char* kLabels = "map.labels";
inline constexpr const char* kThumbnails = "map.thumbnails";
inline constexpr const char* kThumbnailPoints = "map.thumbnail_points";

}  // namespace pumice::io
