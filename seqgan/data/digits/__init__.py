"""Bouncing digits: real handwritten digits that move as their sentences say, the classic benchmark of text to clip.

After the captioned moving digits of Sync-DRAW (Mittal et al. 2017), whose released script moves "left and right" up and
down, stops after ten samples of two digits, and lets one digit's picture stand in several splits. Not so here.
"""
