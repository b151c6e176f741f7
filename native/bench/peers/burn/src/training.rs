//! Training steps of a recipe, and the two ways to run them.

use std::io::{BufRead, Write};
use std::time::Instant;

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor};

pub const BATCH: usize = 128;

pub trait Recipe: Module {
    type Data;
    fn new(device: &Device) -> Self;
    /// Random, and stays on the device.
    fn data(device: &Device) -> Self::Data;
    fn loss(&self, data: &Self::Data) -> Tensor<1>;
}

pub struct Training<R: Recipe> {
    model: Option<R>, // absent only within a step
    optimizer: ModuleOptimizer,
    data: R::Data,
    device: Device,
}

impl<R: Recipe> Training<R> {
    pub fn new(device: Device) -> Self {
        let device = device.autodiff();
        device.seed(1);
        Self {
            model: Some(R::new(&device)),
            optimizer: AdamConfig::new().with_epsilon(1e-8).init(),
            data: R::data(&device),
            device,
        }
    }

    /// Returns the loss before the update.
    fn step(&mut self) -> Tensor<1> {
        let model = self.model.take().expect("a model");
        let loss = model.loss(&self.data);
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        self.model = Some(self.optimizer.step(1e-3, model, gradients));
        loss
    }

    /// Prints the loss of 50 steps on the same batch: it has to fall.
    pub fn check(&mut self) -> Result<(), String> {
        let losses: Vec<f32> = (0..50).map(|_| self.step().into_scalar()).collect();
        let words: Vec<String> = losses.iter().map(|loss| format!("{loss:.4}")).collect();
        println!("{}", words.join(" "));
        match losses[49] < losses[0] {
            true => Ok(()),
            false => Err(format!(
                "expected the loss to fall, got {} to {}",
                losses[0], losses[49]
            )),
        }
    }

    /// Answers to interleave.py: "run N" runs N steps and prints their seconds.
    pub fn serve(&mut self) -> Result<(), String> {
        for line in std::io::stdin().lock().lines() {
            let line = line.map_err(|error| error.to_string())?;
            let steps = line
                .strip_prefix("run ")
                .and_then(|count| count.trim().parse().ok());
            let steps: u32 = steps.ok_or_else(|| format!("expected 'run N', got {line:?}"))?;
            println!("{:.6}", self.seconds(steps)?);
            std::io::stdout()
                .flush()
                .map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn seconds(&mut self, steps: u32) -> Result<f64, String> {
        let begin = Instant::now();
        for _ in 0..steps {
            self.step();
        }
        self.device.sync().map_err(|error| format!("{error:?}"))?;
        Ok(begin.elapsed().as_secs_f64())
    }
}
