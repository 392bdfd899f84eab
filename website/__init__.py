"""Assembles the documentation site: the files of docs/, and pages made from what they describe.

What comes out is a folder of plain Markdown with a configuration that MkDocs builds. Nothing here imports
MkDocs, so that another builder of the same files can take its place; none of it is installed with
taskcontract.
"""
