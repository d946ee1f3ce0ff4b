"""Write trained weights as the reader that the service loads: ONNX in int8, with its checksum.

    python -m training.export --weights FOLDER --trained A.pt [B.pt ...] --out DIR

Several trained files are averaged first. The export is compared with the network before and after
quantisation, so that a broken one is seen here and not in answers.
"""

import argparse
import hashlib
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import nn

from training.network import Reader, keep

_NAMES = ("input_ids", "token_type_ids", "attention_mask")
_PAIRS = (
    ("When does the bridge open?", "The Vesper Bridge opens on 4 May 2031. It cost 12 million."),
    ("Who built the mill?", "The mill stands by the river. It was built by Tomas Greer in 1840."),
)


class _Wrapper(nn.Module):
    """The forward pass with plain tensors in and out, as the exporter traces it."""

    def __init__(self, net: Reader) -> None:
        super().__init__()
        self.net = net

    def forward(
        self, input_ids: torch.Tensor, token_type_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        return self.net(input_ids, token_type_ids, attention_mask)  # type: ignore[no-any-return]


def averaged(files: list[Path]) -> dict[str, torch.Tensor]:
    """Return the mean of the weights in several files."""
    states = [torch.load(file) for file in files]
    return {
        name: torch.stack([state[name].float() for state in states]).mean(0).to(first.dtype)
        for name, first in states[0].items()
    }


def export(net: Reader, out: Path) -> None:
    """Write ``reader.onnx`` in int8 and ``SHA256SUMS``."""
    out.mkdir(parents=True, exist_ok=True)
    ids = torch.ones((2, 12), dtype=torch.long)
    axes = {name: {0: "batch", 1: "tokens"} for name in (*_NAMES, "span")}
    axes |= {"answers": {0: "batch"}, "entails": {0: "batch"}}
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            _Wrapper(net).eval(), (ids, torch.zeros_like(ids), torch.ones_like(ids)), str(full),
            input_names=list(_NAMES), output_names=["span", "answers", "entails"],
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(
            full, out / "reader.onnx", weight_type=QuantType.QInt8, per_channel=True,
            extra_options={"EnableSubgraph": False},
        )  # fmt: skip
        compare(net, full, out / "reader.onnx")
    digest = hashlib.sha256((out / "reader.onnx").read_bytes()).hexdigest()
    (out / "SHA256SUMS").write_text(f"{digest}  reader.onnx\n", "utf-8")


def compare(net: Reader, full: Path, small: Path) -> None:
    """Print how far the exported files are from the network.

    Raises:
        ValueError: the float export differs by more than rounding.
    """
    tokenizer = Tokenizer.from_file(str(Path("index/embedding/minilm/tokenizer.json")))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    net.eval()
    for question, text in _PAIRS:
        pair = tokenizer.encode(question, text)
        feed = {
            "input_ids": np.array([pair.ids]),
            "token_type_ids": np.array([pair.type_ids]),
            "attention_mask": np.ones((1, len(pair.ids)), dtype=np.int64),
        }
        with torch.no_grad():
            want = net(*(torch.from_numpy(feed[name]) for name in _NAMES))[0].numpy()
        for file, most in ((full, 1e-3), (small, None)):
            got = onnxruntime.InferenceSession(str(file)).run(None, feed)[0]
            apart = float(np.abs(got - want).max())
            print(f"{file.name}: largest difference of a span score {apart:.2g}")
            if most is not None and apart > most:
                raise ValueError(f"the export differs from the network by {apart:.2g}")


def main() -> None:
    """Export."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--weights", type=Path, required=True, help="the unpacked all-MiniLM-L6-v2")
    parser.add_argument("--trained", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--keep", type=Path, help="also write weights to go on training from")
    args = parser.parse_args()
    net = Reader(args.weights, pretrained=False)
    net.load_state_dict(averaged(args.trained))
    export(net, args.out)
    if args.keep is not None:
        keep(net, args.keep)


if __name__ == "__main__":
    main()
