"""What runs Quanzi: the keeper of one process, the embedded Valkey, and the start of all of it."""
