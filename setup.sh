#!/bin/sh
# Makes .venv as uv.lock says. Called by make, which sets UV_VERSION; arguments go to `uv sync`.
set -eu
unset VIRTUAL_ENV PYTHONPATH PYTHONHOME
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
# Compiled at once: the service may not write here, and would compile at each start.
export UV_COMPILE_BYTECODE=1
# An organisation's own certificates count, as they do for pip.
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"
fi

give_up() {
    printf '%s\n' "$@" >&2
    exit 1
}

fit_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        found=$("$name" -c 'import sys; print(sys.executable if sys.version_info >= (3, 11) else "")' \
            2>/dev/null) || continue
        [ -z "$found" ] || { echo "$found"; return; }
    done
}

fit_uv() {
    case "$("$1" --version 2>/dev/null)" in "uv ${UV_VERSION%.*}."*) ;; *) return 1 ;; esac
}

python_has_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

# Debian ships Python without venv and pip: root may add them, as the person would by hand.
add_venv() {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then return 1; fi
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    echo "Installing $package with apt-get"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$package" >/dev/null
}

get_uv() {
    echo "Getting uv $UV_VERSION into .tools/"
    rm -rf .tools
    if python_has_venv; then
        "$python" -m venv .tools
        .tools/bin/python -m pip install --quiet "uv==$UV_VERSION"
    elif "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m pip install --quiet --target .tools "uv==$UV_VERSION"
    elif add_venv && python_has_venv; then
        get_uv
    else
        give_up "This Python has neither venv nor pip: $python" \
            "On Debian and Ubuntu: apt install python3-venv. Or install uv $UV_VERSION."
    fi
}

python=$(fit_python)
[ -n "$python" ] || give_up "Python 3.11 or newer is needed, and none was found on PATH."

uv=uv
fit_uv "$uv" || uv=.tools/bin/uv
fit_uv "$uv" || get_uv

# An environment that was moved, or whose Python is gone, is made anew.
here=$(pwd -P)
if ! .venv/bin/python -c '' 2>/dev/null || [ "$(cat .venv/made-in 2>/dev/null || pwd -P)" != "$here" ]; then
    rm -rf .venv
fi
"$uv" sync --quiet --frozen --python "$python" "$@"
echo "$here" >.venv/made-in
