# The same steps by PyTorch. A line "inputs units depth batch rows classes dropout threads steps" comes in, dropout below 0 for none and no
# normalization; a line of processor and wall time in microseconds a step goes out.
import sys
import time

import torch
from torch import nn

torch.manual_seed(1)
print(torch.__version__, flush=True)
networks = {}
for line in sys.stdin:
    inputs, units, depth, batch, rows, classes, dropout, threads, steps = (float(number) for number in line.split())
    inputs, units, depth, batch, rows, classes, threads, steps = (int(number) for number in (inputs, units, depth, batch, rows, classes, threads, steps))
    torch.set_num_threads(threads)
    key = (inputs, units, depth, batch, dropout)
    if key not in networks:
        layers = []
        for layer in range(depth):
            layers.append(nn.Linear(inputs if layer == 0 else units, units, bias=dropout < 0))
            if dropout >= 0:
                layers.append(nn.BatchNorm1d(units))
            layers.append(nn.ReLU())
            if dropout >= 0:
                layers.append(nn.Dropout(dropout))
        module = nn.Sequential(*layers, nn.Linear(units, classes))
        networks[key] = (module, torch.optim.Adam(module.parameters(), 1e-3), torch.randn(rows, inputs), torch.randint(0, classes, (rows,)))
    module, optimizer, features, labels = networks[key]

    def run(count):
        done = 0
        while done < count:
            order = torch.randperm(rows)
            for start in range(0, rows - batch + 1, batch):
                if done == count:
                    break
                chosen = order[start:start + batch]
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(module(features[chosen]), labels[chosen])
                loss.backward()
                nn.utils.clip_grad_norm_(module.parameters(), 1)
                optimizer.step()
                loss.item()
                done += 1

    run(2)
    cpu, wall = time.process_time(), time.perf_counter()
    run(steps)
    print((time.process_time() - cpu) / steps * 1e6, (time.perf_counter() - wall) / steps * 1e6, flush=True)
