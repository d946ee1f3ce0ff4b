from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from index.catalog import schema
from index.errors import IndexDamagedError, StorageError
from index.trouble import folder_trouble


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("(code: 13) database or disk is full", "Free some space"),
        ("IoError(Os { code: 28, message: No space left on device })", "Free some space"),
        ("attempt to write a readonly database", "permissions"),
        ("IoError(PermissionDenied, Permission denied)", "permissions"),
    ],
)
def test_a_full_or_forbidden_folder_is_not_called_damaged(
    cause: str, said: str, tmp_path: Path
) -> None:
    error = folder_trouble("The vectors", tmp_path, ValueError(cause))
    assert type(error) is StorageError
    assert said in error.message
    assert str(tmp_path) in error.message


def test_anything_else_is_damage_with_the_command_that_mends_it(tmp_path: Path) -> None:
    error = folder_trouble("The vectors", tmp_path / "not" / "there", ValueError("magic number"))
    assert type(error) is IndexDamagedError
    assert "footnote doctor --repair" in error.message


def test_tables_can_be_made_in_postgresql() -> None:
    dialect = postgresql.dialect()
    for table in schema.metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))
        for index in table.indexes:
            assert "CREATE INDEX" in str(CreateIndex(index).compile(dialect=dialect))
