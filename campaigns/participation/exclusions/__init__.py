"""Who is kept out of a campaign: with a reason that the person reads, and an appeal."""
