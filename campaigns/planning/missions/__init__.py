"""The missions of a campaign: which kinds there are, and adding, changing, ordering and closing them."""
