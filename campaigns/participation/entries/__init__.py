"""Works that fans hand in for a mission: from the same review queue as everything else, recommended in the campaign's gallery."""
