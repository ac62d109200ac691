/** Where a resource of the target names something that belongs to another environment alone. */
import { spellings } from '../environment/rename.ts';
import type { ResourceDeclaration } from '../terraform/model.ts';
import type { Json } from '../transfer/json.ts';
import type { ExpressionInputs } from './expressions.ts';
import type { Owner } from './owned.ts';
import type { ProofIndex } from './proof-index.ts';
import type { ProofInput } from './rule.ts';
import type { TargetResource } from './target.ts';
import { type TextLeaf, unknownUnder, visitTexts } from './values.ts';

export interface Mention {
  /** `null` where a text names the source environment, and no thing of it that is known. */
  readonly owner: Owner | null;
  /** What stands there; `null` where it must not be shown. */
  readonly word: string | null;
  readonly path: string;
  /** Set where it stands in the configuration, and the value is not known yet. */
  readonly place: string | null;
  /** Tags and descriptions: nothing reads them. */
  readonly decorative: boolean;
  /** One of many in what a data source lists. */
  readonly listing: boolean;
}

/** Long texts are seldom there twice, and the memory is better used otherwise. */
const longestRemembered = 200;
const mostRemembered = 100_000;

const decorative: ReadonlySet<string> = new Set(['tags', 'tags_all', 'description', 'comment']);

/** A list at the top of a data source (`arns`, `names`) is what there is, not what was asked for. */
function isListing(resource: TargetResource, leaf: TextLeaf): boolean {
  if (resource.mode !== 'data' || !leaf.isListed() || resource.type === 'aws_iam_policy_document')
    return false;
  return leaf.keys().length === 2;
}

export interface MentionReader {
  /** In the values that are known, and in the expressions of those that are not. */
  of(resource: TargetResource): readonly Mention[];
  inValues(values: Json, isSensitive: (keys: readonly (string | number)[]) => boolean): readonly Mention[];
  inExpression(inputs: ExpressionInputs, path: string): readonly Mention[];
}

export function createMentionReader(input: ProofInput, index: ProofIndex): MentionReader {
  const { rename } = input;
  const bare = new Set(spellings(input.source.name));

  /** True if the source's name stands in a text beside what is shared and may be named. */
  const namesSourceAlone = (text: string): boolean => {
    if (!rename.namesSource(text)) return false;
    let rest = '';
    let last = 0;
    for (const { start, end } of index.shared.find(text)) {
      if (start < last) continue;
      rest += `${text.slice(last, start)} `;
      last = end;
    }
    return last === 0 || rename.namesSource(rest + text.slice(last));
  };

  /** Texts that name nothing: tags and settings are the same on every resource. */
  const quiet = new Set<string>();
  const scan = (text: string, found: (owner: Owner | null, word: string) => void): void => {
    if (text.length < 3 || quiet.has(text)) return;
    const hits = index.owned.find(text);
    for (const { owner, word } of hits) found(owner, word);
    if (hits.length > 0) return;
    if (namesSourceAlone(text)) found(null, text);
    else if (text.length <= longestRemembered && quiet.size < mostRemembered) quiet.add(text);
  };

  const inValues: MentionReader['inValues'] = (values, isSensitive) => {
    const mentions: Mention[] = [];
    visitTexts(values, (leaf) => {
      scan(leaf.text, (owner, word) => {
        const hidden = isSensitive(leaf.keys());
        mentions.push({
          owner,
          word: hidden ? null : word,
          path: leaf.path(),
          place: null,
          decorative: decorative.has(leaf.attribute()),
          listing: false,
        });
      });
    });
    return mentions;
  };

  /** A long list in a variable may be used by every declaration there is. */
  const variables = new Map<string, readonly Pick<Mention, 'owner' | 'word'>[]>();
  const inVariable = (name: string): readonly Pick<Mention, 'owner' | 'word'>[] => {
    const known = variables.get(name);
    if (known) return known;
    const mentions: Pick<Mention, 'owner' | 'word'>[] = [];
    variables.set(name, mentions);
    const value = input.target.plan?.variables[name] ?? input.target.variables[name];
    if (value === undefined || name === input.environmentVariable) return mentions;
    const hidden = input.declarations.modules['']?.variables[name]?.sensitive === true;
    visitTexts(value as Json, ({ text }) => {
      for (const { owner, word } of index.owned.find(text))
        mentions.push({ owner, word: hidden ? null : word });
    });
    return mentions;
  };

  const inExpression: MentionReader['inExpression'] = (inputs, path) => {
    const mentions: Mention[] = [];
    const add = (owner: Owner | null, word: string | null, place: string): void => {
      mentions.push({
        owner,
        word,
        path,
        place,
        decorative: decorative.has(path.split('.', 1)[0] ?? ''),
        listing: false,
      });
    };
    for (const { text, file, line } of inputs.literals) {
      // The name alone is what conditions compare with, and keys of maps.
      if (bare.has(text)) continue;
      scan(text, (owner, word) => add(owner, word, file === null ? `line ${line}` : index.place(file, line)));
    }
    for (const name of inputs.variables) {
      for (const { owner, word } of inVariable(name)) add(owner, word, `var.${name}`);
    }
    return mentions;
  };

  /** Instances of one declaration have the same expressions. */
  const memo = new Map<string, readonly Mention[]>();
  const inDeclared = (
    resource: TargetResource,
    declaration: ResourceDeclaration,
    path: string,
  ): readonly Mention[] => {
    const key = `${resource.modulePath}|${declaration.address}|${path}`;
    const known = memo.get(key);
    if (known) return known;
    const made = inExpression(index.expressions.attribute(resource.modulePath, declaration, path), path);
    memo.set(key, made);
    return made;
  };

  return {
    inValues,
    inExpression,
    of(resource) {
      const mentions: Mention[] = [];
      visitTexts(resource.values, (leaf) => {
        scan(leaf.text, (owner, word) => {
          const hidden = resource.isSensitive(leaf.keys());
          mentions.push({
            owner,
            word: hidden ? null : word,
            path: leaf.path(),
            place: null,
            decorative: decorative.has(leaf.attribute()),
            listing: isListing(resource, leaf),
          });
        });
      });
      if (resource.unknown === false) return mentions;
      const declaration = index.expressions.declaration(resource);
      for (const path of Object.keys(declaration?.attributes ?? {})) {
        if (declaration && unknownUnder(resource.unknown, path)) {
          mentions.push(...inDeclared(resource, declaration, path));
        }
      }
      return mentions;
    },
  };
}
