import {el, fill} from './build.js';
export async function explain(into) {
  fill(into, el('h1', {}, 'Explain'));
}
