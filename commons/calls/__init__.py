"""Signed calls: how the server of another house tells us something, so that nobody else can, and that it counts once."""
