"""What maps are drawn with, wherever one is shown."""
