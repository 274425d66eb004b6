// Questions to the proxy. A token is kept in this variable and nowhere else.

let token = '';
let asking;

function wanted(why) {
  asking ??= new Promise(over => {
    const dialog = document.getElementById('token');
    const text = document.getElementById('token-text');
    document.getElementById('token-why').textContent = why;
    dialog.oncancel = event => event.preventDefault();
    document.getElementById('token-form').onsubmit = event => {
      event.preventDefault();
      const given = text.value.trim();
      if (!/^[\x21-\x7e]+$/.test(given)) {
        document.getElementById('token-why').textContent = 'A token is one word of visible ASCII.';
        return;
      }
      token = given;
      text.value = '';
      asking = undefined;
      dialog.close();
      over();
    };
    dialog.showModal();
  });
  return asking;
}

async function send(path, options) {
  for (;;) {
    const used = token;
    const headers = {...options.headers};
    if (used) {
      headers.authorization = 'Bearer ' + used;
    }
    const answer = await fetch(path, {...options, headers, cache: 'no-store', redirect: 'error'});
    if (answer.status !== 401) {
      return answer;
    }
    if (used === token) {
      await wanted(used ? 'The one that was given is not taken.' : 'It stands in the file that the operator named for the proxy.');
    }
  }
}

/** What a path answers, as the answer of fetch. Throws when it says no. */
async function checked(path, options = {}) {
  let answer;
  try {
    answer = await send(path, options);
  } catch (e) {
    throw new Error('the proxy does not answer (' + e.message + ')');
  }
  if (!answer.ok) {
    const error = new Error((await answer.text()).trim() || 'status ' + answer.status);
    error.status = answer.status;
    throw error;
  }
  return answer;
}

function query(parameters) {
  const text = Object.entries(parameters)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => encodeURIComponent(name) + '=' + encodeURIComponent(value)).join('&');
  return text ? '?' + text : '';
}

/** What a page of the admin port answers, as the answer of fetch. */
export function answered(path, parameters = {}) {
  return checked(path + query(parameters));
}

/** JSON from a page of the admin port. */
export async function ask(path, parameters = {}) {
  return (await answered(path, parameters)).json();
}

/** JSON that is made for this page. */
export function data(name, parameters = {}) {
  return ask('/ui/data/' + name, parameters);
}

/** Has something done. The header is what no form of another site can send. */
export async function act(path, parameters = {}) {
  return (await checked('/ui/act' + path + query(parameters), {method: 'POST', headers: {'x-attache-ui': '1'}})).text();
}

/** Asks the human first. */
export function sure(text) {
  const dialog = document.getElementById('sure');
  document.getElementById('sure-text').textContent = text;
  return new Promise(decided => {
    const decide = yes => () => {
      dialog.onclose = null;
      dialog.close();
      decided(yes);
    };
    document.getElementById('sure-yes').onclick = decide(true);
    document.getElementById('sure-no').onclick = decide(false);
    dialog.onclose = () => decided(false);
    dialog.showModal();
  });
}

/** A regular expression (RE2) that fits this text alone. */
export function exactly(text) {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** The resources of one name in lists of /config_dump, the first list that has any. */
export async function configured(lists, name) {
  for (const resource of lists) {
    const dump = await ask('/config_dump', {resource, name_regex: exactly(name)});
    if (dump.configs?.length) {
      return {list: resource, found: dump.configs};
    }
  }
  return undefined;
}
