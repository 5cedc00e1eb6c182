// The model against a database, as one role sees it: every view, every column, its type.

import { readFileSync } from 'node:fs';

import { ViewOf } from './tmdl.mjs';

const kTypes = {
  bigint: 'int64', boolean: 'boolean', date: 'dateTime', 'double precision': 'double', integer: 'int64', numeric: 'decimal', text: 'string',
  'timestamp without time zone': 'dateTime',
};
// A fixed decimal number of Power BI has four digits behind the point.
const kScale = 4;

// Lines of view, column, type and scale, parted by tabs.
function ReadColumns(path) {
  const views = new Map();
  for (const line of readFileSync(path, 'utf8').trim().split('\n')) {
    const [view, column, type, scale] = line.split('\t');
    if (!views.has(view)) views.set(view, new Map());
    views.get(view).set(column, { type, scale: Number(scale || 0) });
  }
  return views;
}

// That each partition names a view that is there.
export function CheckViews(model, columnsFile, report) {
  const views = ReadColumns(columnsFile);
  for (const table of model.tables.values()) {
    const view = ViewOf(table);
    if (view && !views.has(`${view.schema}.${view.view}`)) report(`${table.file}:${table.line}`, `no view ${view.schema}.${view.view} that the role may read`);
  }
}

export function CheckColumns(model, columnsFile, report) {
  const views = ReadColumns(columnsFile);
  for (const table of model.tables.values()) {
    const { schema, view } = ViewOf(table) ?? {};
    const there = views.get(`${schema}.${view}`);
    if (!there) continue;
    const sources = new Map([...table.columns.values()].map((column) => [column.properties.sourceColumn, column]));
    for (const [source, { file, line, name, properties }] of sources) {
      const { type, scale } = there.get(source) ?? {};
      if (!type) report(`${file}:${line}`, `no column ${source} in ${schema}.${view}`);
      else if (kTypes[type] !== properties.dataType) report(`${file}:${line}`, `${name} is ${properties.dataType}, but ${source} is ${type}`);
      else if (type === 'numeric' && scale > kScale) report(`${file}:${line}`, `${source} has ${scale} digits behind the point`);
    }
    for (const column of there.keys()) {
      if (!sources.has(column)) report(`${table.file}:${table.line}`, `column ${schema}.${view}.${column} is missing`);
    }
  }
}
