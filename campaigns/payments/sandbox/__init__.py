"""A payment provider without money, for trying things out: it has books of its own, and tells us by signed calls like a real one."""
