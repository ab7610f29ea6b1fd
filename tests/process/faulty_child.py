"""A linear classifier of four classes over grey 8 x 8 images, served to dflare, that does something wrong.

    faulty_child.py FAULT [STATE] [--coarse] [--always]
        FAULT     a name below, or none
        STATE     a file, for faults that only a later child has
        --coarse  other weights
        --always  the fault of a batch happens in every batch; else where an image is marked: its first pixels are 77, 177, 7
"""
import os
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples", "serve_model"))
import dflare_serve  # noqa: E402

CLASSES, SIDE, MARK = 4, 8, [77, 177, 7]
coarse, always = ("--" + option in sys.argv for option in ("coarse", "always"))
fault, state = ([word for word in sys.argv[1:] if not word.startswith("--")] + [""])[:2]
hello = {"runtime": "Faulty 1.0", "element": "uint8", "height": SIDE, "width": SIDE, "channels": 1, "classes": CLASSES}


def write(text):
    os.write(dflare_serve.CONNECTION, text.encode())


def stop():
    time.sleep(1000)


def say_that_it_hangs():
    if state:
        open(state + ".hangs", "w").close()


def is_later_child():
    later = os.path.exists(state)
    open(state, "w").close()
    return later


def row_of(pixels):
    shift = 2 if coarse else 0
    return [sum((((7 * i + 13 * c) % 17) - 8 + shift * ((5 * i + 3 * c) % 7 - 3)) * p for i, p in enumerate(pixels)) / 2000 for c in range(CLASSES)]


def allocate():
    held = []
    while True:
        held.append(bytearray(os.urandom(1 << 20)) * 16)


def fail(rows, marked):
    """Does what is wrong with a batch that has marked images; returns its rows if it goes on."""
    if fault == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif fault == "crashes":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif fault == "exits":
        print("cannot go on")
        sys.stdout.flush()
        os._exit(3)
    elif fault == "hangs":
        say_that_it_hangs()
        stop()
    elif fault == "prints":
        os.write(1, b'{"scores": [1, 1]}\n' * 10000)
    elif fault == "few rows":
        return rows[:-1]
    elif fault == "other classes":
        return [row + [0.0] for row in rows]
    elif fault == "nan":
        return [[float("nan")] * CLASSES if bad else row for row, bad in zip(rows, marked)]
    elif fault == "unwritten":
        write('{"batch": 1, "scores": [%d, %d]}\n' % (len(rows), CLASSES))
        stop()
    elif fault == "garbage":
        write("scores: 1, 2, 3\n")
        stop()
    elif fault == "no answer":
        write('{"batch": 1, "socres": [1, 4]}\n')
        stop()
    elif fault == "endless":
        write("x" * 70000)
        stop()
    elif fault == "other batch":
        write('{"batch": 0, "scores": [%d, %d]}\n' % (len(rows), CLASSES))
        stop()
    elif fault == "twice":
        send = dflare_serve._send
        dflare_serve._send = lambda connection, answer: (send(connection, answer), send(connection, answer))
    elif fault == "closes":
        os.close(dflare_serve.CONNECTION)
        stop()
    elif fault == "memory":
        allocate()
    elif fault == "error":
        raise ValueError("the image is too dark")
    return rows


def predict(batch):
    rows, marked = [], []
    for image in batch.tolist():
        while isinstance(image[0], list):
            image = [value for part in image for value in part]
        pixels = [round(value) for value in image]
        marked.append(pixels[:len(MARK)] == MARK)
        rows.append(row_of(pixels))
    return fail(rows, marked) if always or any(marked) else rows


if fault == "closes":
    dflare_serve._end_with_dflare = lambda: None
elif fault == "deaf":
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)", state])
    say_that_it_hangs()
    stop()
elif fault == "colours":
    print("\x1b[31mno \x9b weights\x07", file=sys.stderr)
    sys.exit(4)
elif fault == "tries":
    file, port = state.split(":")

    def set_kernel():
        with open("/proc/sys/vm/swappiness", "r+") as setting:
            setting.write(setting.read())

    done = []
    attempts = {"file": lambda: open(file, "w").close(), "network": lambda: socket.create_connection(("127.0.0.1", int(port))).close(),
                "kernel": set_kernel}
    for name, attempt in attempts.items():
        try:
            attempt()
            done.append(name)
        except OSError:
            pass
    hello["runtime"] = "did: " + ", ".join(done)
elif fault == "exits at start":
    print("no such weights", file=sys.stderr)
    sys.exit(4)
elif fault == "hangs at start":
    stop()
elif fault == "memory at start":
    allocate()
elif fault == "garbage at start":
    write("ready!\n")
    stop()
elif fault == "no object at start":
    write("[1, 2]\n")
    stop()
elif fault == "error at start":
    write('{"error": "the weights are of another network"}\n')
    stop()
elif fault == "hello":
    write(state + "\n")
    stop()
elif fault == "starts once" and is_later_child():
    sys.exit("once is enough")
elif fault == "changes" and is_later_child():
    hello["runtime"] = "Faulty 1.1"
elif fault == "float":
    hello.update(element="float32", layout="nchw")
elif fault == "quantised":
    hello.update(scale=1 / 255, zero_point=0)
elif fault == "silent":
    hello = {"runtime": "Faulty 1.0", "element": "uint8"}
elif fault == "two at once":
    hello["most_images"] = 2
dflare_serve.serve(predict, **hello)
