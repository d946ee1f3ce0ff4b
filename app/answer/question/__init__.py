"""What a question asks: its standalone form, the kind of answer it wants, its words and names."""
