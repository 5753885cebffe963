"""How fast the parts that must be fast are, each beside a peer or a physical limit in the same run."""
