"""Pictures of a grid: what is drawn, where it lies, what its state marks, and the SVG."""
