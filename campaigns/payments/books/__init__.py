"""The books: what came in, what went back, and the nightly proof that both agree with what is held."""
