"""Engines that draw, and the jobs that run them."""
