"""``python -m eval.cases``: write the JSON schema of a line anew, after its fields changed."""

import json

from eval.cases.loading import SHIPPED, schema

if __name__ == "__main__":
    text = json.dumps(schema(), indent=2, ensure_ascii=False)
    (SHIPPED / "schema.json").write_text(text + "\n", "utf-8")
