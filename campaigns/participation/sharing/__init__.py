"""Missions to share: proven by who opened the link, by what came back from the network, or by what the fan hands in."""
