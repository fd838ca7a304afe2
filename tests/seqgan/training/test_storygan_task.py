"""Training of the StoryGANs of sentence vectors: schedules, mismatched pairs, switches, and our form of the step beside
the plain one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from seqgan.data.sequences import Clip, Story, write_sequences
from seqgan.errors import ConfigError, DataError
from seqgan.layers.upsample import UpsampleConv2d
from seqgan.models.story_contrast import PanelSentenceSpace
from seqgan.models.storygan_paper import StoryGANPaperGenerator
from seqgan.presets import preset
from seqgan.story_presets import STORY_PRESETS
from seqgan.training.bench import bench_training
from seqgan.training.loop import LoopOptions, run_phase
from seqgan.training.runtime import Runtime
from seqgan.training.storygan_setup import storygan_task
from seqgan.training.tasks import storygan
from seqgan.training.tasks.storygan import Part, StoryGANTask
from seqgan.training.tasks.storygan_critics import Told
from seqgan.training.train import resolve, run_training

SMALL = ("network.width=2", "network.d_width=2", "training.batch=4")
APART = (*SMALL, "training.frames=5")
HOUSE = (*SMALL, "network.start=8", "network.channels=4", "network.maps=2", "network.hidden=8")
CPU = Runtime(torch.device("cpu"), bf16=False)


@pytest.fixture
def data(clevr: Path) -> Path:
    return clevr


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three episodes of overlapping stories of three clips, two frames and two captions each; no vectors, no val."""
    folder = tmp_path_factory.mktemp("windows") / "set"
    rng = np.random.default_rng(0)
    names = ("Ann", "Ben")
    clips = [Clip(f"{episode}/{k}", rng.integers(0, 255, (2, 32, 32, 3)).astype(np.uint8),
                  (f"{names[k % 2]} runs {episode} {k}", f"she runs {episode} {k}"), {"who": (names[k % 2],)})
             for episode in "abc" for k in range(5)]  # fmt: skip
    stories = [Story(f"{episode}{k}", "train", tuple(f"{episode}/{k + step}" for step in range(3)), episode)
               for episode in "abc" for k in range(3)]  # fmt: skip
    about = {"name": "windows", "size": [32, 32], "length": 3, "groups": {"who": list(names)}, "seed": 0}
    write_sequences(folder, clips, stories, about | {"licence": "MIT"}, progress=False)
    return folder


def _task(data: Path, name: str, *changes: str, runtime: Runtime = CPU) -> StoryGANTask:
    return storygan_task(resolve(preset(name), changes), data, None, runtime)[0]


def test_the_schedule_of_clevr_is_the_released_one(data: Path) -> None:
    task = _task(data, "storygan_clevr", *APART)
    options = resolve(preset("storygan_clevr"))
    assert [phase.name for phase in task.phases] == ["d", "g", "g_again"]
    assert task.phases[1].optimizer is task.phases[2].optimizer
    assert (options.training.batch, options.training.frames) == (24, 24)
    assert (options.training.lr_g, options.training.lr_d) == (2e-4, 2e-4)
    loop = LoopOptions(options.images, **options.loop)
    epoch = options.images // 120
    assert [loop.rate(epochs * epoch, epoch) for epochs in (0, 19, 20, 119)] == [1, 1, 0.5, 2**-5]


def test_the_schedule_of_pororo_is_the_published_one() -> None:
    options = resolve(preset("storygan_pororo"))
    assert options.images == 150 * 10_191 * 5
    training = options.training
    assert (training.batch, training.frames, training.lr_g, training.lr_d) == (4, 20, 2e-4, 1e-4)
    assert (training.weights.kl, training.weights.g_classes, training.g_steps) == (1, 1, 2)


PAIRS = {f"{d}_{pair}" for d in ("image", "story") for pair in ("real", "wrong", "fake")}
NAMES = [name for name, *_ in STORY_PRESETS]


