"""The networks and training steps of five recipes in PyTorch; see native/recipes/*.toml.

A step is a list of (loss function, parameters that it trains, optimizer), run in this order. Data
is random and stays on the device. PyTorch pads evenly, where `same` in a recipe puts an odd pixel
at the end: the sizes and the arithmetic are the same. Its LSTM has two biases instead of one.
"""

import vae_mlp_model  # before torch: it sets what OpenMP reads
import torch
from torch import nn
from torch.nn import functional


def vae_mlp_mnist(device, make_adam):
    model = vae_mlp_model.VaeMlp().to(device)
    pixels = torch.rand(128, 784, device=device)

    def loss():
        reconstruction, kl = model(pixels, torch.randn(128, model.latent, device=device))
        return reconstruction + kl

    return [training(loss, model, make_adam, 1e-3)]


class LstmEncoder(nn.Module):
    """Rows of an image, one by one; the last state gives means and log-variances."""

    def __init__(self, latent):
        super().__init__()
        self.lstm = nn.LSTM(28, 128, batch_first=True)
        self.last = nn.Linear(128, 2 * latent)

    def forward(self, rows):
        return self.last(self.lstm(rows)[0][:, -1])


def vae_lstm_mnist(device, make_adam):
    latent = 4
    encoder = LstmEncoder(latent)
    decoder = nn.Sequential(
        nn.Unflatten(1, (latent, 1, 1)),
        nn.ConvTranspose2d(latent, 32, 8), nn.ReLU(),
        nn.ConvTranspose2d(32, 16, 4), nn.ReLU(),
        nn.ConvTranspose2d(16, 8, 2), nn.ReLU(),
        nn.Flatten(), nn.Linear(1152, 784))
    model = nn.ModuleList([encoder, decoder]).to(device)
    rows = torch.rand(128, 28, 28, device=device)

    def loss():
        mean, log_variance = encoder(rows).split(latent, 1)
        logits = decoder(mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean))
        kl = -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum()
        # Cross entropy with logits, as in VaeMlp.
        reconstruction = functional.softplus(logits).sum() - (logits * rows.flatten(1)).sum()
        return (reconstruction + kl) / 128

    return [training(loss, model, make_adam, 1e-3)]


def gan_conv_mnist(device, make_adam):
    """Half of a batch of 256 is real, half fake."""
    def widen():
        return [nn.ConvTranspose2d(128, 128, 4, 2, 1), nn.LeakyReLU(0.2)]

    def halve(channels):
        return [nn.Conv2d(channels, 64, 3, 2, 1), nn.LeakyReLU(0.2), nn.Dropout(0.4)]

    generator = nn.Sequential(
        nn.Linear(100, 6272), nn.LeakyReLU(0.2), nn.Unflatten(1, (128, 7, 7)),
        *widen(), *widen(), nn.Conv2d(128, 1, 7, 1, 3), nn.Sigmoid()).to(device)
    critic = nn.Sequential(*halve(1), *halve(64), nn.Flatten(), nn.Linear(3136, 1)).to(device)
    real = torch.rand(128, 1, 28, 28, device=device)

    def fake(count):
        return generator(torch.randn(count, 100, device=device))

    def critic_loss():
        with torch.no_grad():
            images = fake(128)
        return discriminator_loss(*critic(torch.cat([real, images])).split(128))

    def generator_loss():
        return functional.softplus(-critic(fake(256))).mean()

    return [training(critic_loss, critic, make_adam, 1e-4, 0.5),
            training(generator_loss, generator, make_adam, 1e-4, 0.5)]


def dcgan_cifar10(device, make_adam):
    def widen(channels, outputs, *stride_and_padding):
        return [nn.ConvTranspose2d(channels, outputs, 4, *stride_and_padding, bias=False),
                nn.BatchNorm2d(outputs), nn.ReLU()]

    def halve(channels, outputs):
        return [nn.Conv2d(channels, outputs, 4, 2, 1, bias=False), nn.BatchNorm2d(outputs),
                nn.LeakyReLU(0.2)]

    generator = nn.Sequential(
        nn.Unflatten(1, (128, 1, 1)), *widen(128, 512), *widen(512, 256, 2, 1),
        *widen(256, 128, 2, 1), nn.ConvTranspose2d(128, 3, 4, 2, 1), nn.Tanh()).to(device)
    critic = nn.Sequential(
        nn.Conv2d(3, 128, 4, 2, 1), nn.LeakyReLU(0.2), *halve(128, 256), *halve(256, 512),
        nn.Flatten(), nn.Linear(8192, 1)).to(device)
    real = torch.rand(128, 3, 32, 32, device=device) * 2 - 1

    def fake():
        return generator(torch.randn(128, 128, device=device))

    def critic_loss():
        with torch.no_grad():
            images = fake()
        return discriminator_loss(critic(real), critic(images))

    def generator_loss():
        return functional.softplus(-critic(fake())).mean()

    return [training(critic_loss, critic, make_adam, 2e-4, 0.5),
            training(generator_loss, generator, make_adam, 2e-4, 0.5)]


def classifier_mnist(device, make_adam):
    def convolve(channels, outputs):
        return [nn.Conv2d(channels, outputs, 5), nn.ReLU(), nn.MaxPool2d(2)]

    model = nn.Sequential(
        *convolve(1, 32), *convolve(32, 64), nn.Flatten(), nn.Linear(1024, 500), nn.ReLU(),
        nn.Dropout(0.5), nn.Linear(500, 10)).to(device)
    images = torch.rand(128, 1, 28, 28, device=device)
    if device == "cpu":  # faster there
        model.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)
    labels = torch.randint(10, (128,), device=device)

    def loss():
        return functional.cross_entropy(model(images), labels)

    return [training(loss, model, make_adam, 1e-3)]


def discriminator_loss(real, fake):
    return functional.softplus(-real).mean() + functional.softplus(fake).mean()


def training(loss, model, make_adam, rate, beta1=0.9):
    parameters = list(model.parameters())
    return loss, parameters, make_adam(parameters, rate, (beta1, 0.999))


# name: (batch of the recipe, function that builds its step)
RECIPES = {
    "vae-mlp-mnist": (128, vae_mlp_mnist),
    "gan-conv-mnist": (256, gan_conv_mnist),
    "dcgan-cifar10": (128, dcgan_cifar10),
    "vae-lstm-mnist": (128, vae_lstm_mnist),
    "classifier-mnist": (128, classifier_mnist),
}
