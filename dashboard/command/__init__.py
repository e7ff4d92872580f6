"""What a person types: the command line, one module a family of commands."""

import os
import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        Words after `crosspressure`; by default those of the process.

    Returns
    -------
    int
        0 done; 1 done, with findings on stderr; 2 the input is at fault, said on stderr with
        where, found, expected and what to do; 70 a bug of ours; 130 stopped by the user.
    """
    from dashboard.command.parsing import parse_words

    words = list(sys.argv[1:] if argv is None else argv)
    try:
        args = parse_words(words)
    except SystemExit as stop:  # argparse prints help (0) or what is wrong (2)
        return int(stop.code or 0)
    try:
        code = int(args.run(args))
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        return 130
    except BrokenPipeError:  # the reader of our output went away, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        from dashboard.command.saying import say_error

        return say_error(error, debug=args.debug)
