"""One target under atheris: ``python harness.py TARGET [options of libFuzzer] [folders of inputs]``."""

import logging
import sys

import atheris

with atheris.instrument_imports(include=["index", "assistant"]):
    from targets import TARGETS

if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
