"""Long work in the background: recorded as it goes, so that it goes on after a restart.

``work`` says what a job is given, ``opening`` makes documents of it, ``progress`` records what
became of them, and ``runner`` is the one thread that does all this.
"""
