"""How the weights of evidence selection are made. Needs scikit-learn; nothing at run time does."""
