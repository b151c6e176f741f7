"""The HTML of a gallery: plain pages that work in every browser, without scripts."""
from html import escape
from urllib.parse import quote

STYLE = """
:root { color-scheme: light dark; --ground: #f6f6f4; --card: #fff; --ink: #1b1f27; --quiet: #56606d; --line: #dcdfe3;
  --accent: #0b6bb8; --on-accent: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #15181d; --card: #1d2127; --ink: #eceef1; --quiet: #a3abb6; --line: #30363f; --accent: #58b0f0;
    --on-accent: #0c1116; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 17px/1.55 system-ui, sans-serif; }
header, main, footer { max-width: 74rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 2.75rem; padding-bottom: 1.5rem; }
h1 { font-size: 2.5rem; line-height: 1.15; letter-spacing: -.02em; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 0; overflow-wrap: anywhere; }
p { margin: .4rem 0; max-width: 44rem; }
.quiet, footer { color: var(--quiet); }
a { color: var(--accent); }
.models { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(21rem, 100%), 1fr)); gap: 1.5rem; }
.model { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; overflow: hidden; display: flex;
  flex-direction: column; }
.model img { display: block; width: 100%; height: auto; image-rendering: pixelated; background: #000; }
.model div { padding: 1rem 1.25rem 1.25rem; display: flex; flex-direction: column; flex: 1; }
.model p:first-of-type { flex: 1; }
.button { display: inline-block; min-height: 2.75rem; padding: .5rem 1.25rem; border-radius: .5rem; font-weight: 600;
  background: var(--accent); color: var(--on-accent); text-decoration: none; }
.button:hover { filter: brightness(1.12); }
.actions { display: flex; flex-wrap: wrap; gap: .75rem 1.25rem; align-items: center; margin-top: .75rem; }
.wide { width: 100%; height: auto; image-rendering: pixelated; border-radius: .5rem; background: #000; display: block; }
section { margin: 2rem 0; }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; color: var(--quiet); }
td.number, th.number { text-align: right; }
tbody th, td.number { white-space: nowrap; }
code { font-size: .9em; overflow-wrap: anywhere; }
footer { padding-top: 2rem; padding-bottom: 3rem; font-size: .9rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
"""

ABOUT = "Small generative models, trained and explored with Pumice. Everything is computed in your browser."


def preview_tags(title, words, image, address, path):
    """What is shown of a link in chats and feeds. Images need an absolute address there."""
    tags = [("property", "og:type", "website"), ("property", "og:title", title), ("property", "og:description", words),
            ("name", "twitter:card", "summary_large_image")]
    if address:
        tags += [("property", "og:url", address + path), ("property", "og:image", address + image),
                 ("property", "og:image:alt", "A grid of images that a model has drawn")]
    return "\n".join(f'<meta {kind}="{name}" content="{escape(text)}">' for kind, name, text in tags)


def page(title, words, body, preview):
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<meta name="description" content="{escape(words)}">
{preview}
<link rel="icon" href="data:,">
<style>{STYLE}</style>
{body}
</html>
"""


def image(source, size, alt, style=""):
    width, height = size
    kind = f' class="{style}"' if style else ""
    return f'<img{kind} src="{escape(source)}" width="{width}" height="{height}" alt="{escape(alt)}">'


def explore_link(model, root):
    return f'<a class="button" href="{root}explore/#model={quote(model["name"])}">Explore</a>'


def samples_image(model, root, style=""):
    source = f'{root}models/{quote(model["name"])}/samples.png'
    return image(source, model["samples_size"], f'32 images drawn by {model["name"]}', style)


def time_text(minutes):
    """"48 seconds", "1.5 minutes", "37 minutes"."""
    if minutes < 1:
        return f"{60 * minutes:.0f} seconds"
    return f"{minutes:.1f} minutes" if minutes < 10 else f"{minutes:.0f} minutes"


def summary(model):
    figures = ", ".join(f"{title} {text}" for title, text in model["figures"][:2])
    return f'{figures}. Trained on {model["data"]} for {model["epochs"]} epochs in {time_text(model["minutes"])}.'


def card(model):
    name, folder = escape(model["name"]), quote(model["name"])
    return f"""<article class="model">
<a href="models/{folder}/" aria-label="{name}: details">{samples_image(model, "")}</a>
<div><h2>{name}</h2><p>{escape(model["words"])}.</p><p class="quiet">{escape(summary(model))}</p>
<p class="actions">{explore_link(model, "")}<a href="models/{folder}/">Details</a></p></div>
</article>"""


def gallery_page(models, address):
    first = f'models/{quote(models[0]["name"])}/samples.png'
    body = f"""<header><h1>Small generative models</h1><p class="quiet">{ABOUT}</p>
