"""Episodes of the theatre: clips in a row with a steady cast, scenery and captions that name who is there.

    writer = EpisodeWriter(CastPack.shipped())
    shots = writer.episode(np.random.default_rng(0), clips=88)
    shots[0].captions        # ("Mia and Cleo are dancing around in the woods.",)
    film = shots[0].film(stage)      # uint8 (F, 128, 128, 3)

They stand in for Pororo where nobody may publish it: nine characters of its frequencies, scenes of a few clips, one
caption a clip and sometimes more (section 2.1 of our sheet on StoryGAN; the grammar is house).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seqgan.data.theatre import words as W
from seqgan.data.theatre.dice import Dice
from seqgan.data.theatre.forms import Agree, finish, progressive
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.poses import facing
from seqgan.data.theatre.stage import PER_ACTOR, Stage
from seqgan.data.theatre.world import ACTIONS, NOISE_SIZE, Actor, Panel
from seqgan.errors import DataError

CAST = 9
WEIGHTS = (6574, 3462, 4902, 4562, 3427, 2174, 976, 1489, 2069)
"""How often captions of Pororo mention each of its nine characters, in the order of its labels (measured)."""
PEOPLE = {1: 0.5, 2: 0.36, 3: 0.14}
CAPTIONS = {1: 15_304, 2: 685, 3: 51}
"""Captions of a clip -> clips of Pororo that have as many (measured); up to nine occur, which we leave away."""
FRAMES = {3: 0.2, 4: 0.3, 5: 0.3, 6: 0.2}
STAY, SAME, PROP, WHERE, WHEN, SHOTS = 0.75, 0.45, 0.35, 0.7, 0.2, {"medium": 0.7, "close": 0.2, "far": 0.1}
"""Chances that a scene's character stays for the next clip, that all do one thing, and of what a caption tells."""
SCENE = (4, 12)
"""Clips of a scene."""
ROAMS, BOUNCES = ("walk", "run", "ride", "swim"), ("jump", "dance", "cartwheel", "wave", "juggle")
SIDES = {1: ("middle",), 2: ("left", "right"), 3: ("left", "middle", "right")}


@dataclass(frozen=True)
class Shot:
    """One clip: what its panel shows, its captions, and the staging noise of each frame, (F, NOISE_SIZE)."""

    panel: Panel
    captions: tuple[str, ...]
    noise: np.ndarray

    def film(self, stage: Stage) -> np.ndarray:
        """The frames, uint8 (F, H, W, 3)."""
        return np.stack([stage.draw(self.panel, row) for row in self.noise])


@dataclass
class _Scene:
    """What the clips of a scene share: who may come, where and when it is, and which thing lies about."""

    people: list[str]
    setting: str
    time: str
    weather: str
    prop: str
    left: int
    here: list[str]


