const VERSION = {{ version|tojson }}, FILES = {{ files|tojson }}, SHELLS = {{ shells|tojson }};
importScripts({% for script in scripts %}{{ script|tojson }}{{ ", " if not loop.last }}{% endfor %});
