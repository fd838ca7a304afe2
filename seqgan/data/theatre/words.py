"""The words of the theatre: verbs, places, times, weathers, shots, props, looks, and how to inflect them.

Grammar and parser read the same tables, so what one writes the other understands. A verb phrase is written in its base
form, its first word is the verb: "go for a walk". A form that differs in the plural follows a slash.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Person(Protocol):
    """A character as the grammar sees it."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def pronoun(self) -> str: ...
    @property
    def words(self) -> tuple[str, ...]: ...


class Spot(Protocol):
    """A setting as the grammar sees it."""

    @property
    def words(self) -> tuple[str, ...]: ...
    @property
    def indoor(self) -> bool: ...


class Thing(Protocol):
    """A prop as the grammar sees it."""

    @property
    def words(self) -> tuple[str, ...]: ...


class WordPack(Protocol):
    """The part of a cast pack that has to do with words; `CastPack` is one."""

    @property
    def characters(self) -> Mapping[str, Person]: ...
    @property
    def settings(self) -> Mapping[str, Spot]: ...
    @property
    def props(self) -> Mapping[str, Thing]: ...


ACTION_PHRASES: dict[str, tuple[str, ...]] = {
    "stand": ("stand still", "smile", "wait", "look around", "stand there", "smile happily", "look at the sky",
              "look into the distance", "keep still", "listen", "laugh", "stay calm", "sing a song",
              "wait patiently", "look up"),
    "walk": ("walk", "stroll", "wander", "go for a walk", "take a walk", "wander about", "walk around",
             "stroll along", "walk slowly", "go for a stroll", "take a stroll", "walk along"),
    "run": ("run", "race", "dash", "go for a run", "rush", "sprint", "run fast", "race along", "run around",
            "hurry along", "run along", "run at full speed"),
    "jump": ("jump", "hop", "leap", "jump up and down", "jump high", "leap into the air", "hop about",
             "jump into the air", "jump for joy", "bounce up and down", "make a big jump/make big jumps"),
    "dance": ("dance", "dance around", "do a little dance", "dance happily", "dance to the music", "perform a dance",
              "dance with joy", "do a funny dance", "twirl around"),
    "sleep": ("sleep", "take a nap", "nap", "doze", "fall asleep", "sleep soundly", "lie down to sleep", "have a nap",
              "be fast asleep", "sleep peacefully", "be sound asleep", "sleep for a while"),
    "wave": ("wave", "wave hello", "wave cheerfully", "give a friendly wave", "wave goodbye", "wave happily",
             "say hello with a wave", "give a wave", "wave politely"),
    "bow": ("bow", "bow deeply", "take a bow", "make a deep bow", "bow politely", "bend down in a bow", "make a bow",
            "bow low"),
    "swim": ("swim", "go for a swim", "take a swim", "swim around", "swim in circles", "paddle about", "have a swim",
             "swim along", "splash about"),
    "juggle": ("juggle", "do some juggling", "practise juggling", "juggle skilfully", "show off some juggling",
               "do a juggling trick", "try some juggling", "juggle with great skill"),
    "ride": ("ride a bicycle/ride bicycles", "ride a bike/ride bikes", "cycle", "go for a bike ride",
             "pedal along on a bicycle/pedal along on bicycles", "cycle along", "go cycling", "cycle around"),
    "cartwheel": ("do a cartwheel/do cartwheels", "turn a cartwheel/turn cartwheels", "do cartwheels",
                  "turn cartwheels", "perform a cartwheel/perform cartwheels", "do one cartwheel after another",
                  "turn one cartwheel after another", "try a cartwheel/try some cartwheels"),
}  # fmt: skip

