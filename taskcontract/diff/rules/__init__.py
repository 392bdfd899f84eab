"""The rules, found by their files: `parameters/param_renamed.py` holds the rule `param-renamed`.

A new rule is a new file in the folder of the pair that it looks at, with a docstring for
`taskcontract explain`, a `RULE` and a `check(pair)`; nothing else has to know of it. The folders:

- `services`: a ServicePair. Queues and formats are the whole worker's: a change of them is one finding.
- `tasks`: a TaskPair, of which one side may be missing: what becomes of a version as a whole.
- `delivery`: a TaskPair with both sides whose options or errors differ.
- `signatures`, `parameters`: a SignaturePair, a ParameterPair.
- `remainder`: a SignaturePair with broken calls that none of those explained.
- `payloads`, `results`: a SchemaPair, one place in the schema of a parameter or a result. The fields of a
  declared error are read by those who read results: its places are in `results`.
- `canvas`: a TaskPair whose parameters or result differ.
"""
