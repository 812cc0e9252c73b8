"""moto (PyPI), an emulator of AWS written by others, on loopback at the port it is given. Ends when its standard input does.

One call at a time: it has no row locks, so each of two concurrent transactions would see the other half done.
"""

import os
import sys
import threading

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
run_simple("127.0.0.1", int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=False)
