"""What a benchmark found: named figures, printed as a table for people and as JSON for machines."""

import json
from dataclasses import asdict, dataclass, field

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. ``target`` is the bound it is held to, such as ``>= 0.82``."""

    name: str
    value: float
    unit: str = ""
    target: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target holds; None without a target."""
        if not self.target:
            return None
        operator, bound = self.target.split()
        return self.value >= float(bound) if operator == ">=" else self.value <= float(bound)


@dataclass(slots=True)
class Report:
    """The figures of one benchmark and what they were measured on."""

    title: str
    setting: str
    figures: list[Figure] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str = "", target: str = "") -> None:
        """Add a figure."""
        self.figures.append(Figure(name, value, unit, target))

    def to_json(self) -> str:
        """Return the report as one JSON object."""
        figures = [{**asdict(figure), "met": figure.met} for figure in self.figures]
        return json.dumps({"title": self.title, "setting": self.setting, "figures": figures})

    def print(self, console: Console) -> None:
        """Print the report as a table."""
        table = Table(title=self.title, caption=self.setting, title_justify="left")
        table.add_column("figure")
        table.add_column("value", justify="right")
        table.add_column("target", justify="right")
        table.add_column("")
        for figure in self.figures:
            met = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}[figure.met]
            table.add_row(
                figure.name, f"{figure.value:,.3f} {figure.unit}".strip(), figure.target, met
            )
        console.print(table)
