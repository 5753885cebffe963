"""Orders that came by a link: told by a shop's server with a signed call, or by a table."""
