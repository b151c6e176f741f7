//! Training steps of two recipes in Burn, for ../interleave.py; see ../../README.md.

#![recursion_limit = "256"]

mod classifier;
mod training;
mod vae;

use std::process::ExitCode;

use burn::tensor::Device;

use training::{Recipe, Training};

const USAGE: &str = "expected --recipe vae-mlp-mnist|classifier-mnist \
    --backend flex|ndarray|vulkan|cpu [--check]";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("burn_step: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let (mut recipe, mut backend, mut check) = (String::new(), String::new(), false);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--recipe" => recipe = words.next().unwrap_or_default(),
            "--backend" => backend = words.next().unwrap_or_default(),
            "--check" => check = true,
            _ => return Err(format!("{USAGE}, got {word}")),
        }
    }
    let device = device(&backend)?;
    match recipe.as_str() {
        "vae-mlp-mnist" => train::<vae::Vae>(device, check),
        "classifier-mnist" => train::<classifier::Classifier>(device, check),
        _ => Err(format!("{USAGE}, got the recipe {recipe:?}")),
    }
}

fn device(backend: &str) -> Result<Device, String> {
    match backend {
        "flex" => Ok(Device::flex()),
        #[allow(deprecated)] // by flex, but not removed
        "ndarray" => Ok(Device::ndarray()),
        #[cfg(feature = "vulkan")]
        "vulkan" => Ok(Device::vulkan(burn::tensor::DeviceKind::DefaultDevice)),
        #[cfg(feature = "cpu")]
        "cpu" => Ok(Device::cpu()),
        _ => Err(format!(
            "{USAGE} (vulkan and cpu: see Cargo.toml), got the backend {backend:?}"
        )),
    }
}

fn train<R: Recipe>(device: Device, check: bool) -> Result<(), String> {
    let mut training = Training::<R>::new(device);
    if check {
        training.check()
    } else {
        training.serve()
    }
}
