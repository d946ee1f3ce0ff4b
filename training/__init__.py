"""How the bundled reader is made: data, training, export, measurement. Not part of the product."""
