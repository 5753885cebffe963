"""Hold-out groups: fans whom a campaign does not address, by lot, so that one can say what the campaign really changed."""
