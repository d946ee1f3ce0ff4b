"""Train the reader, for a given number of minutes.

    python -m training.train first  --pool POOL --weights FOLDER --articles HALF.jsonl --out A.pt
    python -m training.train second --pool POOL --weights FOLDER --articles HALF.jsonl --out B.pt \
        --start A.pt [--leave-out 0|1]

``first`` trains without the articles that are measured on. ``second`` goes on from ``--start`` with
those articles too: all of them, or without every second one, to measure on what was left out.
"""

import argparse
import json
import logging
import os
import random
import time
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from training.examples import Encoder, Example, batches
from training.network import Reader, resume
from training.pool import HeldOut, Row, read
from training.recipe import MEASURED, Recipe

LOG = logging.getLogger("training")
_WARM_UP = 0.05  # of the time the rate rises
_AVERAGED = 0.999  # what the running average keeps of itself at each step


def collate(batch: list[Example]) -> dict[str, torch.Tensor]:
    """Pad a batch and turn its targets into masks of the tokens that are right."""
    longest = max(len(example.ids) for example in batch)

    def padded(values: list[int]) -> list[int]:
        return values + [0] * (longest - len(values))

    places = torch.arange(longest)[None]
    starts = torch.tensor([example.starts for example in batch])
    ends = torch.tensor([example.ends for example in batch])
    return {
        "ids": torch.tensor([padded(example.ids) for example in batch]),
        "types": torch.tensor([padded(example.types) for example in batch]),
        "mask": torch.tensor([padded([1] * len(example.ids)) for example in batch]),
        "labels": torch.tensor([example.label for example in batch]),
        "starts": (places >= starts[:, :1]) & (places <= starts[:, 1:]),
        "ends": (places >= ends[:, :1]) & (places <= ends[:, 1:]),
    }


def loss_of(net: Reader, batch: list[Example]) -> torch.Tensor:
    """Return the mean loss of a batch of one task."""
    task = batch[0].task
    tensors = collate(batch)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        span, answers, entails = net(tensors["ids"], tensors["types"], tensors["mask"])
    span, answers, entails = span.float(), answers.float(), entails.float()
    labels = tensors["labels"]
    if task == "check":
        chances = functional.log_softmax(entails, -1)
        unsupported = torch.logsumexp(chances[:, 1:], -1)
        known = chances.gather(1, labels.clamp(max=2)[:, None]).squeeze(1)
        return -torch.where(labels == 3, unsupported, known).mean()
    loss = functional.binary_cross_entropy_with_logits(answers, labels.float())
    if task == "read":
        outside = (tensors["mask"] == 0) | (tensors["types"] == 0)
        outside[:, 0] = False
        scores = functional.log_softmax(span.masked_fill(outside[..., None], -1e4), dim=1)
        for side, right in enumerate((tensors["starts"], tensors["ends"])):
            lost = -torch.logsumexp(scores[..., side].masked_fill(~right, -1e4), dim=1)
            loss = loss + 0.5 * lost.mean()
    return loss


def train(net: Reader, examples: list[Example], minutes: float, peak: float, out: Path) -> None:
    """Train for some minutes and write the running average of the weights."""
    for parameter in net.encoder.embeddings.word_embeddings.parameters():
        parameter.requires_grad = False
    trained = [p for p in net.parameters() if p.requires_grad]
    groups: list[dict[str, Any]] = [
        {"params": [p for p in trained if p.ndim > 1], "weight_decay": 0.01},
        {"params": [p for p in trained if p.ndim <= 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=peak)
    average = [p.detach().clone() for p in trained]
    net.train()
    stream: list[list[Example]] = []
    means: dict[str, float] = {}
    begin = reported = time.monotonic()
    steps = tokens = passes = 0
    while (share := (time.monotonic() - begin) / (60 * minutes)) < 1:
        if not stream:
            stream = [b for task in ("read", "rank", "check")
                      for b in batches([e for e in examples if e.task == task], 3600)]  # fmt: skip
            random.shuffle(stream)
            passes += 1
            LOG.info("pass %d: %d batches", passes, len(stream))
        rate = peak * min(1.0, share / _WARM_UP) * (1 - share)
        for group in optimizer.param_groups:
            group["lr"] = rate
        batch = stream.pop()
        loss = loss_of(net, batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        steps += 1
        tokens += sum(len(example.ids) for example in batch)
        keep = min(_AVERAGED, steps / (steps + 10))
        with torch.no_grad():
            torch._foreach_lerp_(average, trained, 1 - keep)
        task = batch[0].task
        means[task] = 0.98 * means.get(task, loss.item()) + 0.02 * loss.item()
        if (now := time.monotonic()) - reported > 60:
            reported = now
            LOG.info(
                "%.1f min, step %d, %d left in pass %d, %.0f tokens/s, %s",
                (now - begin) / 60, steps, len(stream), passes, tokens / (now - begin),
                " ".join(f"{name} {mean:.3f}" for name, mean in sorted(means.items())),
            )  # fmt: skip
            if steps % 2:
                save(net, trained, average, out)
    save(net, trained, average, out)
    LOG.info("done: %d steps, %d tokens", steps, tokens)


def save(net: Reader, trained: list[nn.Parameter], average: list[torch.Tensor], out: Path) -> None:
    """Write the averaged weights; a kill leaves the old file or the new one."""
    current = [p.detach().clone() for p in trained]
    with torch.no_grad():
        for parameter, mean in zip(trained, average, strict=True):
            parameter.copy_(mean)
        torch.save(net.state_dict(), f"{out}.part")
        os.replace(f"{out}.part", out)
        for parameter, value in zip(trained, current, strict=True):
            parameter.copy_(value)


def measured_rows(pool: Path, articles: list[Row], leave_out: int | None) -> list[Row]:
    """Return the pool's questions over the articles, without those of the titles left out."""
    titles = sorted({article["title"] for article in articles})
    out = HeldOut(
        a for a in articles if leave_out is not None and titles.index(a["title"]) % 2 == leave_out
    )
    return [row for row in read(pool, "qa", MEASURED) if row not in out]


def main() -> None:
    """Run one stage."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("stage", choices=("first", "second"))
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True, help="the unpacked all-MiniLM-L6-v2")
    parser.add_argument("--articles", type=Path, required=True, help="what is measured on")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--leave-out", type=int, choices=(0, 1))
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    articles = [json.loads(line) for line in args.articles.read_text("utf-8").splitlines()]
    tokenizer = Tokenizer.from_file(str(args.weights / "tokenizer.json"))
    recipe = Recipe(args.pool, Encoder(tokenizer), HeldOut(articles))
    if args.stage == "first":
        examples = recipe.first()
    else:
        examples = recipe.second(measured_rows(args.pool, articles, args.leave_out))
    for task in ("read", "rank", "check"):
        mine = [e for e in examples if e.task == task]
        size = sum(len(e.ids) for e in mine)
        positive = sum(e.label == 1 for e in mine)
        LOG.info(
            "%s: %d examples, %d of label 1, %.2f M tokens", task, len(mine), positive, size / 1e6
        )
    net = Reader(args.weights)
    if args.start is not None:
        resume(net, args.start)
    train(net, examples, args.minutes, args.rate, args.out)


if __name__ == "__main__":
    main()
