// The words of the user interface: one catalogue, chosen once when the page loads.
import { en, type Words } from './en';
import { pseudoCatalogue } from './pseudo';

export type { Words };
export { plural, count } from './plural';

const wanted = new URLSearchParams(globalThis.location?.search ?? '').get('locale');

export const words: Words = wanted === 'pseudo' ? pseudoCatalogue(en) : en;