@pytest.mark.parametrize("name", NAMES)
def test_every_system_trains_on_every_data_set(name: str, data: Path, windows: Path) -> None:
    for folder, panels, changes in ((data, 4, ()), (windows, 3, ("training.batch=2",))):
        small = HOUSE if name.endswith("small") else APART
        task = _task(folder, name, *small, *changes)
        batch = task.batch(0)
        assert batch.stories.told.sentences.shape[1:] == (panels, 75 if folder == data else 512)
        for phase in task.phases:
            terms = run_phase(task, phase, [batch], 0, CPU, LoopOptions(images=100))
            assert all(term.isfinite() for term in terms.values())
        assert task.images(batch) == batch.stories.total * panels
        size = (64, 64)
        assert task.sheet().shape[1] == panels * size[1]
        assert 0 < task.validate()["score"] < 1


def test_terms_of_each_phase(data: Path) -> None:
    task = _task(data, "storygan_clevr", *APART)
    batch, noise = task.batch(0), torch.Generator().manual_seed(0)
    assert task.losses("d", batch, noise).keys() == PAIRS | {"image_classes"}
    assert task.losses("g", batch, noise).keys() == {"image", "classes", "story"}
    (_, wrong), (_, real) = (task.losses("d", batch, noise)[f"image_{name}"].parts[0] for name in ("wrong", "real"))
    assert (wrong, real) == (4, 5)  # shifted: the last of a batch has no next one
    gaussian = _task(data, "storygan_clevr", *APART, "network.quirks={}")
    assert "kl" in gaussian.losses("g", gaussian.batch(0), noise)


def test_without_either_discriminator_its_terms_are_gone(data: Path) -> None:
    noise = torch.Generator().manual_seed(0)
    for switch, gone in (("story_critic", "story"), ("frame_critic", "image")):
        task = _task(data, "storygan_small", *HOUSE, f"training.{switch}=false")
        found = task.losses("d", task.batch(0), noise).keys() | task.losses("g", task.batch(0), noise).keys()
        assert found and not any(name.startswith(gone) for name in found)
        assert set(task.d) == {"image", "story"} - {gone}
    alone = _task(data, "storygan_small", *HOUSE, "training.story_critic=false", "training.frame_critic=false")
    assert [phase.name for phase in alone.phases] == ["g"]
    assert alone.losses("g", alone.batch(0), noise).keys() == {"kl", "reconstruct"}
    assert _task(data, "imagegan_small", *HOUSE).d.keys() == {"image"}


def test_a_generator_that_learns_alone_meets_its_discriminators_later(data: Path) -> None:
    """Before, its own terms are all there is; from then on everything is as if it had never been alone."""
    alone, plain = (_task(data, "storygan_small", *HOUSE, f"training.alone={panels}") for panels in (33, 0))
    noise = torch.Generator().manual_seed(0)
    assert [phase.name for phase in alone.phases if phase.due(2)] == ["g"]  # of 16 panels a step
    assert alone.losses("g", alone.batch(2), noise).keys() == {"kl", "reconstruct"}
    assert [phase.name for phase in alone.phases if phase.due(3)] == ["d", "g"]
    assert _values(alone, 3) == _values(plain, 3) and {"image", "story"} < _values(alone, 3).keys()
    with pytest.raises(ConfigError, match="nothing else teaches it"):
        _task(data, "storygan_small", *HOUSE, "training.alone=33", "training.weights.reconstruct=0")


