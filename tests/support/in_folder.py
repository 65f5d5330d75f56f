# SPDX-License-Identifier: Apache-2.0
"""Tests whose files lie in a folder of their own."""

import os
import tempfile
import unittest


class InFolder(unittest.TestCase):
    """Each test has an empty folder, which is removed after it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)