class EpisodeWriter:
    """Writes episodes with the first nine characters of a pack."""

    def __init__(self, pack: CastPack) -> None:
        """Raises DataError for a pack of fewer characters."""
        if len(pack.characters) < CAST:
            raise DataError(f"the cast pack {pack.name} has {len(pack.characters)} characters; this layout has {CAST}")
        self.pack = pack
        self.cast = tuple(pack.characters)[:CAST]

    @property
    def names(self) -> tuple[str, ...]:
        """The characters' names, in the order of the labels."""
        return tuple(self.pack.characters[who].name for who in self.cast)

    def episode(self, rng: np.random.Generator, clips: int) -> list[Shot]:
        """The clips of one episode: a function of the generator."""
        dice, shots = Dice(rng), list[Shot]()
        band = self._band(dice)
        scene = self._scene(dice, band)
        for _ in range(clips):
            if not scene.left:
                scene = self._scene(dice, band)
            shots.append(self._shot(dice, scene))
            scene.left -= 1
        return shots

    def _band(self, dice: Dice) -> list[str]:
        """The episode's own four or five characters, by how often Pororo's are mentioned."""
        weights = dict(zip(self.cast, map(float, WEIGHTS), strict=True))
        return [_drawn(dice, weights) for _ in range(4 + dice.chance(0.5))]

    def _scene(self, dice: Dice, band: Sequence[str]) -> _Scene:
        setting = dice.pick(tuple(self.pack.settings))
        indoor = self.pack.settings[setting].indoor
        weather = "clear" if indoor else dice.weigh({"clear": 0.7, "rain": 0.15, "snow": 0.15})
        people = dice.some(band, 2 + dice.chance(0.6))
        prop = dice.pick(tuple(self.pack.props)) if self.pack.props else ""
        left = SCENE[0] + int(dice.rng.random() * (SCENE[1] - SCENE[0] + 1))
        time = dice.weigh({"day": 0.7, "dusk": 0.15, "night": 0.15})
        return _Scene(people, setting, time, weather, prop, left, [])

    def _shot(self, dice: Dice, scene: _Scene) -> Shot:
        """One clip: who stays and who comes, what they do, and what is told of it."""
        wanted = min(dice.weigh(PEOPLE), len(scene.people))
        stay = [who for who in scene.here if dice.chance(STAY)][:wanted]
        others = [who for who in dice.some(scene.people, len(scene.people)) if who not in stay]
        there = {*stay, *others[: wanted - len(stay)]}
        scene.here = [who for who in scene.people if who in there]  # everybody keeps to one side of the others
        one = dice.pick(ACTIONS) if dice.chance(SAME) else ""
        doing = [one or dice.pick(ACTIONS) for _ in scene.here]
        actors = tuple(map(Actor, scene.here, doing, SIDES[len(doing)]))
        props = (scene.prop,) if scene.prop and dice.chance(PROP) else ()
        panel = Panel(actors, scene.setting, scene.time, scene.weather, props, dice.weigh(SHOTS))
        count = dice.weigh({number: float(clips) for number, clips in CAPTIONS.items()})
        told = tuple(dict.fromkeys(self.caption(dice, panel) for _ in range(count)))
        return Shot(panel, told, self._motion(dice.rng, panel, dice.weigh(FRAMES)))

    def caption(self, dice: Dice, panel: Panel) -> str:
        """A sentence that names everybody in a panel, what each does, and perhaps where, when and with what."""
        doing: dict[str, list[str]] = {}
        for actor in panel.actors:
            doing.setdefault(actor.action, []).append(self.pack.characters[actor.who].name)
        link = dice.pick((" while ", " and ", " and "))
        text = link.join(self._clause(dice, names, action) for action, names in doing.items())
        if panel.props:
            prop = W.article(dice.pick(W.prop_nouns(self.pack, panel.props[0])))
            text += dice.pick((" with {p}", " next to {p}", " beside {p}", " near {p}")).format(p=prop)
        if dice.chance(WHERE):
            text += " " + dice.pick(W.phrases_at(self.pack, panel.setting))
        if panel.weather != "clear" and dice.chance(WHERE):
            text += " " + Agree(False).fill(dice.pick(W.WEATHER_PHRASES[panel.weather]))
        elif dice.chance(0.5 if panel.time != "day" else WHEN):
            text += " " + dice.pick(W.TIME_PHRASES[panel.time])
        return finish(text)

    def _motion(self, rng: np.random.Generator, panel: Panel, frames: int) -> np.ndarray:
        """Staging noise frame by frame: who roams goes where it looks, who bounces up and down, the camera pans."""
        noise = np.repeat(rng.standard_normal((1, NOISE_SIZE)), frames, 0)
        time = np.linspace(-1.0, 1.0, frames)
        for number, actor in enumerate(panel.actors):
            side, down, looks = (PER_ACTOR * number + each for each in range(PER_ACTOR))
            if actor.action in ROAMS:
                art = self.pack.characters[actor.who].art
                picture = art.get(actor.action, art["stand"])
                noise[:, side] = 1.8 * time * facing(picture, actor.place, bool(noise[0, looks] > 0))[1]
            if actor.action in BOUNCES:
                noise[:, down] = 2.0 * np.cos(np.pi * np.arange(frames))
        noise[:, PER_ACTOR * len(SIDES)] += 0.3 * time
        return np.round(noise, 4)

    def _clause(self, dice: Dice, names: Sequence[str], action: str) -> str:
        """Names and what they do: "Mia and Max are jumping"."""
        plural = len(names) > 1
        subject = ", ".join(names[:-1]) + " and " + names[-1] if plural else names[0]
        phrase = W.in_number(dice.pick([p for p in W.ACTION_PHRASES[action] if "sky" not in p]), plural)
        verb, _, rest = phrase.partition(" ")
        if progressive(phrase) and dice.chance(0.6):
            return f"{subject} {W.finite('be', plural, False)} {W.inflect(verb)[2]} {rest}".rstrip()
        return f"{subject} {W.finite(verb, plural, False)} {rest}".rstrip()


def _drawn(dice: Dice, weights: dict[str, float]) -> str:
    """One key by weight, which is then no longer there."""
    who = dice.weigh(weights)
    del weights[who]
    return who