@pytest.mark.parametrize("frame", ["hdgan", "attngan"])
def test_a_smaller_picture_is_judged_and_asked_for_like_a_frame(frame: str, windows: Path) -> None:
    changes, noise = (*HOUSE, "training.batch=2", f"network.frame={frame}"), torch.Generator().manual_seed(0)
    task = _task(windows, "storygan_small", *changes)
    batch = task.batch(0)
    found = task.losses("d", batch, noise).keys()
    assert all({f"image{side}_{pair}" for pair in ("real", "wrong", "fake", "realism")} <= found
               for side in ("", "_2", "_4")) and "image_2_classes" not in found  # fmt: skip
    terms = task.losses("g", batch, noise)
    assert {f"{term}{side}" for term in ("image", "reconstruct") for side in ("", "_2", "_4")} <= terms.keys()
    for term, side in (("image", 2), ("image", 4), ("reconstruct", 2), ("reconstruct", 4)):
        heads = dict(zip((4, 2, 1), task.g.get_submodule("frame.pictures").children(), strict=True))
        weights = {smaller: next(head.parameters()) for smaller, head in heads.items()}
        asked = torch.autograd.grad(terms[f"{term}_{side}"].value, list(weights.values()), allow_unused=True,
                                    retain_graph=True)  # fmt: skip
        reached = {smaller for smaller, gradient in zip(weights, asked, strict=True) if gradient is not None}
        assert reached == {side}
    run_phase(task, task.phases[0], [batch], 0, CPU, LoopOptions(images=100))
    none = ("training.weights.reconstruct=0", "training.frame_critic=false")
    with pytest.raises(ConfigError, match=f"{frame} draws smaller pictures, too, and nothing looks at them"):
        _task(windows, "storygan_small", *changes, *none)
    for one in none:
        assert _task(windows, "storygan_small", *changes, one).losses("g", batch, noise)


def test_the_real_picture_of_a_smaller_size_is_the_mean_of_its_pixels(data: Path) -> None:
    task = _task(data, "storygan_small", *HOUSE, "network.frame=hdgan")
    batch, noise = task.batch(0), torch.Generator().manual_seed(0)
    seen = task._drawn(batch.stories, noise)
    side, real = seen.at(4), seen.real
    torch.testing.assert_close(side.real, real.unflatten(3, (-1, 4)).unflatten(2, (-1, 4)).mean((3, 5)))
    assert side.fake is seen.sides[4] and seen.at(1) is seen


def _values(task: StoryGANTask, step: int = 0) -> dict[str, float]:
    """All terms of a step, the first if none is named."""
    noise, batch = torch.Generator().manual_seed(0), task.batch(step)
    terms = {name: term for phase in "dg" for name, term in task.losses(phase, batch, noise).items()}
    return {name: float(term.value.detach()) for name, term in terms.items()}


def test_a_contrast_is_beside_what_was_there(windows: Path) -> None:
    """Off, nothing is made for it, and on, the other terms are the same to the last bit."""
    changes = (*HOUSE, "training.batch=2")
    off, on = (_task(windows, "storygan_small", *changes, f"training.weights.contrast={weight}") for weight in (0, 3))
    assert "contrast" in on.d and "contrast" not in off.d
    found = _values(on)
    added = {name: found.pop(name) for name in ("image_contrast", "contrast")}
    assert found == _values(off) and all(value > 0 for value in added.values())
    batch = on.batch(0)
    told, space = batch.stories.told.frames(), on.d["contrast"]
    sources = on.data.sources[on.stories.numbers(0)]
    assert told.sources is not None and told.sources.tolist() == sources.repeat(3).tolist()
    features = torch.randn(6, 12, 4, 4)
    panels, sentences = space(features, told.panel()[0])
    assert isinstance(space, PanelSentenceSpace) and sentences.shape == panels.shape
    torch.testing.assert_close(panels, space.panel(features.mean((2, 3))))
    for phase in on.phases:
        terms = run_phase(on, phase, [batch], 0, CPU, LoopOptions(images=100))
        assert all(term.isfinite() for term in terms.values())
    with pytest.raises(ConfigError, match="contrast needs what the frame discriminator sees"):
        _task(windows, "storygan_small", *HOUSE, "training.weights.contrast=1", "training.frame_critic=false")


