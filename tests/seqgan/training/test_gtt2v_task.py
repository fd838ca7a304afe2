"""Training of clips from text: terms of each phase, mismatched pairs, what L_RECONS asks for, and that it learns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import ndimage
from torch import Tensor

from seqgan.checkpoints.format import read_config, read_weights, save_checkpoint
from seqgan.clip_presets import CLIP_PRESETS
from seqgan.data.check import check_data
from seqgan.data.sequences import SequenceData
from seqgan.errors import CheckpointError, ConfigError, DataError
from seqgan.presets import preset
from seqgan.training.clip_pictures import of_clips, open_clips, tokens_of, vocabulary_of
from seqgan.training.gtt2v_setup import gtt2v_task
from seqgan.training.loop import LoopOptions, run_phase
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.gtt2v import GTT2VTask, SeenClips
from seqgan.training.tasks.storygan import scaled
from seqgan.training.train import resolve, run_training
from seqgan.training.word_dropout import UNKNOWN
from tests.seqgan.tiny_clips import FRAMES, SIZE, tiny_clips

CPU = Runtime(torch.device("cpu"), bf16=False)
SMALL = ("network={frames: 16, base: [2, 2], embed: 8, text: 16, cond: 12, latent: 4, noise: 3, filters: 4, rank: 6, "
         "code: 12, start: 16, width: 4, still: 4, d_width: 4}", "training.batch=6", "training.alone=0")  # fmt: skip
NAMES = [name for name, *_ in CLIP_PRESETS]
PAIRS = {f"{d}_{pair}" for d in ("clip", "frame") for pair in ("real", "wrong", "fake", "realism")}


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_clips(tmp_path_factory.mktemp("clips") / "tiny")


def _task(data: Path, name: str, *changes: str) -> GTT2VTask:
    kept = resolve(preset(name), ()).network
    own = [f"network.{key}={value}" for key, value in kept.items() if f"{key}:" not in SMALL[0]]
    return gtt2v_task(resolve(preset(name), [*SMALL, *own, *changes]), data, None, CPU)[0]


def test_the_tiny_set_is_a_good_one(clips: Path) -> None:
    assert check_data(clips) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_ablation_trains(name: str, clips: Path) -> None:
    task = _task(clips, name)
    batch = task.batch(0)
    # a gist that stands still learns from first frames, and from where the others differ
    assert batch.clips.shape == (6, 3, FRAMES, SIZE, SIZE) and task.images(batch) == 6
    for phase in task.phases:
        terms = run_phase(task, phase, [batch], 0, CPU, LoopOptions(images=100))
        assert terms and all(term.isfinite() for term in terms.values())
    assert task.sheet().shape == (6 * 2 * SIZE, 8 * SIZE, 3)
    assert 0 < task.validate()["score"] < 1


def test_terms_of_each_phase(clips: Path) -> None:
    noise = torch.Generator().manual_seed(0)
    whole = _task(clips, "t2v")
    assert whole.losses("d", whole.batch(0), noise).keys() == PAIRS
    own = {"gist", "backdrop", "kl", "recon", "mask"}
    assert whole.losses("g", whole.batch(0), noise).keys() == own | {"clip", "frame"}
    direct = _task(clips, "dt2v")
    assert direct.losses("d", direct.batch(0), noise).keys() == {pair for pair in PAIRS if "wrong" not in pair}
    assert direct.losses("g", direct.batch(0), noise).keys() == {"recon", "mask", "clip", "frame"}
    still = _task(clips, "gist_cvae")
    assert [phase.name for phase in still.phases] == ["g"]
    assert still.losses("g", still.batch(0), noise).keys() == {"gist", "backdrop", "kl"}


def test_a_generator_that_learns_alone_meets_its_discriminators_later(clips: Path) -> None:
    task, noise = _task(clips, "t2v", "training.alone=13"), torch.Generator().manual_seed(0)
    assert [phase.name for phase in task.phases if phase.due(2)] == ["g"]
    assert "clip" not in task.losses("g", task.batch(2), noise) and "clip" in task.losses("g", task.batch(3), noise)
    assert [phase.name for phase in task.phases if phase.due(3)] == ["d", "g"]
    with pytest.raises(ConfigError, match="nothing else teaches it"):
        _task(clips, "t2v", "training.alone=13", "training.weights={recon: 0, gist: 0}")


def test_a_discriminator_without_pairs_is_told_nothing(clips: Path) -> None:
    noise = torch.Generator().manual_seed(0)
    for name, told in (("dt2v", False), ("pt2v", True)):
        task = _task(clips, name)
        seen = task._seen(task.batch(0), noise)
        assert bool(seen.psi.any()) == told and not seen.psi.requires_grad


def test_hidden_words_are_told_to_the_layers_of_a_gist_and_to_discriminators(clips: Path) -> None:
    """The words of a sentence, or its vector, but never a vector that tells what was hidden."""
    task = _task(clips, "t2v", "network.backdrop=3", "network.palette=2", "training.hidden=1")
    batch, noise = task.batch(0), torch.Generator().manual_seed(0)
    told = batch.told[0], torch.zeros_like(batch.told[1])
    psi, judged = task._psi(told, batch, noise)
    nothing, clear = (task.g.psi(words, told[1]) for words in (told[0].clamp(max=UNKNOWN), told[0]))
    own = task.sizes.text
    torch.testing.assert_close(psi, torch.cat([nothing[:, :own], clear[:, own:]], 1))
    torch.testing.assert_close(judged, clear.detach())
    assert psi.requires_grad and not judged.requires_grad
    with pytest.raises(ConfigError, match="training.hidden"):
        _task(clips, "t2v", "training.hidden=1.5")


def test_a_wrong_caption_is_of_another_kind(clips: Path) -> None:
    """Of another colour, motion or place: no caption of the clip itself, nor of its other takes."""
    task = _task(clips, "t2v")
    words = {tuple(row): caption for row, caption in zip(task.data.tokens.tolist(), _texts(clips), strict=True)}
    for step in range(20):
        batch = task.batch(step)
        for right, wrong in zip(batch.told[0].tolist(), batch.wrong[0].tolist(), strict=True):
            assert _kind(words[tuple(right)]) != _kind(words[tuple(wrong)])


def _texts(folder: Path) -> list[str]:
    return [text for own in SequenceData.open(folder, "train").captions for text in own]


def _kind(text: str) -> tuple[str, str, str]:
    return tuple(next(word for word in words if word in text) for words in
                 (("red", "green", "blue"), ("across", "down"), ("sand", "snow")))  # type: ignore[return-value] # fmt: skip


def test_what_recons_asks_for(clips: Path) -> None:
    """The first frame, the whole clip (pixels that move weigh more) or the gist: nothing where the clip is that."""
    noise = torch.Generator().manual_seed(0)
    for recon in ("first_frame", "gist", "clip"):
        task = _task(clips, "t2v", f"training.recon={recon}")
        seen = task._seen(task.batch(0), noise)
        gist = seen.drawn.gist
        assert gist is not None
        like = {
            "first_frame": seen.real[:, :, :1].expand_as(seen.real),
            "gist": gist.picture[:, :, None].expand_as(seen.real), "clip": seen.real,
        }[recon]  # fmt: skip
        assert task._recon(_with(seen, like)).value.item() == pytest.approx(0, abs=1e-6)
        assert task._recon(_with(seen, like + 0.5)).value.item() >= 0.5 - 1e-5


def _with(seen: SeenClips, frames: Tensor) -> SeenClips:
    return replace(seen, drawn=replace(seen.drawn, frames=frames))


def test_pixels_that_move_weigh_more(clips: Path) -> None:
    task, noise = _task(clips, "t2v", "training.weights.moving=4"), torch.Generator().manual_seed(0)
    seen = task._seen(task.batch(0), noise)
    moves = (seen.real - seen.real.mean(2, keepdim=True)).abs().amax(1, keepdim=True) > 20 / 127.5
    assert 0.05 < moves.float().mean() < 0.6
    still, moving = (
        task._recon(_with(seen, seen.real + 0.5 * part)).value for part in ((~moves).float(), moves.float())
    )
    share = moves.float().mean()
    assert moving / still > 2 * share / (1 - share)


def test_streams_are_held_to_what_differs_from_the_first_frame(clips: Path) -> None:
    """In closed form: nothing for the right mask and foreground, log 2 for a mask that does not know."""
    task, noise = _task(clips, "t2v", "training.weights.streams=2"), torch.Generator().manual_seed(0)
    seen = task._seen(task.batch(0), noise)
    differs = ((seen.real - seen.real[:, :, :1]).abs().amax(1, keepdim=True) > 20 / 127.5).float()
    assert not differs[:, :, 0].any() and 0.05 < differs.mean() < 0.6

    def terms(foreground: Tensor, mask: Tensor) -> tuple[float, float]:
        drawn = replace(seen.drawn, foreground=foreground, mask=mask)
        found = task._own_terms(replace(seen, drawn=drawn))
        return found["covered"].value.item(), found["content"].value.item()

    assert terms(seen.real, differs) == pytest.approx((0, 0), abs=1e-5)
    unsure = torch.full_like(differs, 0.5)
    assert terms(seen.real + 0.5 * differs, unsure) == pytest.approx((2 * np.log(2), 2 * 0.5), rel=1e-5)
    assert terms(seen.real + 0.5 * (1 - differs), unsure)[1] == pytest.approx(0, abs=1e-5)
    assert terms(seen.real, 1 - differs)[0] == pytest.approx(-2 * np.log(1e-6), rel=1e-4)  # sure, and wrong
    off = _task(clips, "t2v")
    assert not {"covered", "content"} & off._own_terms(seen).keys()


def test_a_gist_is_held_to_what_moves_most(clips: Path) -> None:
    task, noise = _task(clips, "gist_cvae", "training.weights.moving=4"), torch.Generator().manual_seed(0)
    seen = task._seen(task.batch(0), noise)
    apart = (seen.real - seen.real.mean(2, keepdim=True)).abs().amax((1, 2)) > 20 / 127.5  # (N, H, W)
    grown = torch.from_numpy(ndimage.binary_dilation(apart.numpy(), np.ones((1, 3, 3), bool)))[:, None].float()
    gist = seen.drawn.gist
    assert gist is not None and 0.05 < grown.mean() < 0.9
    first = seen.real[:, :, 0]
    off = [replace(gist, picture=first + 0.5 * part) for part in (1 - grown, grown)]
    still, moving = (
        task._own_terms(replace(seen, drawn=replace(seen.drawn, gist=each)))["gist"].value for each in off
    )  # fmt: skip
    assert moving / still > 2 * grown.mean() / (1 - grown.mean())


def test_a_backdrop_is_held_to_what_never_moves(clips: Path) -> None:
    """In closed form: half a level off counts where nothing moves, and nothing does elsewhere."""
    task, noise = _task(clips, "gist_cvae"), torch.Generator().manual_seed(0)
    seen = task._seen(task.batch(0), noise)
    gist, first = seen.drawn.gist, seen.real[:, :, 0]
    assert gist is not None and gist.backdrop is not None
    apart = (seen.real - seen.real.mean(2, keepdim=True)).abs().amax((1, 2)) > 20 / 127.5
    near = torch.from_numpy(ndimage.binary_dilation(apart.numpy(), np.ones((1, 3, 3), bool)))[:, None].float()
    found = [
        task._own_terms(replace(seen, drawn=replace(seen.drawn, gist=replace(gist, backdrop=first + 0.5 * part))))
        for part in (near, 1 - near)
    ]
    assert [each["backdrop"].value.item() for each in found] == pytest.approx([0, 10 * 0.5], abs=1e-5)
    plain = _task(clips, "gist_cvae", "network.backdrop=0")
    assert "backdrop" not in plain._own_terms(plain._seen(plain.batch(0), noise))


def test_frames_are_spread_over_the_clip(clips: Path) -> None:
    data = open_clips(clips, "train")
    assert data.places(1, 16).tolist() == list(range(16, 32)) and data.places(0, 4).tolist() == [0, 4, 8, 12]
    first = data.pictures(np.array([0]), 4, (SIZE, SIZE))
    assert torch.equal(first[0, :, 1], torch.from_numpy(np.array(data.frames[4])).permute(2, 0, 1))
    with pytest.raises(DataError, match="expected 32 at least"):
        data.pictures(np.array([0]), 32, (SIZE, SIZE))


def test_words_that_nobody_knows_leave_a_hidden_one(clips: Path) -> None:
    data = SequenceData.open(clips, "train")
    words = vocabulary_of(data)
    assert tokens_of(["a red square", "xyzzy"], words).tolist() == [
        [words.words.index("a"), words.words.index("red"), words.words.index("square")], [1, 0, 0]
    ]  # fmt: skip
    assert len(np.unique(of_clips(data, None, words).kinds)) == 12


def test_stories_are_no_clips(sequences: Path) -> None:
    with pytest.raises(DataError, match="stories of 3 panels; expected single clips"):
        open_clips(sequences, "train")


def test_settings_that_do_not_fit_are_told(clips: Path) -> None:
    for name, changes, said in (
        ("pt2v", ("training.recon=gist",), "a gist that is not drawn"),
        ("t2v", ("frame_model=emoji-attngan",), "set both, or neither"),
        ("t2v", ("network.gist=frame",), "set both, or neither"),
        ("gist_cvae", ("training.clip_critic=true",), "no discriminator judges"),
    ):
        with pytest.raises(ConfigError, match=said):
            _task(clips, name, *changes)


def test_a_checkpoint_goes_on_and_keeps_its_words(clips: Path, tmp_path: Path, sequences: Path) -> None:
    run = {"max_images": 12, "device": "cpu", "precision": "float32", "quiet": True}
    made = run_training("t2v", clips, tmp_path / "one", changes=SMALL, **run)  # type: ignore[arg-type]
    config = read_config(made)
    assert config["family"] == "gtt2v" and config["seconds"] == 2.0 and config["frames"] == 16
    again = run_training("t2v", clips, tmp_path / "two", init=made, changes=SMALL, **run)  # type: ignore[arg-type]
    assert read_config(again)["vocabulary"] == config["vocabulary"]
    with pytest.raises(CheckpointError, match="expected gtt2v"):
        run_training("t2v", clips, tmp_path / "three", init=_other(tmp_path), changes=SMALL, **run)  # type: ignore[arg-type]


@pytest.mark.parametrize("layers", [(), ("network.backdrop=3", "network.palette=2")], ids=["one layer", "two layers"])
def test_a_clip_starts_from_a_gist_that_was_learnt_alone(layers: tuple[str, ...], clips: Path, tmp_path: Path) -> None:
    run = {"max_images": 12, "device": "cpu", "precision": "float32", "quiet": True}
    alone = (*SMALL, "network.clip=false", *layers)
    gist = run_training("gist_cvae", clips, tmp_path / "gist", changes=alone, **run)  # type: ignore[arg-type]
    learnt, g = read_weights(gist), gtt2v_task(resolve(preset("t2v"), (*SMALL, *layers)), clips, gist, CPU)[0].g
    parts = ("text", "cond", "gist", "scene", "palette")
    shared = {name: value for name, value in g.state_dict().items() if name.split(".")[0] in parts}
    assert learnt.keys() == shared.keys() and g.streams is not None
    for name, value in shared.items():
        torch.testing.assert_close(value, learnt[name])
    with pytest.raises(CheckpointError, match="draws gists, and this network has none"):
        run_training("t2v", clips, tmp_path / "none", init=gist, changes=(*SMALL, "network.gist=none",
                     "network.text2filter=false"), **run)  # type: ignore[arg-type]  # fmt: skip


def _other(folder: Path) -> Path:
    save_checkpoint(folder / "other", {"family": "gan_cls", "sizes": {}}, {})
    return folder / "other"


def test_the_gist_beats_the_mean_picture(clips: Path) -> None:
    """On held-out first frames, from the text alone."""
    task = _task(clips, "gist_cvae", "training.lr_g=2e-3", "training.half_life=50", "training.batch=12",
                 "network.still=8", "network.latent=2")  # fmt: skip
    for step in range(75):
        run_phase(task, task.phases[0], [task.batch(step)], step, CPU, LoopOptions(images=100_000))
        task.ema.update(task.g, 12, 12 * (step + 1))
    real, fake = (each[:, :, 0] for each in task._looked_at(12))
    mean = scaled(task.data.pictures(np.arange(len(task.data)), FRAMES, (SIZE, SIZE)))[:, :, 0].mean(0)
    assert (fake - real).abs().mean() < 0.5 * (mean - real).abs().mean()
