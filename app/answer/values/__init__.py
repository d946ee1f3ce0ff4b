"""Values that answers are made of: dates, numbers, names, found in text and compared safely."""
