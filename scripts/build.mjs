// Builds the user interface and the programs, as `npm start` and `npm test` do; the installer packs them.

import { buildPrograms, buildUi } from './lib/build.mjs';

await buildUi();
await buildPrograms();
