"""What Footnote is put through to see that it stands: kills at random moments, for now."""
