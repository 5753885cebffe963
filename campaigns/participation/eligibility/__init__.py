"""Who may take part in a campaign: rules that are published, and that stand from its beginning."""
