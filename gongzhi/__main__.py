"""`python -m gongzhi`."""

import sys

from .cli import main

sys.exit(main())
