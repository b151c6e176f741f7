//! The recipe classifier-mnist.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Distribution, Int, Tensor};

use crate::training::{BATCH, Recipe};

#[derive(Module, Debug)]
pub struct Classifier {
    convolutions: Vec<Conv2d>,
    pool: MaxPool2d,
    hidden: Linear,
    dropout: Dropout,
    last: Linear,
}

pub struct LabelledImages {
    images: Tensor<4>,
    labels: Tensor<1, Int>,
}

impl Recipe for Classifier {
    type Data = LabelledImages;

    fn new(device: &Device) -> Self {
        let conv = |channels| Conv2dConfig::new(channels, [5, 5]).init(device);
        Self {
            convolutions: vec![conv([1, 32]), conv([32, 64])],
            pool: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
            hidden: LinearConfig::new(1024, 500).init(device),
            dropout: DropoutConfig::new(0.5).init(),
            last: LinearConfig::new(500, 10).init(device),
        }
    }

    fn data(device: &Device) -> LabelledImages {
        let labels = std::array::from_fn::<i32, BATCH, _>(|i| i as i32 * 7 % 10);
        LabelledImages {
            images: Tensor::random([BATCH, 1, 28, 28], Distribution::Default, device),
            labels: Tensor::from_data(labels, device),
        }
    }

    fn loss(&self, data: &LabelledImages) -> Tensor<1> {
        let layer = |x, conv: &Conv2d| self.pool.forward(relu(conv.forward(x)));
        let features = self.convolutions.iter().fold(data.images.clone(), layer);
        let hidden = relu(self.hidden.forward(features.flatten(1, 3)));
        let logits = self.last.forward(self.dropout.forward(hidden));
        CrossEntropyLossConfig::new()
            .init(&logits.device())
            .forward(logits, data.labels.clone())
    }
}
