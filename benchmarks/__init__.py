"""How fast and how light Harf is, as ratios measured in one run beside the published baseline."""
