"""Looking at the configuration."""
