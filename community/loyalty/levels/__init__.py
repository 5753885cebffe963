"""Levels: what they take, who stands on which, how one is climbed, kept and set by hand."""