def test_clusters_are_named_on_real_panels_and_asked_of_generated_ones(windows: Path) -> None:
    """Off, nothing is made for them, and on, the other terms are the same to the last bit."""
    changes, clusters = (*HOUSE, "training.batch=2"), ("training.clusters=4", "training.weights.clusters=3")
    off, on = _task(windows, "storygan_small", *changes), _task(windows, "storygan_small", *changes, *clusters)
    assert "clusters" in on.d and "clusters" not in off.d and off.batch(0).stories.clusters is None
    found = _values(on)
    added = {name: found.pop(name) for name in ("image_clusters", "clusters")}
    assert found == _values(off) and all(value > 0 for value in added.values())
    batch, noise = on.batch(0), torch.Generator().manual_seed(0)
    assert on.clusters is not None and batch.stories.clusters is not None
    rows = on.data.stories[on.stories.numbers(0)]
    assert batch.stories.clusters.tolist() == on.clusters[rows].reshape(-1).tolist()
    frames = on._seen(batch, noise)[2]
    named = on.d["clusters"](on.d["image"].encode(frames.fake)).log_softmax(1)
    own = -named[torch.arange(len(named)), batch.stories.clusters].mean()
    assert added["clusters"] == pytest.approx(3 * float(own.detach()), rel=1e-4)
    for phase in on.phases:
        assert all(term.isfinite() for term in run_phase(on, phase, [batch], 0, CPU, LoopOptions(images=100)).values())


def test_clusters_that_nothing_asks_for_are_refused(windows: Path) -> None:
    for one in ("training.clusters=4", "training.weights.clusters=0.2"):
        with pytest.raises(ConfigError, match="neither does anything without the other"):
            _task(windows, "storygan_small", *HOUSE, one)
    both = ("training.clusters=4", "training.weights.clusters=0.2")
    with pytest.raises(ConfigError, match="clusters needs what the frame discriminator sees"):
        _task(windows, "storygan_small", *HOUSE, *both, "training.frame_critic=false")


GATED = ("network.gate=true", "training.weights.figure=2")


def test_a_gate_of_nothing_is_beside_what_was_there(data: Path) -> None:
    """With weights that are the same and a gate of zeros all other terms are the same to the last bit, and the mask
    asks for what is not the background."""
    off, on = (_task(data, "storygan_small", *HOUSE, *changes) for changes in (("network.scales=false",), GATED))
    inner = {name.replace("frame.", "frame.frame.", 1): weight for name, weight in off.g.state_dict().items()}
    missing, unexpected = on.g.load_state_dict(inner, strict=False)
    assert not unexpected and all(name.startswith(("frame.figure.", "frame.gates.")) for name in missing)
    on.d.load_state_dict(off.d.state_dict())
    for gate in on.g.get_submodule("frame.gates").parameters():
        torch.nn.init.zeros_(gate)
    found = _values(on)
    figure = found.pop("figure")
    assert found == _values(off) and 0.5 < figure / 2 < 1  # log 2 for a mask that knows nothing
    part = on.batch(0).stories
    assert part.figure is not None and part.figure.shape == (16, 1, 64, 64) and 0 < part.figure.mean() < 0.5
    seen = on._drawn(part, torch.Generator().manual_seed(0))
    assert seen.mask is not None
    sure = replace(seen, mask=40 * part.figure - 20)
    assert float(on._own_terms(part, sure)["figure"].value) < 1e-6


def test_a_gate_learns_from_the_figures_alone_what_a_mask_is(data: Path, windows: Path) -> None:
    task = _task(data, "storygan_small", *HOUSE, *GATED, "training.weights.things=0")
    batch = task.batch(0)
    assert batch.stories.figure is not None
    terms = task.losses("g", batch, torch.Generator().manual_seed(0))
    heads = [task.g.get_parameter(f"frame.{name}.weight") for name in ("figure.to_mask", "frame.to_rgb")]
    for name, reached in (("figure", [True, False]), ("reconstruct", [False, True])):
        gradients = torch.autograd.grad(terms[name].value, heads, allow_unused=True, retain_graph=True)
        assert [gradient is not None for gradient in gradients] == reached
    for phase in task.phases:
        assert all(term.isfinite() for term in run_phase(task, phase, [batch], 0, CPU, LoopOptions(100)).values())
    layered = _task(data, "storygan_small", *HOUSE, "network.backdrop=4", "training.weights.figure=2")
    terms = layered.losses("g", layered.batch(0), torch.Generator().manual_seed(0))
    parts = [layered.g.get_parameter(f"frame.{name}") for name in ("figure.to_rgb.weight", "backdrop.pictures")]
    gradients = torch.autograd.grad(terms["figure"].value, parts, allow_unused=True)
    assert [gradient is not None for gradient in gradients] == [True, False]
    with pytest.raises(ConfigError, match="network.gate draws a mask that no loss reaches"):
        _task(windows, "storygan_small", *HOUSE, GATED[0])
    for name, small in (("storygan_small", HOUSE), ("storygan_pororo", SMALL)):
        with pytest.raises(ConfigError, match="training.weights.figure asks for a mask that nothing draws"):
            _task(windows, name, *small, GATED[1])


