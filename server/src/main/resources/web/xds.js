import {el, fill} from './build.js';
export async function xds(into) {
  fill(into, el('h1', {}, 'xDS'));
}
