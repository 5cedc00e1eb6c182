// What a DAX expression refers to, and whether it holds together.

const kTokens = [
  ['blank', /\s+|\/\/[^\n]*|--[^\n]*|\/\*[\s\S]*?\*\//y],
  ['text', /"(?:[^"]|"")*"/y],
  ['table', /'(?:[^']|'')+'/y],
  ['bracket', /\[(?:[^\]]|\]\])+\]/y],
  ['number', /\d+(?:\.\d+)?/y],
  ['word', /[A-Za-z_][A-Za-z0-9_.]*/y],
  ['symbol', /<=|>=|<>|&&|\|\||==|[-+*\/^&<>=(){},]/y],
];
const kFunctions = new Set(`ALL ALLSELECTED AVERAGE BLANK CALCULATE COUNTROWS DIVIDE FORMAT HASONEVALUE IF ISFILTERED KEEPFILTERS MAX MIN
  NAMEOF SELECTEDVALUE SUM SWITCH TREATAS TRUE FALSE VALUES`.split(/\s+/));
const kKeywords = new Set(['VAR', 'RETURN', 'IN', 'NOT']);

function Tokens(expression) {
  const tokens = [];
  for (let at = 0; at < expression.length;) {
    const hit = kTokens.map(([kind, pattern]) => {
      pattern.lastIndex = at;
      return [kind, pattern.exec(expression)?.[0]];
    }).find(([, text]) => text);
    if (!hit) throw new Error(`DAX: unexpected ${expression.slice(at, at + 12)}`);
    if (hit[0] !== 'blank') tokens.push({ kind: hit[0], text: hit[1] });
    at += hit[1].length;
  }
  return tokens;
}

// Calls fault(message) for each thing that is wrong; `model` is what ReadModel gives.
export function CheckDax(expression, model, fault) {
  let tokens;
  try {
    tokens = Tokens(expression);
  } catch (error) {
    fault(error.message);
    return;
  }
  const measures = new Set([...model.tables.values()].flatMap((table) => [...table.measures.keys()]));
  const variables = new Set();
  const closing = [];
  tokens.forEach(({ kind, text }, i) => {
    const before = tokens[i - 1];
    const after = tokens[i + 1];
    if (text === '(' || text === '{') closing.push(text === '(' ? ')' : '}');
    if ((text === ')' || text === '}') && closing.pop() !== text) fault(`DAX: ${text} closes nothing`);
    if (kind === 'bracket') {
      const name = text.slice(1, -1);
      const isOfTable = before?.kind === 'table' || (before?.kind === 'word' && model.tables.has(before.text));
      const table = isOfTable && model.tables.get(before.text.replaceAll("'", ''));
      if (table && !table.columns.has(name) && !table.measures.has(name)) fault(`DAX: no column or measure ${before.text}${text}`);
      if (!isOfTable && !measures.has(name)) fault(`DAX: no measure ${text}`);
    } else if (kind === 'table' && !model.tables.has(text.slice(1, -1))) {
      fault(`DAX: no table ${text}`);
    } else if (kind === 'word') {
      if (before?.text === 'VAR') {
        if (model.tables.has(text)) fault(`DAX: variable ${text} is the name of a table`);
        variables.add(text);
      } else if (after?.text === '(') {
        if (!kFunctions.has(text)) fault(`DAX: no function ${text} among those in use here`);
      } else if (!kKeywords.has(text) && !variables.has(text) && !model.tables.has(text)) {
        fault(`DAX: ${text} is neither a variable nor a table`);
      }
    }
  });
  if (closing.length > 0) fault(`DAX: ${closing.at(-1)} is missing`);
}

// The columns that are summed: { table, column } each.
export function Summed(expression) {
  return [...expression.matchAll(/\bSUM \( (?:'([^']+)'|(\w+))\[([^\]]+)\] \)/g)].map((match) => ({ table: match[1] ?? match[2], column: match[3] }));
}
