"""seqgan: generative adversarial networks for sequences of images (frames, clips and stories).

Nothing heavy is imported here: ``import seqgan`` costs a few milliseconds, and torch loads with the first network.
"""

__version__ = "0.1.0"
