"""Tests of scripts/lib/site.py: the pages of a gallery of two models, and what they link to."""
import html.parser
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

THUMBNAIL = "data:image/png;base64,AA=="
LIBRARY = pathlib.Path(__file__).parents[2] / "scripts/lib"


def png(width, height):
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height)


def add_model(site, name, classes, figures):
    folder = site / "models" / name
    folder.mkdir(parents=True)
    (folder / "samples.png").write_bytes(png(224, 112))
    (folder / "interpolation.png").write_bytes(png(280, 224))
    (folder / "report.html").write_text("report")
    network = {"name": "recipe-" + name, "title": "VAE", "image": [28, 32, 1], "latent": 20, "classes": classes,
               "parameters": 1165840, "data": "mnist"}
    (folder / "network.json").write_text(json.dumps({"models": [network]}))
    (folder / "evaluation.json").write_text(json.dumps({
        "samples": 1000, "repeats": 5, "reference_pictures": 10000, "reference": "test", "device": "cpu",
        "extractor": "classifier", "extractor_hash": "abc", "figures": figures}))
    (folder / "metrics.jsonl").write_text('{"epoch": 1}\n{"epoch": 4, "device": "cpu <8 threads>, x"}\n')
    planned, end = (200, "budget") if classes else (4, "schedule")
    (folder / "length.json").write_text(json.dumps(
        {"epochs": 4, "planned_epochs": planned, "seconds": 120, "end": end}))
    (folder / "recipe.toml").write_text("seed = 7\n")
    (site / "explore/models").mkdir(parents=True, exist_ok=True)
    header = json.dumps({"__metadata__": {"thumbnail": THUMBNAIL}}).encode()
    content = struct.pack("<Q", len(header)) + header
    (site / "explore/models" / f"{name}.safetensors").write_bytes(content.ljust(2340000, b"x"))


class Page(html.parser.HTMLParser):
    """What a page links to, its meta tags and its words."""
    def __init__(self, text):
        super().__init__()
        self.links, self.meta, self.words = [], {}, ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.links += [attributes[key] for key in ("href", "src") if key in attributes]
        if tag == "meta":
            self.meta[attributes.get("property", attributes.get("name"))] = attributes.get("content")

    def handle_data(self, data):
        self.words += data


class Site(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.site = pathlib.Path(temporary.name)
        add_model(self.site, "digits", 0, {"fid": {"mean": 12.345, "deviation": 0.21},
                                         "elbo": {"mean": -99.96, "deviation": 27.6}})
        add_model(self.site, "letters & more", 10, {"fid": {"mean": 7}})
        (self.site / "explore/index.html").write_text('<title>Pumice</title>\n<link rel="icon" href="data:,">')

    def write(self, *address):
        subprocess.run([sys.executable, LIBRARY / "site.py", self.site, *address], check=True)

    def page(self, path):
        return Page((self.site / path).read_text())

    def test_every_link_leads_somewhere(self):
        self.write()
        for path in ("index.html", "results.html", "models/digits/index.html", "models/letters & more/index.html"):
            folder = (self.site / path).parent
            for link in self.page(path).links:
                if link.startswith("data:"):
                    continue
                target = folder / urllib.parse.unquote(link.split("#")[0])
                self.assertTrue((target / "index.html" if target.is_dir() else target).exists(), f"{path}: {link}")

    def test_a_card_says_what_the_model_is(self):
        self.write()
        words = self.page("index.html").words
        self.assertIn("VAE of 32 × 28 grey images, 1.2 M parameters, 20 latent numbers.", words)
        self.assertIn("Conditional VAE of", words)
        figures = "FID 12.3 ± 0.2, ELBO -100.0.".replace(" ± ", "\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}")
        self.assertIn(f"{figures} Trained on mnist for 4 epochs in 2.0 minutes.", words)
        self.assertIn("letters & more", words)

    def test_a_models_page_says_how_it_was_trained_and_measured(self):
        self.write()
        words = self.page("models/digits/index.html").words
        self.assertIn("pumice train recipe-digits --seed 7 --epochs 4", words)
        self.assertIn("1000 samples, 5 repeats, against 10000 images of the test set", words)
        self.assertIn("2.34 MB", words)
        words = self.page("models/letters & more/index.html").words
        self.assertIn("4 of 200", words)
        self.assertIn("pumice train recipe-letters & more --seed 7 --minutes 2", words)
        self.assertIn("cpu <8 threads>", words)

    def test_the_explorer_lists_the_models(self):
        self.write()
        offers = json.loads((self.site / "explore/models/index.json").read_text())
        names = ("digits", "letters & more")
        self.assertEqual(offers, [{"name": name, "file": f"{name}.safetensors", "thumbnail": THUMBNAIL}
                                  for name in names])
        self.assertIn("explore/#model=digits", self.page("index.html").links)
        self.assertIn("explore/#model=letters%20%26%20more", self.page("index.html").links)

    def test_links_have_previews(self):
        self.write("https://example.org/models")
        meta = self.page("models/digits/index.html").meta
        self.assertEqual(meta["og:image"], "https://example.org/models/models/digits/samples.png")
        self.assertEqual(meta["og:url"], "https://example.org/models/models/digits/")
        self.assertIn("VAE of 32 × 28", meta["og:description"])
        self.assertEqual(self.page("explore/index.html").meta["og:title"], "Latent explorer")

    def test_without_an_address_there_is_no_preview_image(self):
        self.write()
        self.assertNotIn("og:image", self.page("index.html").meta)
        self.assertIn("og:title", self.page("index.html").meta)

    def test_results_have_a_column_per_measured_metric(self):
        self.write()
        words = self.page("results.html").words
        self.assertIn("FID", words)
        self.assertIn("–", words)  # letters have no ELBO
        self.assertNotIn("Recall", words.split("How they were measured")[0])


if __name__ == "__main__":
    unittest.main()
