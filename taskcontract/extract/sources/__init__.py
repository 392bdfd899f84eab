"""Where a project's source can lie: a folder, a commit, a working tree, a wheel or sdist, a package index.

Nothing here runs code of the project.
"""
