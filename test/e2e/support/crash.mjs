// Loaded with `node --import` into the command line under test: kills the process without a word, right after the row
// of the journal named by CRASH_AFTER (`<name>:<phase>`) is on disk.
import { open } from 'node:fs/promises';

const wanted = process.env.CRASH_AFTER;
if (wanted) {
  const probe = await open(process.execPath);
  const prototype = Object.getPrototypeOf(probe);
  await probe.close();
  const { writeFile } = prototype;
  prototype.writeFile = async function (data, ...rest) {
    const result = await writeFile.call(this, data, ...rest);
    const text = String(data).trim();
    // A row, and not the whole journal that a new holder of the lock takes over.
    if (text.startsWith('{"') && !text.includes('\n')) {
      const { name, phase, step } = JSON.parse(text);
      if (`${step === 'destroy' ? 'destroy/' : ''}${name}:${phase}` === wanted) {
        await this.sync();
        process.kill(process.pid, 'SIGKILL');
        await new Promise(() => {});
      }
    }
    return result;
  };
}
