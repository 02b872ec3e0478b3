"""Stands in for setuptools while pip downloads a source archive; see ../mesonpy.py."""
