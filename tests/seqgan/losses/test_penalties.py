"""Gradient penalties by hand: linear and quadratic critics, spectral norm, the story discriminator's GRU."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from seqgan.losses.penalties import gradient_penalty, squared_gradient
from seqgan.models.story_discriminator import StoryDiscriminator


def _noise(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(3))


def test_a_linear_critic_costs_its_slope_everywhere() -> None:
    slope = torch.tensor([3.0, 0.0, -4.0])
    assert squared_gradient(lambda x: x @ slope, _noise(5, 3)).tolist() == pytest.approx([25.0] * 5)
    assert gradient_penalty(lambda x: x @ slope, _noise(5, 3), gamma=10.0).value.item() == pytest.approx(125.0)


def test_a_quadratic_critic_costs_more_further_out() -> None:
    samples, scale = _noise(6, 3, 2, 2), torch.tensor(1.5, requires_grad=True)
    lengths = samples.square().sum((1, 2, 3))

    def critic(x: Tensor) -> Tensor:
        return scale / 2 * x.square().sum((1, 2, 3))

    torch.testing.assert_close(squared_gradient(critic, samples), 1.5**2 * lengths)
    gradient_penalty(critic, samples, gamma=4.0).value.backward()
    torch.testing.assert_close(scale.grad, 4.0 * 1.5 * lengths.mean())


def test_a_spectrally_normalised_slope_has_length_one_whatever_its_weight() -> None:
    layer = spectral_norm(nn.Linear(4, 1)).train()
    penalty = gradient_penalty(lambda x: layer(x).flatten(), _noise(3, 4), gamma=2.0).value
    assert penalty.item() == pytest.approx(1.0, rel=1e-5)
    penalty.backward()
    torch.testing.assert_close(layer.parametrizations.weight.original.grad, torch.zeros(1, 4), atol=1e-5, rtol=0)


def test_the_gradient_through_spectral_norm_is_that_of_small_steps() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(spectral_norm(nn.Conv2d(3, 4, 3)), nn.Tanh(), nn.Flatten(), spectral_norm(nn.Linear(16, 1)))
    samples, weight = _noise(2, 3, 4, 4), net[0].parametrizations.weight.original
    net.eval()  # the estimate of the norm stands still between the three evaluations

    def penalty() -> Tensor:
        return gradient_penalty(lambda x: 10 * net(x).flatten(), samples, gamma=1.0).value

    (gradient,) = torch.autograd.grad(penalty(), weight)
    way = torch.sign(gradient)
    values = []
    for step in (0.002, -0.002):
        with torch.no_grad():
            weight += step * way
        values.append(penalty().item())
        with torch.no_grad():
            weight -= step * way
    assert (values[0] - values[1]) / 0.004 == pytest.approx((gradient * way).sum().item(), rel=0.02)


def test_samples_are_penalised_apart_from_each_other() -> None:
    net = nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, 1), nn.Flatten(0))
    samples = _noise(6, 5)
    whole = squared_gradient(net, samples)
    torch.testing.assert_close(torch.cat([squared_gradient(net, part) for part in samples.split(2)]), whole)


def test_it_is_float32_under_autocast() -> None:
    net, samples = nn.Sequential(nn.Linear(5, 1), nn.Flatten(0)), _noise(6, 5)
    with torch.autocast("cpu", torch.bfloat16):
        under = squared_gradient(net, samples.bfloat16().float())
    assert under.dtype == torch.float32
    assert torch.equal(under, squared_gradient(net, samples.bfloat16()))


def test_absent_panels_have_no_gradient_and_the_order_gru_learns_from_the_others() -> None:
    torch.manual_seed(1)
    critic = StoryDiscriminator(sent=6, base=(2, 3), width=4, size=8)
    mask = torch.tensor([[True, True, True], [True, False, False]])
    stories, sent = _noise(2, 3, 3, 32, 48), _noise(2, 3, 6)
    changed = stories.clone()
    changed[1, :, 1:] += 1.0
    critic.eval()
    each, other = (
        squared_gradient(lambda x: critic.match(critic.encode(x), sent, mask), s) for s in (stories, changed)
    )
    torch.testing.assert_close(each, other)
    critic.train()
    gradient_penalty(lambda x: critic.match(critic.encode(x), sent, mask), stories, 1e6).value.backward()
    gradients = [critic.order.weight_hh_l0.grad, critic.trunk[0][0].parametrizations.weight.original.grad]
    assert all(gradient is not None and gradient.abs().max() > 0 for gradient in gradients)


def test_a_critic_with_more_than_one_logit_a_sample_is_told() -> None:
    with pytest.raises(ValueError, match=r"logits \(4, 1\) for 4 samples; expected \(4,\)"):
        squared_gradient(nn.Linear(3, 1), _noise(4, 3))
