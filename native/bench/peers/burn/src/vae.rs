//! The recipe vae-mlp-mnist; see ../../vae_mlp_model.py.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::{log_sigmoid, relu};
use burn::tensor::{Device, Distribution, Tensor};

use crate::training::{BATCH, Recipe};

const LATENT: usize = 128;

#[derive(Module, Debug)]
pub struct Vae {
    encoder: Vec<Linear>,
    decoder: Vec<Linear>,
}

/// What a step needs of the images: 1 - pixels.
pub struct Images {
    darkness: Tensor<2>,
}

impl Recipe for Vae {
    type Data = Images;

    fn new(device: &Device) -> Self {
        Self {
            encoder: mlp(&[784, 512, 256, 2 * LATENT], device),
            decoder: mlp(&[LATENT, 256, 512, 784], device),
        }
    }

    fn data(device: &Device) -> Images {
        Images {
            darkness: Tensor::random([BATCH, 784], Distribution::Default, device),
        }
    }

    fn loss(&self, images: &Images) -> Tensor<1> {
        let darkness = images.darkness.clone();
        let code = apply(&self.encoder, darkness.clone().neg() + 1.0);
        let mean = code.clone().narrow(1, 0, LATENT);
        let log_variance = code.narrow(1, LATENT, LATENT);
        let noise = mean.random_like(Distribution::Normal(0.0, 1.0));
        let latent = mean.clone() + (log_variance.clone() * 0.5).exp() * noise;
        let logits = apply(&self.decoder, latent);
        // Cross entropy with logits: the form of Burn's own loss, which takes targets of 0 or 1.
        let reconstruction = (darkness * logits.clone() - log_sigmoid(logits)).sum();
        let kl = (log_variance.clone() + 1.0 - mean.square() - log_variance.exp()).sum() * -0.5;
        (reconstruction + kl) / BATCH as f32
    }
}

fn mlp(widths: &[usize], device: &Device) -> Vec<Linear> {
    let layer = |pair: &[usize]| LinearConfig::new(pair[0], pair[1]).init(device);
    widths.windows(2).map(layer).collect()
}

fn apply(layers: &[Linear], x: Tensor<2>) -> Tensor<2> {
    let (last, hidden) = layers.split_last().expect("layers");
    last.forward(hidden.iter().fold(x, |x, layer| relu(layer.forward(x))))
}
