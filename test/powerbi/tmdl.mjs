// Reads a semantic model written in TMDL: objects by indentation, each with a description, properties, children and an expression.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

// What may stand under what, and which properties it may have there.
const kObjects = {
  database: { under: [''], properties: ['compatibilityLevel', 'id'] },
  model: {
    under: [''],
    properties: ['culture', 'defaultPowerBIDataSourceVersion', 'discourageImplicitMeasures', 'sourceQueryCulture'],
  },
  dataAccessOptions: { under: ['model'], properties: ['legacyRedirects', 'returnErrorValuesAsNull'] },
  expression: { under: [''], properties: ['lineageTag'] },
  relationship: {
    under: [''],
    properties: ['relyOnReferentialIntegrity', 'fromColumn', 'toColumn', 'crossFilteringBehavior', 'isActive'],
  },
  table: { under: [''], properties: ['lineageTag', 'dataCategory', 'isHidden'] },
  measure: { under: ['table'], properties: ['formatString', 'displayFolder', 'isHidden', 'lineageTag'] },
  column: {
    under: ['table'],
    properties: ['dataType', 'dataCategory', 'formatString', 'isDataTypeInferred', 'isHidden', 'isKey', 'lineageTag', 'sortByColumn',
      'sourceColumn', 'summarizeBy'],
  },
  relatedColumnDetails: { under: ['column'], properties: ['groupByColumn'] },
  hierarchy: { under: ['table'], properties: ['lineageTag'] },
  level: { under: ['hierarchy'], properties: ['lineageTag', 'column'] },
  partition: { under: ['table'], properties: ['mode', 'source'] },
  annotation: { under: ['', 'model', 'table', 'column', 'measure', 'expression'], properties: [] },
  extendedProperty: { under: ['column'], properties: [] },
};
const kName = String.raw`'(?:[^']|'')+'|[^\s=:'.]+`;
const kDeclaration = new RegExp(String.raw`^(ref\s+)?([A-Za-z]+)(?:\s+(${kName}))?(?:\s*(=)\s*(.*))?$`);
const kProperty = /^([A-Za-z]+)(?::\s*(.*)|\s*(=)\s*)?$/;

export function Unquote(name) {
  return name?.startsWith("'") ? name.slice(1, -1).replaceAll("''", "'") : name;
}

// 'A table'.'A column', either quoted or not.
export function ColumnReference(text) {
  const match = new RegExp(`^(${kName})\\.(${kName})$`).exec(text ?? '');
  return match && { table: Unquote(match[1]), column: Unquote(match[2]) };
}

function ParseFile(path, file, report) {
  const root = { type: '', name: '', line: 0, properties: {}, children: [] };
  const open = [{ depth: -1, object: root }];
  const fault = (line, message) => report(`${file}:${line}`, message);
  let description = [];
  let expression = null; // the lines of which are deeper than `depth`
  readFileSync(path, 'utf8').split('\n').forEach((text, index) => {
    const line = index + 1;
    if (!text.trim()) return;
    const depth = /^\t*/.exec(text)[0].length;
    if (expression && depth > expression.depth) {
      expression.target.push(text.slice(expression.depth + 1));
      return;
    }
    expression = null;
    const content = text.trim();
    if (text.slice(depth).startsWith(' ')) fault(line, 'indented by blanks');
    if (content.startsWith('///')) {
      description.push(content.slice(3).trim());
      return;
    }
    while (open.at(-1).depth >= depth) open.pop();
    const { depth: parentDepth, object: parent } = open.at(-1);
    if (depth !== parentDepth + 1) fault(line, `indented by ${depth} under ${parentDepth}`);

    const declared = kDeclaration.exec(content);
    const property = kProperty.exec(content);
    const known = declared && kObjects[declared[2]];
    if (known && (declared[3] !== undefined || !kObjects[parent.type]?.properties.includes(declared[2]))) {
      const [, isReference, type, name, equals, inline] = declared;
      const object = {
        type: isReference ? 'ref' : type, kind: type, name: Unquote(name), file, line, description: description.join(' '),
        properties: {}, children: [], value: inline, lines: inline ? [inline] : [],
      };
      if (!isReference && !known.under.includes(parent.type)) fault(line, `${type} under ${parent.type || 'the file'}`);
      parent.children.push(object);
      open.push({ depth, object });
      if (equals && !inline) expression = { depth: depth + 1, target: object.lines };
    } else if (property) {
      const [, name, value, equals] = property;
      if (!kObjects[parent.type]?.properties.includes(name)) fault(line, `${parent.type || 'a file'} has no property ${name}`);
      if (name in parent.properties) fault(line, `${name} twice`);
      if (/^".*[^"]$|^[^"].*\s$/.test(value ?? '')) fault(line, `${value} would have to stand in quotes as a whole`);
      parent.properties[name] = value ?? true;
      if (equals) {
        parent.properties[name] = parent.lines = [];
        expression = { depth, target: parent.lines };
      }
    } else {
      fault(line, `not understood: ${content}`);
    }
    description = [];
  });
  return root.children;
}

// The model in `folder`; faults of form go to `report(place, message)`.
export function ReadModel(folder, report) {
  const definition = join(folder, 'definition');
  const paths = readdirSync(definition, { recursive: true }).map(String).filter((path) => path.endsWith('.tmdl')).sort();
  const objects = paths.flatMap((path) => ParseFile(join(definition, path), path, report));
  const ofType = (type, among = objects) => among.filter((object) => object.type === type);
  const tables = new Map();
  for (const table of ofType('table')) {
    if (tables.has(table.name)) report(`${table.file}:${table.line}`, `table ${table.name} twice`);
    const part = (type) => ofType(type, table.children);
    tables.set(table.name, {
      ...table,
      columns: new Map(part('column').map((column) => [column.name, column])),
      measures: new Map(part('measure').map((measure) => [measure.name, measure])),
      hierarchies: new Map(part('hierarchy').map((hierarchy) => [hierarchy.name, hierarchy])),
      partitions: part('partition'),
    });
  }
  return {
    tables,
    references: objects.filter((object) => object.type === 'ref'),
    relationships: ofType('relationship'),
    expressions: new Map(ofType('expression').map((expression) => [expression.name, expression])),
  };
}

// The view a partition shows, and which of its rows; nothing for what is computed.
export function ViewOf(table) {
  const source = (table.partitions[0]?.lines ?? []).join('\n');
  const item = /\[Schema\s*=\s*"([^"]+)",\s*Item\s*=\s*"([^"]+)"\]/.exec(source);
  const rows = /Table\.SelectRows\(\w+, each \[(\w+)\] <> "([^"]*)"\)/.exec(source);
  return item && { schema: item[1], view: item[2], without: rows && { column: rows[1], value: rows[2] } };
}

// Of a field parameter: the fields it offers, as [table, field] each.
export function ParameterFields(table) {
  return [...(table.partitions[0]?.lines ?? []).join('\n').matchAll(/NAMEOF\('([^']+)'\[([^\]]+)\]\)/g)].map((match) => match.slice(1));
}
