# From a table in a file to a model and what it says of other rows, as one writes it with pandas and PyTorch.
import os

import pandas
import torch
from torch import nn


def fit(features, classes, units, epochs, batch, folder):
    """The share of right answers."""
    rows, others = (pandas.read_csv(os.path.join(folder, name)) for name in ("train.csv", "test.csv"))
    columns = [f"x{i}" for i in range(features)]
    mean, deviation = rows[columns].mean(), rows[columns].std(ddof=0)
    codes = {name: code for code, name in enumerate(rows["label"].unique())}

    def tensors(table):
        x = ((table[columns] - mean) / deviation).to_numpy(dtype="float32")
        return torch.from_numpy(x), torch.tensor(table["label"].map(codes).to_numpy())

    (x, y), (other_x, other_y) = tensors(rows), tensors(others)
    module = nn.Sequential(nn.Linear(features, units), nn.ReLU(), nn.Linear(units, units), nn.ReLU(), nn.Linear(units, classes))
    optimizer = torch.optim.Adam(module.parameters(), 1e-3)
    for _ in range(epochs):
        order = torch.randperm(len(y))
        for start in range(0, len(y), batch):
            chosen = order[start:start + batch]
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(module(x[chosen]), y[chosen])
            loss.backward()
            nn.utils.clip_grad_norm_(module.parameters(), 1)
            optimizer.step()
    with torch.no_grad():
        return (module(other_x).argmax(1) == other_y).float().mean().item()
