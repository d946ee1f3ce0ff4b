"""The reader's network: one MiniLM encoder with three heads.

``span`` gives a start and an end score for each token, ``answers`` whether the text answers the
question, ``entails`` whether a text supports, contradicts or does not decide a claim.
"""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import BertConfig, BertModel

_FROZEN = "encoder.embeddings.word_embeddings.weight"


def keep(net: "Reader", file: Path) -> None:
    """Write what was trained, in half precision; the word embeddings stay as published."""
    state = {
        name: value.half().contiguous()
        for name, value in net.state_dict().items()
        if name != _FROZEN and value.is_floating_point()
    }
    save_file(state, file)


def resume(net: "Reader", file: Path) -> None:
    """Go on from weights that ``keep`` or a stage of training wrote.

    Raises:
        ValueError: the file has weights of another network.
    """
    if file.suffix != ".safetensors":
        net.load_state_dict(torch.load(file))
        return
    kept = {name: value.float() for name, value in load_file(file).items()}
    result = net.load_state_dict(kept, strict=False)
    if result.unexpected_keys or set(result.missing_keys) - {_FROZEN}:
        raise ValueError(f"{file} has weights of another network")


class Reader(nn.Module):
    """Scores (question or claim, text) pairs.

    Args:
        folder: holds ``config.json`` of all-MiniLM-L6-v2 and, with ``pretrained``, its weights.
        pretrained: whether the encoder begins with the published weights.
    """

    def __init__(self, folder: Path, *, pretrained: bool = True) -> None:
        super().__init__()
        if pretrained:
            self.encoder = BertModel.from_pretrained(
                folder,
                add_pooling_layer=False,
                attn_implementation="sdpa",
                hidden_dropout_prob=0.05,
                attention_probs_dropout_prob=0.0,  # with it, attention takes the slow path
            )
        else:
            config = BertConfig.from_pretrained(folder)
            self.encoder = BertModel(config, add_pooling_layer=False)
        size = self.encoder.config.hidden_size
        self.span = nn.Linear(size, 2)
        self.answers = nn.Linear(size, 1)
        self.entails = nn.Linear(size, 3)

    def forward(
        self, input_ids: torch.Tensor, token_type_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return span scores (batch, tokens, 2), answers (batch,) and entails (batch, 3)."""
        states = self.encoder(
            input_ids=input_ids, token_type_ids=token_type_ids, attention_mask=attention_mask
        ).last_hidden_state
        first = states[:, 0]
        return self.span(states), self.answers(first).squeeze(-1), self.entails(first)
