/** The slash command `/provision-env` for coding agents: says how this tool is called, and what a person decides. */
import { longestName } from '../environment/names.ts';

/** Where coding agents look for it, relative to the project. */
export const agentCommandPath = '.claude/commands/provision-env.md';

/** @param defaultSource environment that is copied where none is named */
export function agentCommandText(defaultSource: string): string {
  // JSON is YAML: a name of any kind stays one value.
  const source = JSON.stringify(defaultSource);
  return `---
name: provision-env
description: Create new isolated infrastructure environment by transferring from existing working environment
argument-hint: <target_env> [from=<source_env>]
accepts_args: true
arg_schema:
  - name: target_env
    required: true
    description: "Target environment name (staging, prod, feature-x)"
  - name: source_env
    required: false
    default: ${source}
    description: ${JSON.stringify(`Source environment to clone from (default: ${defaultSource})`)}
---

# Provision environment

Arguments: $ARGUMENTS

The first word is \`target_env\`; \`from=<source_env>\` or a second word is \`source_env\`, ${defaultSource} if there is none.
A name has lower-case letters, digits and single hyphens, starts with a letter and has at most ${longestName}
characters. If an argument is anything else, do not pass it to a shell: say so and stop.

\`provision-env\` does the work; do not copy var-files or run Terraform yourself. If the tools of its MCP server are
there (\`plan\`, \`provision\`, …), use them in place of the commands below: they answer with the same document.

1. **Plan.** It changes nothing:

   \`\`\`bash
   provision-env plan --json --from=<source_env> -- <target_env>
   \`\`\`

   Standard output is one JSON document. Show the person \`mapping\`, \`findings\`, \`proof.held\`, \`cost\`
   (\`monthlyDelta\`, and \`unknown\`: what has no price) and \`calls\` (what the verification will call, and what not).

2. **Ask.** With exit code 3 (\`blocked\`) show each finding of severity \`error\` with its \`hint\`, and stop: overruling the
   proof is for a person. Otherwise ask whether the environment is to be made. Go on only after a clear yes.

3. **Provision**, with the yes that the person gave:

   \`\`\`bash
   provision-env provision --yes --json --from=<source_env> -- <target_env>
   \`\`\`

   It may take half an hour: run it in the background or with a long time limit. Do not kill it.

4. **Report.** Show \`evidence\` by \`layer\`, \`checklist\`, and the \`error\` with its \`hint\` if there is one.

| exit code | means                                                    | do                                                                                           |
| --------- | -------------------------------------------------------- | -------------------------------------------------------------------------------------------- |
| 0         | done                                                     | report                                                                                       |
| 1, 2      | unexpected; bad usage or input                           | show \`error.message\` and \`error.hint\`                                                        |
| 3         | blocked: nothing was changed                             | show the findings                                                                            |
| 4         | it was made, but does not work                           | show the failed evidence; \`provision-env verify --json -- <target_env>\` looks again          |
| 5         | stopped half-way                                         | ask, then \`provision-env resume --yes --json -- <target_env>\`                                |
| 6         | waits on a person: a credential, or a code in their chat | say what the document asks for; \`provision-env confirm\` takes the code, \`resume\` goes on     |

Layer 4 is reached when a person received the message: do not call an environment verified before \`status\` is \`verified\`,
and say how many functions were not called (\`functions.notCalled\` of \`functions.total\`).
Secrets never go into arguments, files or this conversation. To take the environment away, show
\`provision-env destroy --dry-run --json -- <target_env>\`, ask, and only then run it with \`--yes\` in place of \`--dry-run\`.
`;
}
