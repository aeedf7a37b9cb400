"""The trail, transitions between states, uncertain facts, sources and private files."""
