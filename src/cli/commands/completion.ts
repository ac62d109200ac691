import { z } from 'zod';
import { exitCodes } from '../../transfer/error-codes.ts';
import { defineCommand } from '../define-command.ts';
import type { CommandEntry } from './index.ts';

/** What is typed goes on in a variable: it is not a word of the script, and no option of ours. */
const variable = 'PROVISION_ENV_WORDS';

const scripts = {
  // bash takes `from=st` for three words: they are put together for us, and what stands before `=` is left out for it.
  bash: `_provision_env() {
  local typed="" word prefix="" i
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [[ $i -gt 1 && $word != "=" && $typed != *= ]]; then typed+=$'\\n'; fi
    typed+="$word"
  done
  word="\${typed##*$'\\n'}"
  if [[ $word == *=* && $COMP_WORDBREAKS == *=* ]]; then prefix="\${word%%=*}="; fi
  local IFS=$'\\n'
  COMPREPLY=($(${variable}="$typed" provision-env completion words 2>/dev/null))
  COMPREPLY=("\${COMPREPLY[@]#"$prefix"}")
}
complete -o default -F _provision_env provision-env
`,
  zsh: `#compdef provision-env
_provision_env() {
  local -a found
  found=("\${(@f)$(${variable}="\${(pj:\\n:)words[2,CURRENT]}" provision-env completion words 2>/dev/null)}")
  compadd -- $found
}
compdef _provision_env provision-env
`,
  // A last word that is empty must stay one: what is collected from a pipe loses it.
  fish: `function __provision_env
    set -l before
    for word in (commandline -opc)[2..]
        set before "$before$word"\\n
    end
    set -lx ${variable} "$before$(commandline -ct)"
    provision-env completion words 2>/dev/null
end
complete -c provision-env -f -a '(__provision_env)'
`,
} as const;

/** @param commands all of them: what is completed are their names and options */
export const completionOf = (commands: Readonly<Record<string, CommandEntry>>) =>
  defineCommand({
    name: 'completion',
    summary: 'shell completion: commands, options, names of environments',
    description:
      'Prints the completion for a shell. bash: source <(provision-env completion bash); zsh: the same; fish: provision-env completion fish | source. (`words` is what these scripts call.)',
    arguments: [{ name: 'shell', description: 'bash, zsh or fish', required: true }],
    options: [],
    examples: ['source <(provision-env completion bash)', 'provision-env completion fish | source'],
    input: z.object({
      shell: z.enum(['bash', 'zsh', 'fish', 'words'], { error: 'must be bash, zsh or fish' }),
    }),
    async run({ shell }, io) {
      if (shell !== 'words') {
        io.stdout.write(scripts[shell]);
        return exitCodes.done;
      }
      const { complete } = await import('../complete.ts');
      const found = await complete((io.env[variable] ?? '').split('\n'), io.cwd, commands);
      io.stdout.write(found.map((word) => `${word}\n`).join(''));
      return exitCodes.done;
    },
  });