ACTION_KEYS: dict[str, tuple[str, ...]] = {
    "walk": ("walk", "stroll", "wander", "hike", "march", "step", "go", "come"),
    "run": ("run", "race", "dash", "rush", "sprint", "hurry", "jog"),
    "jump": ("jump", "hop", "leap", "bounce", "skip"),
    "dance": ("dance", "twirl", "waltz"),
    "sleep": ("sleep", "nap", "doze", "asleep", "snooze", "slumber"),
    "wave": ("wave",),
    "bow": ("bow", "curtsy"),
    "swim": ("swim", "paddle", "dive", "splash"),
    "juggle": ("juggle", "juggling"),
    "ride": ("ride", "cycle", "pedal", "bicycle", "bike", "cycling"),
    "cartwheel": ("cartwheel", "somersault"),
    "stand": ("stand", "smile", "wait", "look", "keep", "think", "listen", "laugh", "stay", "sing", "watch"),
}
"""Words (base forms) that tell an action; "go" and "come" only where nothing else does."""

_IRREGULAR: dict[str, tuple[str, str, str]] = {
    "be": ("is", "was", "being"), "have": ("has", "had", "having"), "do": ("does", "did", "doing"),
    "go": ("goes", "went", "going"), "run": ("runs", "ran", "running"), "swim": ("swims", "swam", "swimming"),
    "sleep": ("sleeps", "slept", "sleeping"), "take": ("takes", "took", "taking"),
    "ride": ("rides", "rode", "riding"), "hop": ("hops", "hopped", "hopping"), "nap": ("naps", "napped", "napping"),
    "make": ("makes", "made", "making"), "lie": ("lies", "lay", "lying"), "fall": ("falls", "fell", "falling"),
    "stand": ("stands", "stood", "standing"), "give": ("gives", "gave", "giving"),
    "say": ("says", "said", "saying"), "find": ("finds", "found", "finding"), "hold": ("holds", "held", "holding"),
    "fly": ("flies", "flew", "flying"), "catch": ("catches", "caught", "catching"),
    "throw": ("throws", "threw", "throwing"), "blow": ("blows", "blew", "blowing"),
    "beat": ("beats", "beat", "beating"), "read": ("reads", "read", "reading"), "hug": ("hugs", "hugged", "hugging"),
    "win": ("wins", "won", "winning"), "sweep": ("sweeps", "swept", "sweeping"), "wear": ("wears", "wore", "wearing"),
    "put": ("puts", "put", "putting"), "see": ("sees", "saw", "seeing"), "bend": ("bends", "bent", "bending"),
    "stop": ("stops", "stopped", "stopping"), "come": ("comes", "came", "coming"),
    "bring": ("brings", "brought", "bringing"), "keep": ("keeps", "kept", "keeping"),
    "light": ("lights", "lit", "lighting"), "wind": ("winds", "wound", "winding"),
    "think": ("thinks", "thought", "thinking"), "leave": ("leaves", "left", "leaving"),
    "sing": ("sings", "sang", "singing"), "begin": ("begins", "began", "beginning"),
    "leap": ("leaps", "leapt", "leaping"), "get": ("gets", "got", "getting"), "sit": ("sits", "sat", "sitting"),
    "ring": ("rings", "rang", "ringing"), "build": ("builds", "built", "building"),
    "eat": ("eats", "ate", "eating"), "grow": ("grows", "grew", "growing"), "rise": ("rises", "rose", "rising"),
    "set": ("sets", "set", "setting"), "feel": ("feels", "felt", "feeling"), "meet": ("meets", "met", "meeting"),
    "jog": ("jogs", "jogged", "jogging"), "skip": ("skips", "skipped", "skipping"),
    "step": ("steps", "stepped", "stepping"), "pedal": ("pedals", "pedalled", "pedalling"),
    "kneel": ("kneels", "knelt", "kneeling"), "show": ("shows", "showed", "showing"),
    "stay": ("stays", "stayed", "staying"), "play": ("plays", "played", "playing"),
    "travel": ("travels", "travelled", "travelling"), "drop": ("drops", "dropped", "dropping"),
    "enjoy": ("enjoys", "enjoyed", "enjoying"), "clear": ("clears", "cleared", "clearing"),
    "spot": ("spots", "spotted", "spotting"), "hear": ("hears", "heard", "hearing"),
    "snow": ("snows", "snowed", "snowing"), "sail": ("sails", "sailed", "sailing"),
    "blink": ("blinks", "blinked", "blinking"), "shine": ("shines", "shone", "shining"),
    "unwrap": ("unwraps", "unwrapped", "unwrapping"), "hide": ("hides", "hid", "hiding"),
    "speak": ("speaks", "spoke", "speaking"), "hang": ("hangs", "hung", "hanging"),
    "draw": ("draws", "drew", "drawing"),
}  # fmt: skip


