"""What makes a shell ask svcnet how a line may go on.

Each script calls ``svcnet __complete WORD...``, the last word being the one under the cursor.  The
answer is a line for each candidate, a description behind a tab where there is one, and at the end
``:`` with cobra's directive (`svcnet.cli.command.complete`).  Of ``--flag=value`` the candidates
are values, as cobra has it: how much of a word is replaced is the shell's business.

Source: spf13/cobra bash_completionsV2.go, zsh_completions.go, fish_completions.go.
"""

from __future__ import annotations

BASH = r"""# bash completion for svcnet, and for a kubectl that is svcnet
#
# For an alias: alias k=svcnet; complete -F __start_svcnet k

__start_svcnet() {
    local line="${COMP_LINE:0:COMP_POINT}" typed value answer directive candidate about
    local -a words=() found=() abouts=() files=()
    COMPREPLY=()

    # The words as they were typed: bash itself also splits them at = and :
    read -r -a words <<<"$line"
    [[ "$line" == *[[:space:]] ]] && words+=("")
    typed="${words[${#words[@]} - 1]}"
    # Of --flag=value, what is offered is the value.
    value="$typed"
    [[ "$typed" == -*=* ]] && value="${typed#*=}"

    # By `eval`, as the first word may be an alias; the others must not be run.
    answer="$(eval "${words[0]} __complete"' "${words[@]:1}"' 2>/dev/null)" || return
    directive="${answer##*:}"
    while IFS=$'\t' read -r candidate about; do
        [[ -n "$candidate" ]] || continue
        if ((directive & 8)); then
            files+=("$candidate")
        elif [[ "$candidate" == "$value"* ]]; then
            found+=("$candidate")
            abouts+=("$about")
        fi
    done <<<"${answer%:*}"

    if ((directive & 8)); then
        __svcnet_files "$value" "${files[@]}"
        return
    fi
    if ((${#found[@]} == 0)); then
        # Nothing is offered, or else what bash itself would: files.
        if ((directive & 4)); then
            compopt +o default 2>/dev/null
        else
            compopt -o default 2>/dev/null
        fi
        return
    fi
    # What stands before the last = or : is not part of what bash replaces.
    local before=""
    [[ "$value" == *[=:]* ]] && before="${value%"${value##*[=:]}"}"
    COMPREPLY=("${found[@]#"$before"}")
    if ((${#found[@]} == 1)); then
        # `pod/` is to be followed by a name.
        if ((directive & 2)) || [[ "${found[0]}" == *[=/] ]]; then
            compopt -o nospace 2>/dev/null
        fi
    else
        __svcnet_describe
    fi
}

# Offers files that end in one of the words, and folders.
__svcnet_files() {
    local path
    compopt -o filenames 2>/dev/null
    while IFS= read -r path; do
        local ending
        for ending in "${@:2}"; do
            [[ -d "$path" || "$path" == *."$ending" ]] && COMPREPLY+=("$path") && break
        done
    done < <(compgen -f -- "$1")
    ((${#COMPREPLY[@]})) || compopt +o default 2>/dev/null
}

# Shows what each candidate is for where bash is about to list them all (twice the tab, or M-?).
__svcnet_describe() {
    [[ "$COMP_TYPE" == 63 || "$COMP_TYPE" == 64 ]] || return
    local index longest=0 width="${COLUMNS:-80}" text
    for text in "${COMPREPLY[@]}"; do
        ((${#text} > longest)) && longest=${#text}
    done
    for index in "${!COMPREPLY[@]}"; do
        [[ -n "${abouts[index]}" ]] || continue
        printf -v text "%-${longest}s  (%s)" "${COMPREPLY[index]}" "${abouts[index]}"
        COMPREPLY[index]="${text:0:width - 2}"
    done
}

__start_kubectl() {
    __start_svcnet
}

complete -o default -F __start_svcnet svcnet kubectl
"""