<p><a href="results.html">Results of all models, side by side</a></p></header>
<main class="models">
{"".join(card(model) for model in models)}
</main>
<footer>Made with Pumice. The models are computed on your machine; nothing is sent anywhere.</footer>"""
    return page("Small generative models", ABOUT, body,
                preview_tags("Small generative models", ABOUT, first, address, ""))


def facts(model):
    rows = [("Recipe", model["recipe"]), ("Data set", model["data"]), ("Seed", str(model["seed"])),
            ("Epochs", model["epochs"]), ("Training time", time_text(model["minutes"])),
            ("Device", model["device"]), ("File of the explorer", f'{model["size"] / 1e6:.2f} MB')]
    return "".join(f"<tr><th scope=row>{escape(title)}<td>{escape(text)}" for title, text in rows)


def measured(model):
    """What the figures are of, since they compare only with figures of the same kind."""
    evaluation = model["evaluation"]
    return (f'{evaluation["samples"]} samples, {evaluation["repeats"]} repeats, against '
            f'{evaluation["reference_pictures"]} images of the {evaluation["reference"]} set; features of '
            f'{evaluation["extractor"]} ({evaluation["extractor_hash"]})')


def again(model):
    """The command that trains such a model; minutes do not give the same one again."""
    length = f'--epochs {model["epochs"]}' if " of " not in model["epochs"] else f'--minutes {model["minutes"]:.0f}'
    return f'pumice train {model["recipe"]} --seed {model["seed"]} {length}'


def model_page(model, address):
    name = escape(model["name"])
    figures = "".join(f"<tr><th scope=row>{escape(title)}<td class=number>{escape(text)}"
                      for title, text in model["figures"])
    body = f"""<header><p><a href="../../">All models</a></p><h1>{name}</h1><p>{escape(model["words"])}.</p>
<p class="actions">{explore_link(model, "../../")}<a href="report.html">Training report</a></p></header>
<main>
<section><h2>Drawn from random numbers</h2><p>{samples_image(model, "../../", "wide")}</p></section>
<section><h2>From one image to another</h2>
<p>{image("interpolation.png", model["strip_size"], "Strips of images that turn into each other", "wide")}</p></section>
<section><h2>Measured</h2><div class="table"><table>{figures}</table></div>
<p class="quiet">{escape(measured(model))}. Figures compare only with those measured the same way.</p></section>
<section><h2>Trained</h2><div class="table"><table>{facts(model)}</table></div>
<p>Train it again: <code>{escape(again(model))}</code></p>
</section>
</main>
<footer>Made with Pumice.</footer>"""
    path = f'models/{quote(model["name"])}/'
    return page(f'{model["name"]} · Pumice', model["words"], body,
                preview_tags(model["name"], model["words"], path + "samples.png", address, path))


def results_row(model, titles):
    figures = dict(model["figures"])
    name, folder = escape(model["name"]), quote(model["name"])
    cells = "".join(f'<td class=number>{escape(figures.get(title, "–"))}' for title in titles)
    return (f'<tr><th scope=row><a href="models/{folder}/">{name}</a><td>{escape(model["family"])}'
            f'<td class=number>{model["parameters"]}<td class=number>{model["epochs"]}'
            f'<td class=number>{model["minutes"]:.1f}{cells}')


def results_page(models, titles, address):
    words = "Metrics of all models of this gallery, side by side."
    shown = [title for title in titles if any(title in dict(model["figures"]) for model in models)]
    heads = "".join(f"<th scope=col class=number>{title}" for title in ["Parameters", "Epochs", "Minutes"] + shown)
    rows = "\n".join(results_row(model, shown) for model in models)
    notes = "".join(f"<li>{text}" for text in sorted({escape(measured(model)) for model in models}))
    body = f"""<header><p><a href="./">All models</a></p><h1>Results</h1><p class="quiet">{words}</p></header>
<main><div class="table"><table><thead><tr><th scope=col>Model<th scope=col>Family{heads}</thead>
<tbody>
{rows}
</tbody></table></div>
<section><h2>How they were measured</h2><ul>{notes}</ul>
<p class="quiet">A lower FID is better; so is a higher score, precision, recall, ELBO and log-likelihood (nats per
image). FIDs of different extractors do not compare.</p></section></main>
<footer>Made with Pumice.</footer>"""
    first = f'models/{quote(models[0]["name"])}/samples.png'
    return page("Results · Pumice", words, body, preview_tags("Results", words, first, address, "results.html"))


def with_preview(explorer, models, address):
    """The explorer's page with tags for link previews."""
    first = f'models/{quote(models[0]["name"])}/samples.png'
    tags = preview_tags("Latent explorer", ABOUT, first, address, "explore/")
    return explorer.replace('<link rel="icon"', f'{tags}\n<link rel="icon"', 1)
