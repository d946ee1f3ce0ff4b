"""Says so when the first start indexes the sample briefs."""

import typer

from app import sample_corpus
from app.services import Services


def index_samples(services: Services) -> None:
    """Index the sample briefs, unless that was done or the settings do not want it."""
    if not services.settings.sample_corpus:
        return
    done = 0
    for outcome in sample_corpus.index_once(services.library):
        if not done:
            typer.echo("Indexing the sample corpus (first start only) ...", err=True)
        done += 1
        if outcome.error is not None:
            typer.echo(f"  {outcome.id}: {outcome.error}", err=True)
    if done:
        typer.echo(f"Indexed {done} sample documents.", err=True)
