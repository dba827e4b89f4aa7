using System.CommandLine;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy completion</c>: a script that makes a shell complete verbs, options and their values.</summary>
public sealed class CompletionVerb : IVerb
{
    public int Order => 910;

    public IReadOnlyList<Example> Examples =>
    [
        new("source <(redy completion bash)", "complete in this bash; put it into ~/.bashrc to keep it"),
        new("redy completion zsh > ~/.zfunc/_redy", "with ~/.zfunc in fpath before compinit"),
        new("redy completion fish > ~/.config/fish/completions/redy.fish", "for every fish from now on"),
    ];

    public Command Build()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a script that makes a shell complete redy's verbs, options and values.") { shell };
        command.SetAction(parse => Console.Out.Write(parse.GetRequiredValue(shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        }));
        return command;
    }

    // Each script asks the program itself, so it never goes stale. Where the program has nothing to offer, files are.
    private const string Bash = """
        # Completion of redy for bash.
        _redy() {
          local word="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
          local line="${COMP_LINE:0:COMP_POINT}" candidates
          line="redy${line#"${COMP_WORDS[0]}"}"
          candidates="$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)"
          if [[ $word != -* && $previous != -* ]]; then
            candidates="$(grep -v '^-' <<<"$candidates")"
          fi
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$candidates" -- "$word"))
          if [[ ${#COMPREPLY[@]} -eq 0 && $word != -* ]]; then
            compopt -o filenames 2>/dev/null
            COMPREPLY=($(compgen -f -- "$word"))
          fi
        }
        complete -F _redy redy

        """;

    private const string Zsh = """
        #compdef redy
        # Completion of redy for zsh.
        _redy() {
          local line="${words[1,CURRENT]}"
          local -a candidates
          candidates=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
          if [[ $words[CURRENT] != -* && $words[CURRENT-1] != -* ]]; then
            candidates=("${(@)candidates:#-*}")
          fi
          candidates=("${(@)candidates:#}")
          if (( $#candidates )); then
            compadd -a candidates
          else
            _files
          fi
        }
        if [[ $funcstack[1] == _redy ]]; then
          _redy "$@"
        else
          compdef _redy redy
        fi

        """;

    private const string Fish = """
        # Completion of redy for fish.
        function __redy_complete
          set -l line (commandline -cp)
          set -l word (commandline -ct)
          set -l candidates (redy "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match -r '.+')
          if not string match -q -- '-*' "$word"
            set candidates (string match -v -- '-*' $candidates)
          end
          if test (count $candidates) -gt 0
            printf '%s\n' $candidates
          else
            __fish_complete_path "$word"
          end
        end
        complete -c redy -f -a '(__redy_complete)'

        """;
}
