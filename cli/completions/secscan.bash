# bash completion for secscan
_secscan()
{
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
    local options="--history --range --since-commit --branch --staged --stdin
        --no-submodules --name --no-gitignore --follow-symlinks
        --no-decode --no-containers --max-depth --max-decoded --max-entries
        --max-member --max-unpacked --max-ratio --container-timeout
        --cache --cache-key --max-file-size --config --rules --gate-unreachable
        --profile --min-password-length --min-severity --min-evidence --min-confidence
        --gate-severity --gate-evidence --gate-ref --new-only --acknowledge
        --exit-code
        --category --not-category
        --baseline --gitleaks-ignore-path --no-inline --ignore-gitleaks-allow
        --no-suppress --adopt --path --everywhere --reason --until
        --format --output --show-secrets --quiet --no-color --exit-zero
        --pre-commit --pre-push --pre-receive --deadline --deadline-open
        --deadline-closed --deadline-list --work-list --skippable-categories
        --audit --template --force --timeout
        --policy --no-repo-config --report-only-until
        --threads --on --help --version"

    case $prev in
    --format | -f)
        COMPREPLY=($(compgen -W "text json jsonl sarif html markdown github gitlab junit csv gitleaks hook" -- "$cur"))
        return
        ;;
    --profile)
        COMPREPLY=($(compgen -W "report block strict" -- "$cur"))
        return
        ;;
    --min-severity | --gate-severity)
        COMPREPLY=($(compgen -W "info low medium high critical" -- "$cur"))
        return
        ;;
    --min-evidence | --gate-evidence)
        COMPREPLY=($(compgen -W "context pattern structure checksum" \
            -- "$cur"))
        return
        ;;
    --category | --not-category)
        COMPREPLY=($(compgen -W "token key password connection webhook generic
            hygiene" -- "$cur"))
        return
        ;;
    --acknowledge | --config | --rules | --output | --on | --name | --cache | --cache-key | --path | \
        --deadline-list | --work-list | --audit | \
        --baseline | --gitleaks-ignore-path | -b | -c | -i | -r | -o)
        COMPREPLY=($(compgen -f -- "$cur"))
        return
        ;;
    --range | --since-commit | --branch | --gate-ref)
        COMPREPLY=($(compgen -W "$(git for-each-ref \
            --format='%(refname:short)' 2>/dev/null)" -- "$cur"))
        return
        ;;
    --skippable-categories)
        COMPREPLY=($(compgen -W "none token key password connection webhook
            generic hygiene" -- "$cur"))
        return
        ;;
    --max-depth | --max-decoded | --max-entries | --max-member | --max-unpacked | --max-ratio | \
        --container-timeout | \
        --exit-code | --max-file-size | --min-password-length | --min-confidence | --threads | --deadline | --timeout | \
        --reason | --until | -j)
        return
        ;;
    esac
    if [[ ${COMP_WORDS[1]} == help && $COMP_CWORD -ge 2 ]]; then
        COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" help 2>/dev/null |
            sed -n 's/^  \([a-z-]*\) .*/\1/p')" -- "$cur"))
        return
    fi
    if [[ ${COMP_WORDS[1]} == rules && $COMP_CWORD -ge 2 ]]; then
        if [[ $COMP_CWORD -eq 2 ]]; then
            COMPREPLY=($(compgen -W "list show count check test docs \
                export diff bench" -- "$cur"))
        elif [[ $prev == show ]]; then
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" rules list \
                2>/dev/null | cut -d' ' -f1)" -- "$cur"))
        elif [[ $cur == -* ]]; then
            COMPREPLY=($(compgen -W "--config --rules --output --format --on" \
                -- "$cur"))
        else
            COMPREPLY=($(compgen -f -- "$cur"))
        fi
        return
    fi
    if [[ ${COMP_WORDS[1]} == hook && $COMP_CWORD -ge 2 ]]; then
        if [[ $COMP_CWORD -eq 2 ]]; then
            COMPREPLY=($(compgen -W "install uninstall status" -- "$cur"))
        else
            COMPREPLY=($(compgen -W "pre-commit pre-push pre-receive \
                --template --force" -- "$cur"))
        fi
        return
    fi
    if [[ ${COMP_WORDS[1]} == baseline && $COMP_CWORD -eq 2 ]]; then
        COMPREPLY=($(compgen -W "create update prune audit" -- "$cur"))
        return
    fi
    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$cur"))
    else
        COMPREPLY=($(compgen -f -- "$cur"))
        if [[ $COMP_CWORD -eq 1 ]]; then
            COMPREPLY+=($(compgen -W "ci help hook pre-commit-run \
                config policy purge-list rules allow baseline" -- "$cur"))
        fi
    fi
}
complete -o filenames -F _secscan secscan
