# The same steps by PyTorch. It says its version, the kernel of the library that multiplies its matrices, and its rate. Then a line
# "kind batch rows classes threads steps numbers..." comes in, and a line of processor and wall time in microseconds a step goes out; or a line
# "csv features classes units epochs batch folder", one thread, and the same of a fit goes out with its share of right answers, or "none" without pandas.
import ctypes
import sys
import time

import torch
from torch import nn

torch.manual_seed(1)


class Lstm(nn.Module):
    def __init__(self, length, width, units, classes):
        super().__init__()
        self.shape = (-1, length, width)
        self.cells = nn.LSTM(width, units, batch_first=True)
        self.output = nn.Linear(units, classes)

    def forward(self, x):
        return self.output(self.cells(x.view(self.shape))[0][:, -1])


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d(channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(channels)

    def forward(self, x):
        y = nn.functional.relu(self.first_norm(self.first(x)))
        return nn.functional.relu(self.second_norm(self.second(y)) + x)


def dense(classes, inputs, units, depth):
    layers = []
    for layer in range(depth):
        layers += [nn.Linear(inputs if layer == 0 else units, units), nn.ReLU()]
    return inputs, nn.Sequential(*layers, nn.Linear(units, classes))


def table(classes, inputs, units, depth):
    layers = []
    for layer in range(depth):
        layers += [nn.Linear(inputs if layer == 0 else units, units, bias=False), nn.BatchNorm1d(units), nn.ReLU(), nn.Dropout(0.1)]
    return inputs, nn.Sequential(*layers, nn.Linear(units, classes))


def lstm(classes, length, width, units):
    return length * width, Lstm(length, width, units, classes)


def residual(classes, side, channels, blocks):
    stem = [nn.Unflatten(1, (1, side, side)), nn.Conv2d(1, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU()]
    output = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)]
    return side * side, nn.Sequential(*stem, *(Block(channels) for _ in range(blocks)), *output)


def blas():
    """The OpenBLAS that PyTorch has loaded, if any."""
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "blas" in line}
    libraries = [ctypes.CDLL(path) for path in sorted(paths)]
    return next((library for library in libraries if hasattr(library, "openblas_get_corename")), None)


def kernel(library):
    if library is None:
        return "without OpenBLAS"
    library.openblas_get_corename.restype = ctypes.c_char_p
    return "OpenBLAS's kernel " + library.openblas_get_corename().decode()


def set_threads(count):
    torch.set_num_threads(count)
    if library is not None:
        library.openblas_set_num_threads(count)


def rate(size=256, products=40):
    """Multiply-adds a microsecond of processor time, the best of many."""
    a, b, c, best = torch.randn(size, size), torch.randn(size, size), torch.empty(size, size), 0
    for _ in range(20):
        start = time.process_time()
        for _ in range(products):
            torch.mm(a, b, out=c)
        best = max(best, products * size ** 3 / (time.process_time() - start) / 1e6)
    return best


library = blas()
set_threads(1)
print(f"{torch.__version__} with {kernel(library)}", rate(), sep="\t", flush=True)
networks = {}
for line in sys.stdin:
    if line.startswith("csv "):
        try:
            from fromcsv import fit
        except ImportError:
            print("none", flush=True)
            continue
        *numbers, folder = line.rstrip("\n").split(" ", 6)[1:]
        set_threads(1)
        cpu, wall = time.process_time(), time.perf_counter()
        right = fit(*(int(number) for number in numbers), folder)
        print((time.process_time() - cpu) * 1e6, (time.perf_counter() - wall) * 1e6, right, flush=True)
        continue
    kind, batch, rows, classes, threads, steps, *numbers = line.split()
    batch, rows, classes, threads, steps = (int(number) for number in (batch, rows, classes, threads, steps))
    set_threads(threads)
    if line not in networks:
        inputs, module = globals()[kind](classes, *(int(number) for number in numbers))
        networks[line] = (module, torch.optim.Adam(module.parameters(), 1e-3), torch.randn(rows, inputs), torch.randint(0, classes, (rows,)))
    module, optimizer, features, labels = networks[line]

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
