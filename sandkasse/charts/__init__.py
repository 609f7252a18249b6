"""Charts of the figures, as Vega-Lite specifications that screens and documents draw alike."""
