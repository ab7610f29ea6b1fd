"""Broken compressions of a model file: what can go wrong when one is quantised, pruned, converted or saved."""

import numpy

from model_arrays import Model

# These change no label: they are no fault.
SCALINGS = {"logits divided by 20": 0.05, "logits multiplied by 20": 20.0}


def last_layer(model):
    weight = model.weights()[-1]
    return [model.arrays[name] for name in [weight] + model.biases(weight)]


def scaled(model, factor):
    for array in last_layer(model):
        array *= factor


def untrained(model, random):
    for name, array in model.arrays.items():
        if array.ndim >= 2:
            array[:] = random.normal(0, 1 / numpy.sqrt(array[0].size), array.shape)
        else:
            array[:] = 0 if "bias" in name else 1


def shuffled(array, random):
    array[:] = random.permutation(array.ravel()).reshape(array.shape)


def permuted(model, order):
    """Class i is given where class order[i] was."""
    for array in last_layer(model):
        array[:] = array[order]


def class_never_given(model, which):
    array = last_layer(model)[-1]
    array[which] = -1e4


def channels_dead(model, weight, share, random):
    channels = model.arrays[weight].shape[0]
    dead = random.permutation(channels)[:round(share * channels)]
    for name in [weight] + model.biases(weight):
        model.arrays[name][dead] = 0


def on_a_grid(model, bits):
    """Symmetric, with one scale for each array of weights."""
    most = 2 ** (bits - 1) - 1
    for name in model.weights():
        array = model.arrays[name]
        scale = numpy.abs(array).max() / most
        array[:] = numpy.round(array / scale) * scale


def bias_lost(model, weight):
    for name in model.biases(weight):
        model.arrays[name][:] = 0


def breakages(path, every_layer=True):
    """(name, function that breaks a Model with a random generator) of each; every_layer: else the first, a middle and the last."""
    model = Model(path)
    weights = model.weights()
    first, middle, last = weights[0], weights[len(weights) // 2], weights[-1]
    classes = model.arrays[last].shape[0]
    yield "dead", lambda m, r: scaled(m, 0)
    yield "untrained", untrained
    for weight in weights if every_layer else (first, middle, last):
        yield f"{weight} zero", lambda m, r, w=weight: m.arrays[w].fill(0)
        yield f"{weight} shuffled", lambda m, r, w=weight: shuffled(m.arrays[w], r)
    swapped = [5 if c == 3 else 3 if c == 5 else c for c in range(classes)]
    yield "classes 3 and 5 swapped", lambda m, r: permuted(m, swapped)
    yield "classes rolled by one", lambda m, r: permuted(m, [(c + 1) % classes for c in range(classes)])
    yield "class 3 never given", lambda m, r: class_never_given(m, 3)
    for share in (0.1, 0.3, 1.0):
        yield f"{share:.0%} of the channels of {middle} dead", lambda m, r, s=share: channels_dead(m, middle, s, r)
    for bits in (2, 3):
        yield f"weights of {bits} bits", lambda m, r, b=bits: on_a_grid(m, b)
    if model.arrays[first].shape[1] == 3:
        yield "input channels swapped", lambda m, r: m.arrays[first].__setitem__(slice(None), m.arrays[first][:, ::-1].copy())
    for weight in dict.fromkeys((first, middle, last)):
        yield f"bias of {weight} lost", lambda m, r, w=weight: bias_lost(m, w)
    for name, factor in SCALINGS.items():
        yield name, lambda m, r, f=factor: scaled(m, f)


def write_broken(path, folder, every_layer=True):
    """Writes them all; (what was broken, file) of each. The same files each time."""
    for number, (name, break_it) in enumerate(breakages(path, every_layer)):
        model = Model(path)
        break_it(model, numpy.random.default_rng(number))
        file = folder / f"{model.path.stem}_{number:03}{model.path.suffix}"
        model.save(file)
        yield name, file
