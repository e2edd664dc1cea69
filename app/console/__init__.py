"""The console: pages for people, served by the API's process. Whole without a script, and alive with ours alone.

Nothing comes from another host and nothing is built: a template, one style sheet, one script (docs/decisions/0036).
"""