@pytest.mark.parametrize("frames", [0, 4])
def test_labels_that_are_left_out_are_told_as_zeros(frames: int, windows: Path) -> None:
    changes = (*SMALL, "training.batch=2", f"training.frames={frames}")
    plain, none, some = (
        _task(windows, "storygan_pororo", *changes, f"training.label_dropout={share}") for share in (0, 1, 0.5)
    )
    batch, unnamed = plain.batch(0), none.batch(0)
    assert batch.stories.told.named is None and torch.equal(batch.stories.told.names, batch.stories.told.labels)
    for part in (unnamed.stories, unnamed.singles):
        if part is not None:
            assert part.wrong is not None and not part.told.names.any() and not part.wrong.names.any()
            assert part.told.labels.any() and torch.equal(part.told.frames().names[0], part.told.names[0])
    told = unnamed.stories.told
    told = replace(told, labels=torch.zeros_like(told.labels), named=None)
    drawn = [task.draw(task.g, each, 2, slice(None), torch.Generator().manual_seed(0)).frames
             for task, each in ((plain, told), (none, unnamed.stories.told))]  # fmt: skip
    assert torch.equal(*drawn)
    assert _values(some).keys() == _values(plain).keys()
    named = torch.cat([some.batch(step).stories.told.named for step in range(100)])  # type: ignore[misc]
    assert set(named.tolist()) == {0.0, 1.0} and 0.35 < float(named.mean()) < 0.65
    with pytest.raises(ConfigError, match="storygan_paper is told no labels"):
        _task(windows, "storygan_small", *HOUSE, "training.label_dropout=0.1")
    with pytest.raises(ConfigError, match="training.label_dropout is 2"):
        _task(windows, "storygan_pororo", *changes, "training.label_dropout=2")


def test_what_is_named_is_still_asked_of_frames_that_were_told_nothing(windows: Path) -> None:
    task = _task(windows, "storygan_pororo", *SMALL, "training.batch=2", "training.frames=0",
                 "training.label_dropout=1")  # fmt: skip
    told = task.batch(0).stories.told.frames()
    assert torch.equal(told.shown, told.labels[torch.arange(6), told.panels]) and told.shown.any()
    assert not told.panel()[1].any()


@pytest.mark.parametrize("single_first", [False, True])
def test_the_printed_frame_discriminator_is_told_the_code_that_frames_begin_from(
    single_first: bool, windows: Path
) -> None:
    """h_0 as it was sampled, of the right story and of the wrong one; the released and the house form: its mean."""
    changes = (*APART, "training.batch=2", f"network.quirks={{single_first: {str(single_first).lower()}}}")
    task, noise = _task(windows, "storygan_paper", *changes), torch.Generator().manual_seed(0)
    batch = task.batch(0)
    assert batch.singles is not None
    for part, begun in ((batch.stories, True), (batch.singles, not single_first)):
        seen = task._drawn(part, noise)
        wrong = task._wrong(part, seen, noise)
        assert seen.told.code is not None and wrong.code is not None and not seen.told.code.requires_grad
        assert torch.equal(seen.told.code, seen.code.sample) and torch.equal(seen.code.sample, seen.code.mu) != begun
        mean = task.g.encode(wrong.sentences, None).mu
        assert torch.allclose(wrong.code, mean, atol=1e-6) != begun
    for name, small in (("storygan_pororo", APART), ("storygan_small", HOUSE)):
        task = _task(windows, name, *small, "training.batch=2")
        seen = task._drawn(task.batch(0).stories, noise)
        assert torch.equal(seen.told.code, seen.code.mu) and not torch.equal(seen.told.code, seen.code.sample)


