"""Who acts: regions, agencies, posts, duties, obligations, policy. The lowest app."""
