/**
 * Measures what the README and the design promise. Not tests: numbers of one machine, to be compared with each other.
 *
 *   npm run bench              all of it
 *   npm run bench -- startup   only that: startup, proof, provision, account
 */
import { accountBench } from './account.ts';
import { proofBench } from './proof.ts';
import { provisionBench } from './provision.ts';
import { startupBench } from './startup.ts';

const benches: Readonly<Record<string, () => Promise<void>>> = {
  startup: startupBench,
  proof: proofBench,
  provision: provisionBench,
  account: accountBench,
};

const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(benches)) {
  const bench = benches[name];
  if (!bench) {
    console.error(`There is no bench ${name}; there are ${Object.keys(benches).join(', ')}.`);
    process.exitCode = 2;
    break;
  }
  console.log(`\n${name}`);
  await bench();
}
