"""``footnote feedback``: what readers thought of answers."""

from typing import TYPE_CHECKING

from app.cli.options import AsJson, DataDir

if TYPE_CHECKING:
    from app.api.widget_models import FeedbackLine


def feedback(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List the ratings that readers gave, the newest first."""
    from rich.table import Table

    from app.cli.opening import open_session
    from app.cli.terminal import messages, output, print_json
    from app.settings import Settings

    with open_session(Settings.load(data_dir=data_dir)) as session:
        lines = session.feedback()
    if as_json:
        print_json(lines)
        return
    if not lines:
        messages().print("No answer has been rated yet.")
        return
    table = Table(box=None, pad_edge=False)
    for name in ("when", "rating", "question", "comment", "page"):
        table.add_column(name)
    for line in lines:
        table.add_row(*_cells(line))
    output().print(table)


def _cells(line: "FeedbackLine") -> tuple[str, ...]:
    when = line.created_at.astimezone().strftime("%Y-%m-%d %H:%M")
    question = line.question or line.answer_id
    return when, line.rating, question, line.comment or "", line.origin or ""
