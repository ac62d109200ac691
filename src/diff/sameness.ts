/**
 * When two texts are the same modulo ρ. The translator takes what still says the first environment's own for equal,
 * because another rule of the proof looks at that; here nobody else does, so it is asked for as well.
 */
import { spellings } from '../environment/rename.ts';
import { createTranslator, type Translator } from '../proof/translate.ts';
import type { DiffInput } from './model.ts';

export interface Sameness {
  readonly translator: Translator;
  same(textOfA: string, textOfB: string): boolean;
  /** Address of what belongs to the first environment alone and is named in a text of the second. */
  leansOn(textOfB: string): string | null;
}

export function createSameness({ proof, index }: Pick<DiffInput, 'proof' | 'index'>): Sameness {
  // Values that differ because of a variable do differ: only names are taken to each other.
  const translator = createTranslator(proof, index.target, index.pairing, new Map());
  const bare = new Set(spellings(proof.source.name));
  const leansOn = (text: string): string | null => {
    if (bare.has(text)) return `the name ${proof.source.name}`;
    const owner = index.owned.find(text).find((hit) => hit.owner.environment === proof.source.name)?.owner;
    return owner === undefined ? null : `${proof.source.name}'s ${owner.address}`;
  };
  return {
    translator,
    leansOn,
    same: (a, b) => translator.ofSource(a) === translator.ofTarget(b) && leansOn(b) === null,
  };
}
