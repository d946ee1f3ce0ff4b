"""Inputs made to do harm, and a run that shows what the product does with each."""
