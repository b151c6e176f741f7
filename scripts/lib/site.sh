# The parts of a gallery: trained models, their images and measurements, the page.
# shellcheck shell=bash

kSiteMark=.pumice-site  # in every folder that scripts/site made

# require_site_folder FOLDER: it may be replaced.
require_site_folder() {
  [ ! -e "$1" ] || [ -e "$1/$kSiteMark" ] || fail "$1: exists, and was not made by scripts/site; choose another --out"
}

# train_recipes MINUTES RECIPE...: trains what is missing or was interrupted, that long each; sets `runs`.
train_recipes() {
  local minutes=$1 recipe run
  for recipe in "${@:2}"; do
    run=$kRepository/runs/site/$recipe
    if [ ! -f "$run/checkpoint.safetensors" ]; then
      "$kBuild/pumice" train "$recipe" --minutes "$minutes" --out "$run"
    elif grep --quiet '"end": "stopped"' "$run/length.json"; then
      "$kBuild/pumice" train --resume "$run"
    fi
    runs+=("$run")
  done
}

# is_measured RUN: evaluated since it was trained.
is_measured() { [ "$1/evaluation.json" -nt "$1/checkpoint.safetensors" ]; }

# add_model SITE RUN: SITE/models/NAME has what site.py needs of it; the exported model is models/NAME.safetensors.
add_model() {
  local site=$1 run=$2 name folder
  name=$(basename "$run")
  folder=$site/models/$name
  if [ -e "$folder" ]; then fail "$run: another run is named $name, too; rename a folder"; fi
  mkdir -p "$folder"
  if ! is_measured "$run"; then "$kBuild/pumice" evaluate "$run"; fi
  "$kBuild/pumice" export "$run" --web --out "$folder.safetensors"
  "$kBuild/pumice" sample "$run" --rows 4 --columns 8 --out "$folder/samples.png"
  "$kBuild/pumice" interpolate "$run" --out "$folder/interpolation.png"
  "$kBuild/pumice" models "$run/recipe.toml" --json >"$folder/network.json"
  "$kBuild/pumice" report "$run" --out "$folder/report.html"
  cp "$run"/{evaluation.json,length.json,metrics.jsonl,recipe.toml} "$folder"
}

# add_page SITE: the explorer, with the models.
add_page() {
  cmake --install "$kWebBuild" --prefix "$1/explore" >/dev/null
  mkdir -p "$1/explore/models"
  mv "$1"/models/*.safetensors "$1/explore/models"
  touch "$1/$kSiteMark" "$1/.nojekyll"  # GitHub Pages then serves the files as they are
}