def test_mismatched_pairs_are_of_another_episode(windows: Path) -> None:
    task = _task(windows, "storygan_small", *HOUSE, "training.batch=2", "training.frames=3")
    spoken = torch.from_numpy(task.data.vectors).reshape(3, -1, 512)  # by episode
    for step in range(6):
        batch = task.batch(step)
        for part in (batch.stories, batch.singles):
            assert part is not None and part.wrong is not None
            own, other = (_episodes(each, spoken) for each in (part.told.sentences, part.wrong.sentences))
            assert (own != other).all() and len(own) == part.total


def _episodes(sentences: torch.Tensor, spoken: torch.Tensor) -> torch.Tensor:
    """Which of the episodes (E, captions, D) the first sentences of stories (N, T, D) are of."""
    same = (sentences[:, 0, None, None] == spoken).all(-1).any(-1)  # (N, E)
    assert (same.sum(1) == 1).all()
    return same.float().argmax(1)


def test_one_source_has_no_mismatched_pair(windows: Path, tmp_path: Path) -> None:
    lines = (windows / "stories.jsonl").read_text(encoding="utf-8").splitlines()
    for name in ("dataset.json", "clips.jsonl"):
        (tmp_path / name).write_bytes((windows / name).read_bytes())
    (tmp_path / "media").symlink_to(windows / "media")
    one = [json.dumps(json.loads(line) | {"source": "a"}) for line in lines]
    (tmp_path / "stories.jsonl").write_text("\n".join(one) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="have one source"):
        _task(tmp_path, "storygan_small", *HOUSE)


def test_a_lone_pair_has_losses_that_are_numbers(windows: Path) -> None:
    """The last batch of a released run, shifted by one, may be of one pair: no row is mismatched, nothing is NaN."""
    task = _task(windows, "storygan_pororo", *APART, "training.batch=2")
    for shifted in (False, True):
        task.options = replace(task.options, shifted_pairs=shifted)
        batch = task.batch(0)
        assert batch.singles is not None
        lone = replace(batch, stories=_first(batch.stories), singles=_first(batch.singles))
        terms = task.losses("d", lone, torch.Generator().manual_seed(0))
        assert all(bool(term.value.isfinite()) for term in terms.values())


def _first(part: Part) -> Part:
    count = 1 if part.told.panels is not None else part.told.sentences.shape[1]
    wrong = None if part.wrong is None else _one(part.wrong)
    return Part(_one(part.told), wrong, part.images[:count], None, None, slice(0, 1), 1)


def _one(told: Told) -> Told:
    return Told(told.sentences[:1], told.labels[:1], None if told.panels is None else told.panels[:1])


def test_training_sees_any_frame_and_caption_and_looking_the_same_ones(windows: Path) -> None:
    task = _task(windows, "storygan_paper", *APART, "training.batch=2")
    rows = np.array([0])
    seen = {task.data.told(rows, np.random.default_rng(seed))[0, 0].numpy().tobytes() for seed in range(12)}
    pictures = [task.data.pictures(rows, (32, 32), np.random.default_rng(seed)) for seed in range(12)]
    assert len(seen) == len({each[0, 0].numpy().tobytes() for each in pictures}) == 2
    assert torch.equal(task.data.told(rows, None), task.data.told(rows, None))
    middle = task.data.frames[task.data.starts[task.data.stories[0]] + 1]
    assert np.array_equal(task.data.pictures(rows, (32, 32), None)[0].permute(0, 2, 3, 1).numpy(), middle)


