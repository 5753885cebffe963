"""A/B tests of a campaign's page and of posts in the circle, with a number of people that is fixed beforehand."""
