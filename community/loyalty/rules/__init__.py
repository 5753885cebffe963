"""Earning rules: their versions, what they say about a fact, and how they are tried out."""
