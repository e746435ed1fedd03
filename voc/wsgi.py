"""What a WSGI server runs: `voc.wsgi:app`."""

from voc.app import create_app
from voc.core.config import load_settings

app = create_app(load_settings())