ZSH = r"""#compdef svcnet kubectl
# zsh completion for svcnet, and for a kubectl that is svcnet

_svcnet() {
    local line answer directive typed="${words[CURRENT]}" flag=""
    local -a candidates endings

    # By `eval`, as the first word may be an alias; the others must not be run.
    answer="$(eval "${words[1]} __complete"' "${(@Q)words[2,CURRENT]}"' 2>/dev/null)" || return
    directive="${answer##*:}"
    # Of --flag=value, what is offered is the value.
    [[ "$typed" == -*=* ]] && flag="${typed%%=*}="
    for line in "${(@f)${answer%:*}}"; do
        [[ -n "$line" ]] || continue
        endings+=("${line%%$'\t'*}")
        line="${line//:/\\:}"
        candidates+=("${line/$'\t'/:}")
    done
    [[ -n "$flag" ]] && compset -P '-*='
    if (( directive & 8 )); then
        _files -g "*.(${(j:|:)endings})(-.)"
    elif (( ${#candidates} )); then
        if (( directive & 2 )); then
            _describe 'candidate' candidates -S ''
        else
            _describe 'candidate' candidates
        fi
    elif (( ! (directive & 4) )); then
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

FISH = r"""# fish completion for svcnet, and for a kubectl that is svcnet

function __svcnet_candidates
    set -l typed (commandline -ct)
    set -l words (commandline -opc)
    set -l answer (eval $words[1] __complete (string escape -- $words[2..-1] "$typed") 2>/dev/null)
    or return
    set -l directive (string replace ':' '' -- $answer[-1])
    set -e answer[-1]

    # Of --flag=value, what is offered is the value; fish replaces the whole word.
    set -l flag ''
    set -l value $typed
    if string match -q -r '^-.*=' -- $typed
        set flag (string replace -r '=.*' '=' -- $typed)
        set value (string replace -r '^[^=]*=' '' -- $typed)
    end
    if test (math "bitand($directive, 8)") -ne 0
        for path in (__fish_complete_path $value)
            set -l name (string split -f 1 \t -- $path)
            if string match -q '*/' -- $name
                printf '%s%s\n' $flag $name
            else if contains -- (string replace -r '.*\.' '' -- $name) $answer
                printf '%s%s\n' $flag $name
            end
        end
    else if test (count $answer) -gt 0
        printf "$flag%s\n" $answer
    else if test (math "bitand($directive, 4)") -eq 0
        for path in (__fish_complete_path $value)
            printf '%s%s\n' $flag $path
        end
    end
end

for name in svcnet kubectl
    # Files are offered by the function alone, where a verb has a use for them.
    complete --command $name --erase
    complete --command $name --no-files --arguments '(__svcnet_candidates)'
end
"""

POWERSHELL = r"""# powershell completion for svcnet, and for a kubectl that is svcnet

Register-ArgumentCompleter -Native -CommandName svcnet, kubectl -ScriptBlock {
    param($typed, $line, $position)

    $words = @($line.CommandElements | ForEach-Object { "$_" })
    if (-not $typed) { $words += '""' }
    $program = $words[0]
    $rest = @($words | Select-Object -Skip 1)
    # Of --flag=value, what is offered is the value; the whole word is replaced.
    $flag = ''
    $value = "$typed"
    if ($value -match '^(-[^=]*=)(.*)$') { $flag = $Matches[1]; $value = $Matches[2] }
    $answer = @(& $program __complete @rest 2>$null)
    $directive = [int]$answer[-1].Substring(1)
    # Names of files are PowerShell's own business: it offers them where this offers nothing.
    if ($directive -band 8) { return }
    $answer | Select-Object -SkipLast 1 | ForEach-Object {
        $candidate, $about = $_ -split "`t", 2
        if ($candidate -like "$value*") {
            if (-not $about) { $about = $candidate }
            [System.Management.Automation.CompletionResult]::new(
                "$flag$candidate", $candidate, 'ParameterValue', $about)
        }
    }
}
"""

SCRIPTS = {"bash": BASH, "fish": FISH, "powershell": POWERSHELL, "zsh": ZSH}
