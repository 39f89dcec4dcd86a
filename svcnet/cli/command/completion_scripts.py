"""What makes a shell ask svcnet how a line may go on.

Each script calls ``svcnet __complete WORD...``, the last word being the one under the cursor.  The
answer is a line for each candidate, a description behind a tab where there is one, and at the end
``:0`` if files may stand there too, else ``:4``.
"""

from __future__ import annotations

BASH = r"""# bash completion for svcnet, and for kubectl where that is an alias of it

__svcnet_complete() {
    local line="${COMP_LINE:0:COMP_POINT}" typed answer directive candidate
    local -a words=()
    COMPREPLY=()

    # The words as they were typed: bash itself also splits them at = and :
    read -r -a words <<<"$line"
    [[ "$line" == *[[:space:]] ]] && words+=("")
    typed="${words[${#words[@]} - 1]}"

    answer="$("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)" || return
    directive="${answer##*:}"
    while IFS= read -r candidate; do
        candidate="${candidate%%$'\t'*}"
        [[ -n "$candidate" && "$candidate" == "$typed"* ]] && COMPREPLY+=("$candidate")
    done <<<"${answer%:*}"

    # What stands before the last = or : is not part of what bash replaces.
    if [[ "$typed" == *[=:]* ]]; then
        local before="${typed%"${typed##*[=:]}"}"
        COMPREPLY=("${COMPREPLY[@]#"$before"}")
    fi
    if [[ "$directive" == 0 && ${#COMPREPLY[@]} -eq 0 ]]; then
        compopt -o default 2>/dev/null
    fi
    # `--namespace=` is to be followed by a value, `pod/` by a name.
    if [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" == *[=/] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

complete -F __svcnet_complete svcnet kubectl
"""

ZSH = r"""#compdef svcnet kubectl
# zsh completion for svcnet, and for kubectl where that is an alias of it

_svcnet() {
    local line answer directive
    local -a candidates

    answer="$(${words[1]} __complete "${(@)words[2,$CURRENT]}" 2>/dev/null)" || return
    directive="${answer##*:}"
    for line in "${(@f)${answer%:*}}"; do
        [[ -n "$line" ]] || continue
        line="${line//:/\\:}"
        candidates+=("${line/$'\t'/:}")
    done
    if (( ${#candidates} )); then
        _describe 'candidate' candidates
    elif [[ "$directive" == 0 ]]; then
        _files
    fi
}

# Sourced from a file of its own, this defines the function; found in $fpath, it is the function.
if [[ "$funcstack[1]" == _svcnet ]]; then
    _svcnet
else
    compdef _svcnet svcnet kubectl
fi
"""

FISH = r"""# fish completion for svcnet, and for kubectl where that is an alias of it

function __svcnet_candidates
    set -l words (commandline -opc) (commandline -ct)
    $words[1] __complete $words[2..-1] 2>/dev/null | string match --invert --regex '^:[0-9]+$'
end

for name in svcnet kubectl
    complete --command $name --arguments '(__svcnet_candidates)'
end
"""

POWERSHELL = r"""# powershell completion for svcnet, and for kubectl where that is an alias of it

Register-ArgumentCompleter -Native -CommandName svcnet, kubectl -ScriptBlock {
    param($typed, $line, $position)

    $words = @($line.CommandElements | ForEach-Object { "$_" })
    if (-not $typed) { $words += '""' }
    $program = $words[0]
    $rest = @($words | Select-Object -Skip 1)
    & $program __complete @rest 2>$null | Where-Object { $_ -notmatch '^:\d+$' } | ForEach-Object {
        $candidate, $about = $_ -split "`t", 2
        if ($candidate -like "$typed*") {
            if (-not $about) { $about = $candidate }
            [System.Management.Automation.CompletionResult]::new(
                $candidate, $candidate, 'ParameterValue', $about)
        }
    }
}
"""

SCRIPTS = {"bash": BASH, "fish": FISH, "powershell": POWERSHELL, "zsh": ZSH}
