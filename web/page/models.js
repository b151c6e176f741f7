// The models hosted with the page. The one that the page will show first begins to arrive while the
// program is still on its way.
import { ServedFile } from "./checkpoint.js";

// [{ name, file, thumbnail }, …], thumbnail: a data: address, may be missing; throws an error with a message for the user.
async function fetchOffers() {
  const response = await fetch("models/index.json").catch(() => null);
  const text = response?.ok ? await response.text() : "[]";
  if (/^\s*</.test(text)) return [];  // some servers return a page for any address
  const isOffer = (offer) => typeof offer?.name === "string" && typeof offer.file === "string";
  try {
    const offers = JSON.parse(text);
    if (Array.isArray(offers) && offers.every(isOffer)) return offers;
  } catch {}
  throw new Error('models/index.json: expected [{"name": "digits", "file": "digits.safetensors"}, …].');
}

const serve = (file) => new ServedFile(`models/${file}`);

export class HostedModels {
  offers = fetchOffers();
  #early;  // { file, served }

  // `wanted`: the name of a model, or empty for the first. `progress(received, total)`.
  constructor(wanted, progress) {
    this.offers.then((offers) => {
      const offer = wanted ? offers.find(({ name }) => name === wanted) : offers[0];
      if (!offer) return;
      this.#early = { file: offer.file, served: serve(offer.file) };
      this.#early.served.onProgress = progress;
    }, () => {});  // whoever awaits the offers reports it
  }

  fetch(file) {
    const early = this.#early;
    this.#early = undefined;
    if (early?.file === file) return early.served;
    early?.served.stop();
    return serve(file);
  }
}