def test_text_is_what_is_asked_for(data: Path, windows: Path) -> None:
    whole, parts = (_task(data, "svc_small", *HOUSE, *change).data for change in ((), ("text=changes",)))
    rows = np.arange(4)
    assert (whole.text, parts.text) == ("vectors", "changes")
    torch.testing.assert_close(parts.told(rows, None).cumsum(1), whole.told(rows, None))
    task, config = storygan_task(resolve(preset("svc_small"), (*HOUSE, "text=sentences")), data, None, CPU)
    assert (task.data.text, config["text"], config["sizes"]["text"]) == ("sentences", "sentences", 512)
    assert len(list((data / "cache").glob("sentences-*.npy"))) == 2
    with pytest.raises(ConfigError, match="no sentence vectors; set text=sentences"):
        _task(windows, "svc_small", *HOUSE, "text=vectors")
    with pytest.raises(ConfigError, match="text 'words'"):
        resolve(preset("svc_small"), ["text=words"])


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    torch.set_default_dtype(torch.float64)
    monkeypatch.setattr(storygan, "scaled", lambda images: images.double() / 127.5 - 1)
    yield
    torch.set_default_dtype(torch.float32)


def _wide(part: Part) -> Part:
    told = replace(part.told, sentences=part.told.sentences.double(), labels=part.told.labels.double())
    return replace(part, told=told)


def _losses(task: StoryGANTask, steps: int) -> list[float]:
    found = []
    for step in range(steps):
        batch = task.batch(step)
        assert batch.singles is not None
        wide = replace(batch, stories=_wide(batch.stories), singles=_wide(batch.singles))
        for phase in task.phases:
            terms = run_phase(task, phase, [wide], step, CPU, LoopOptions(images=100, clip=0))
            found += [float(term) for term in terms.values()]
    return found


def test_our_step_is_the_plain_step(data: Path, double: None) -> None:
    """In double precision, where rounding does not become a step of Adam, the losses of five steps are the same."""
    ours, plain = (_task(data, "storygan_clevr", *APART) for _ in range(2))
    layers = [layer for layer in plain.g.modules() if isinstance(layer, UpsampleConv2d)]
    for layer in layers:
        layer.plain = True
    assert len(layers) == 4
    assert _losses(ours, 5) == pytest.approx(_losses(plain, 5), rel=1e-3)


@pytest.mark.parametrize(("name", "origin", "small"), [("storygan_clevr", "official", APART),
                                                       ("storygan_small", "house", HOUSE)])  # fmt: skip
def test_a_run_from_end_to_end(name: str, origin: str, small: tuple[str, ...], data: Path, tmp_path: Path) -> None:
    changes = [*small, "loop={log_every: 16, sheet_every: 16, save_every: 16}"]
    machine: dict[str, Any] = {"device": "cpu", "precision": "float32", "quiet": True}
    words: dict[str, Any] = {"changes": changes, "max_images": 32, **machine}
    folder = run_training(name, data, tmp_path / "run", **words)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert (config["origin"], config["text"], len(config["labels"])) == (origin, "vectors", 15)
    assert {path.name for path in folder.iterdir()} >= {"image-discriminator", "story-discriminator"}
    log = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert 0 < next(line for line in log if "val" in line)["val"]["score"] < 1
    words["max_images"] = 16
    again = run_training(name, data, tmp_path / "again", init=folder, **words)
    assert (again / "model.safetensors").is_file()


def test_the_bench_compares_it_with_the_plain_form(data: Path) -> None:
    record = bench_training("storygan_clevr", data, 2, changes=APART, device="cpu", precision="float32", threads=1)
    assert record["loss_difference"] < 1e-3 and record["images_a_step"] == 16


@pytest.mark.parametrize("name", ["batch", "frames"])
def test_a_batch_of_one_is_refused(data: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=f"training.{name} is 1"):
        _task(data, "storygan_clevr", *APART, f"training.{name}=1")


def test_small_generators_have_at_most_five_million_parameters(data: Path) -> None:
    counts = {}
    for name in NAMES:
        if name.endswith("small"):
            task = _task(data, name)
            assert isinstance(task.g, StoryGANPaperGenerator)
            counts[name] = sum(weight.numel() for weight in task.g.parameters())
    assert len(counts) == 4 and max(counts.values()) <= 5_000_000
