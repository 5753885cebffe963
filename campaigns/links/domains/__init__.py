"""Domains of the brand's own, on which short links stand at the root."""