def inflect(verb: str) -> tuple[str, str, str]:
    """Third person, past and -ing form of a base verb: "carry" -> ("carries", "carried", "carrying")."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"
    third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
    if verb.endswith("e"):
        return third, verb + "d", verb[:-1] + "ing"
    return third, verb + "ed", verb + "ing"


def finite(verb: str, plural: bool, past: bool) -> str:
    """The verb agreeing with its subject: finite("be", True, True) -> "were"."""
    third, before, _ = inflect(verb)
    if past:
        return "were" if verb == "be" and plural else before
    if plural:
        return "are" if verb == "be" else verb
    return third


def in_number(phrase: str, plural: bool) -> str:
    """The half of "do a cartwheel/do cartwheels" that fits the number of its subject."""
    single, _, many = phrase.partition("/")
    return many if plural and many else single


def article(noun: str) -> str:
    """The noun with "a" or "an": "an umbrella", "a unicorn"."""
    sounds_like_you = noun.startswith(("uni", "use", "eu"))
    return ("an " if noun[0] in "aeiou" and not sounds_like_you else "a ") + noun


AT: dict[str, tuple[str, ...]] = {
    "forest": ("in the forest", "in the woods", "among the tall trees", "in a green forest", "deep in the forest",
               "between the trees", "at the edge of the woods"),
    "beach": ("on the beach", "at the beach", "on a sandy beach", "by the sea", "at the seaside", "on the seashore"),
    "snow": ("in the snow", "on a snowy hill", "in a snowy field", "in the deep snow", "on the snowy slope",
             "in a white winter landscape"),
    "street": ("in the street", "on a city street", "in the city", "in the town", "on the sidewalk", "downtown",
               "on a busy street"),
    "desert": ("in the desert", "in the hot desert", "among the sand dunes", "on a sand dune", "between the cactuses",
               "in a dry desert"),
    "meadow": ("in the meadow", "in a green meadow", "on the grass", "in a field of grass", "on a grassy hill",
               "in a flowery meadow"),
    "room": ("in the room", "in the living room", "at home", "inside the house", "indoors", "in a cosy room"),
    "lake": ("at the lake", "by the lake", "at a mountain lake", "on the shore of the lake", "by the water of the lake",
             "beside a quiet lake"),
    "castle": ("at the castle", "in front of the castle", "near the old castle", "before the castle walls",
               "at the gate of the castle", "by the castle"),
    "space": ("in space", "in outer space", "among the planets", "far out in space", "high above the planet",
              "in the middle of outer space"),
}  # fmt: skip
TO: dict[str, tuple[str, ...]] = {
    "forest": ("to the forest", "into the woods", "into the forest"),
    "beach": ("to the beach", "to the seaside", "down to the sea"),
    "snow": ("into the snow", "to a snowy hill", "up the snowy slope"),
    "street": ("into the city", "to the town", "to a city street"),
    "desert": ("into the desert", "to the desert", "to the sand dunes"),
    "meadow": ("to the meadow", "to a green meadow", "into the meadow"),
    "room": ("into the house", "home", "into the living room", "inside the house"),
    "lake": ("to the lake", "to a mountain lake", "down to the lake"),
    "castle": ("to the castle", "to the old castle", "up to the castle"),
    "space": ("into space", "to outer space", "into outer space"),
}
SCENE: dict[str, tuple[str, ...]] = {
    "forest": ("the forest", "the woods"), "beach": ("the beach", "the seashore"),
    "snow": ("the snowy hill", "the snowy field"), "street": ("the city", "the street", "the town"),
    "desert": ("the desert",), "meadow": ("the meadow", "the grassy hill"), "room": ("the room", "the living room"),
    "lake": ("the lake", "the mountain lake"), "castle": ("the castle", "the old castle"),
    "space": ("outer space",),
}  # fmt: skip

TIME_PHRASES: dict[str, tuple[str, ...]] = {
    "day": ("in the morning", "in the afternoon", "in the daytime", "early in the morning", "at noon", "in daylight"),
    "dusk": ("at dusk", "in the evening", "at sunset", "as the sun sets", "in the evening light", "at twilight"),
    "night": ("at night", "under the moon", "in the dark", "late at night", "by moonlight", "in the moonlight",
              "in the middle of the night"),
}  # fmt: skip
TIME_CHANGES: dict[str, tuple[str, ...]] = {
    "day": ("the sun {:rise}", "a new day {:begin}", "morning {:come}", "it {:be} morning now", "the night {:be} over",
            "the sun {:rise} again", "the next morning {:come}"),
    "dusk": ("the sun {:begin} to set", "the sun {:go} down", "evening {:come}", "it {:be} evening now",
             "the sun {:set}", "the sky {:turn} red"),
    "night": ("night {:fall}", "the moon {:rise}", "it {:get} dark", "it {:be} night now", "darkness {:fall}",
              "night {:come}", "it {:grow} dark"),
}  # fmt: skip
TIME_SPREADS = ("night {:fall}", "the moon {:rise}", "darkness {:fall}", "the sun {:rise}", "the sun {:set}")
"""Changes of time that may go on with "over the forest"."""
WEATHER_PHRASES: dict[str, tuple[str, ...]] = {
    "rain": ("in the rain", "while it {:rain}", "in the pouring rain", "under a rainy sky", "in the heavy rain"),
    "snow": ("while it {:snow}", "in the falling snow", "as snowflakes {!fall}", "in a snowfall"),
}
WEATHER_CHANGES: dict[str, tuple[str, ...]] = {
    "rain": ("it {:start} to rain", "it {:begin} to rain", "rain {:begin} to fall", "rain {:start} to fall",
             "raindrops {!fall}", "it {:rain}"),
    "snow": ("it {:start} to snow", "it {:begin} to snow", "snowflakes {!begin} to fall", "it {:snow}",
             "snowflakes {!fall} from the sky", "snow {:start} to fall"),
}  # fmt: skip
WEATHER_ENDS: dict[str, tuple[str, ...]] = {
    "rain": ("the rain {:stop}", "it {:stop} raining", "the sky {:clear}", "the rain {:be} over"),
    "snow": ("it {:stop} snowing", "the snowfall {:stop}", "the sky {:clear}", "the snowfall {:be} over"),
}

SHOT_FRONTS: dict[str, tuple[str, ...]] = {
    "close": ("in a close-up", "seen up close", "in close-up", "close up", "seen from very near"),
    "far": ("from far away", "seen from far away", "in a wide shot", "in the distance", "far away", "far off"),
}
SHOT_BACKS: dict[str, tuple[str, ...]] = {
    "close": (", seen up close", ", shown in a close-up", ", very close to us"),
    "far": (", far away", ", seen from far away", ", in the distance", ", shown in a wide shot"),
}
SHOT_CORES: dict[str, tuple[str, ...]] = {
    "close": ("here {a:be} a close-up of {a:obj}, {a:ing}", "a close-up shows {a:obj} {a:ing}",
              "the picture shows {a:obj} up close, {a:ing}", "close-up of {a:obj} {a:ing}"),
    "far": ("a wide shot shows {a:obj} {a:ing}", "far away, we {we_see} {a:obj} {a:ing}",
            "the picture shows {a:obj} from far away, {a:ing}", "in the distance, we {we_see} {a:obj} {a:ing}"),
}  # fmt: skip
PLACE_PHRASES: dict[str, tuple[str, ...]] = {
    "left": ("on the left", "on the left side", "on the left-hand side"),
    "middle": ("in the middle", "in the centre", "in the center"),
    "right": ("on the right", "on the right side", "on the right-hand side"),
}

PROP_WORDS: dict[str, tuple[str, ...]] = {
    "gift": ("gift", "present"), "teddy": ("teddy bear", "teddy"), "star": ("star", "golden star"),
    "lantern": ("lantern",), "boat": ("boat",), "trophy": ("trophy",), "clock": ("clock", "alarm clock"),
}  # fmt: skip
PROP_VERBS: dict[str, tuple[str, ...]] = {
    "ball": ("throw", "catch", "play with", "kick"), "umbrella": ("open", "put up"), "gift": ("open", "unwrap", "get"),
    "balloon": ("blow up", "catch"), "kite": ("fly", "play with"), "book": ("read", "open"), "guitar": ("play", "tune"),
    "cake": ("eat", "taste", "bake"), "apple": ("eat", "pick", "taste"), "flower": ("pick", "smell"),
    "lantern": ("light",), "drum": ("beat", "play"), "camera": ("take a picture with", "look through"),
    "bell": ("ring",),
    "crown": ("polish", "admire"), "boat": ("build", "push", "paint"), "star": ("catch", "admire"),
    "clock": ("wind up", "check"), "telescope": ("look through", "use"), "trophy": ("win", "lift"),
    "teddy": ("hug", "cuddle"), "mushroom": ("pick", "smell"), "broom": ("sweep with", "use"), "key": ("use",),
}  # fmt: skip
ANY_PROP_VERBS = (
    "hold", "find", "carry", "have", "look at", "bring", "pick up", "show", "discover", "see", "admire", "spot",
)  # fmt: skip
MOMENTARY = frozenset(
    ("find", "discover", "see", "spot", "have", "get", "win", "catch", "bring", "show", "pick", "check", "try", "lift")
)
"""Verbs that happen at once: no "is finding a key", no "starts to have a ball"."""
PROP_LINKS = ("with {p}", ", holding {p}", "next to {p}", "beside {p}", "near {p}", ", carrying {p}", "with {p}")
NEAR = ("beside", "next to", "near")

COLOURS_TOLD = {"red": ("red",), "blue": ("blue",), "green": ("green",), "yellow": ("yellow",)}
SIZE_WORDS = {"big": ("big", "large", "huge", "giant"), "small": ("small", "little", "tiny")}
HUMAN_SIZE_WORDS = {"big": ("big", "giant"), "small": ("small", "little", "tiny")}
HUMANS = frozenset(["girl", "boy", "scout", "woman", "man", "lady", "lad", "child"])
BIRDS = frozenset(("owl", "penguin"))


def nouns(pack: WordPack, who: str) -> tuple[str, ...]:
    """The nouns that mean this character and no other one of the pack, its kind first."""
    own = pack.characters[who]
    taken = {word for other, each in pack.characters.items() if other != who for word in (each.kind, *each.words)}
    return tuple(dict.fromkeys(word for word in (own.kind, *own.words) if word not in taken))


def prop_nouns(pack: WordPack, prop: str) -> tuple[str, ...]:
    """The nouns of a prop."""
    return tuple(dict.fromkeys((*PROP_WORDS.get(prop, (prop,)), *pack.props[prop].words)))


def phrases_at(pack: WordPack, setting: str) -> tuple[str, ...]:
    """Where: "in the forest"; a setting that only a user's pack has is told by its own words."""
    inside = "in" if pack.settings[setting].indoor else "at"
    return AT.get(setting) or tuple(f"{inside} the {word}" for word in pack.settings[setting].words or (setting,))


def phrases_to(pack: WordPack, setting: str) -> tuple[str, ...]:
    """Where to: "into the woods"."""
    return TO.get(setting) or tuple(f"to the {word}" for word in pack.settings[setting].words or (setting,))


def phrases_scene(pack: WordPack, setting: str) -> tuple[str, ...]:
    """What the setting is called: "the forest"."""
    return SCENE.get(setting) or tuple(f"the {word}" for word in pack.settings[setting].words or (setting,))


PRONOUN_FORMS = {
    "he": ("he", "him"), "she": ("she", "her"), "it": ("it", "it"), "they": ("they", "them"),
}  # fmt: skip
