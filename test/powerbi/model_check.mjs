// The structure of the semantic model: names, references, relationships, sorting, hierarchies, DAX, M, and what readers are told.

import powerquery from '@microsoft/powerquery-parser';

import { CheckDax, Summed } from './dax.mjs';
import { ColumnReference, ParameterFields, Unquote, ViewOf } from './tmdl.mjs';

const kFolding = ['PostgreSQL.Database', 'Table.SelectRows'];

async function CheckM(table, partition, model, fault) {
  const source = partition.lines.join('\n');
  const parsed = await powerquery.TaskUtils.tryLexParse(powerquery.DefaultSettings, source);
  if (!powerquery.TaskUtils.isParseStageOk(parsed)) {
    fault(partition, `M: ${parsed.error?.message ?? 'does not parse'}`);
    return;
  }
  if (partition.properties.mode !== 'directQuery') fault(partition, `mode ${partition.properties.mode}`);
  for (const [call] of source.matchAll(/\b[A-Z]\w+\.\w+(?=\()/g)) {
    if (!kFolding.includes(call)) fault(partition, `M: ${call} may not fold into SQL`);
  }
  const database = /PostgreSQL\.Database\((\w+), (\w+), \[/.exec(source);
  for (const parameter of database?.slice(1) ?? ['a parameter']) {
    if (!model.expressions.has(parameter)) fault(partition, `M: no parameter ${parameter}`);
  }
  const view = ViewOf(table);
  if (!view) fault(partition, 'M: names no view');
  const columns = [...table.columns.values()].map((column) => column.properties.sourceColumn);
  if (view?.without && !columns.includes(view.without.column)) fault(partition, `M: no column ${view.without.column}`);
}

function CheckColumns(table, fault) {
  const sources = new Map();
  for (const column of table.columns.values()) {
    const { sourceColumn, sortByColumn, dataType, summarizeBy } = column.properties;
    if (!['boolean', 'dateTime', 'decimal', 'double', 'int64', 'string'].includes(dataType)) fault(column, `data type ${dataType}`);
    if (summarizeBy !== 'none') fault(column, 'would be summed by itself');
    if (!sourceColumn || sources.has(sourceColumn)) fault(column, `source ${sourceColumn} is missing or used twice`);
    sources.set(sourceColumn, column);
    const sort = sortByColumn && Unquote(sortByColumn);
    if (sort && (sort === column.name || !table.columns.has(sort))) fault(column, `cannot be sorted by ${sort}`);
    if (sort && table.columns.get(sort)?.properties.sortByColumn && Unquote(table.columns.get(sort).properties.sortByColumn) === column.name) {
      fault(column, `sorted by ${sort} and the other way round`);
    }
    if (/(month|weekday)_name$/.test(sourceColumn) && !sort) fault(column, 'is in the order of the alphabet');
    for (const detail of column.children.filter((child) => child.type === 'relatedColumnDetails')) {
      if (!table.columns.has(Unquote(detail.properties.groupByColumn))) fault(detail, `no column ${detail.properties.groupByColumn}`);
    }
  }
}

function CheckHierarchies(table, fault) {
  for (const hierarchy of table.hierarchies.values()) {
    const levels = hierarchy.children.filter((child) => child.type === 'level');
    const columns = levels.map((level) => Unquote(level.properties.column));
    if (levels.length < 2) fault(hierarchy, 'has fewer than two levels');
    if (new Set(columns).size < columns.length) fault(hierarchy, 'has a column twice');
    levels.forEach((level, i) => {
      if (!table.columns.has(columns[i])) fault(level, `no column ${columns[i]}`);
    });
  }
}

function CheckMeasures(table, model, fault) {
  for (const measure of table.measures.values()) {
    const expression = measure.lines.join('\n');
    CheckDax(expression, model, (message) => fault(measure, message));
    for (const { table: of, column } of Summed(expression)) {
      const summed = model.tables.get(of)?.columns.get(column);
      if (/not additive|\bmean\b|bound of/i.test(summed?.description ?? '') && !/HASONEVALUE|COUNTROWS/.test(expression)) {
        fault(measure, `sums ${of}[${column}], which does not add up`);
      }
    }
    if (!measure.properties.displayFolder) fault(measure, 'is in no display folder');
  }
}

function CheckNames(model, fault) {
  const tags = new Set();
  const measures = new Map();
  for (const table of model.tables.values()) {
    const names = new Set();
    const named = [...table.columns.values(), ...table.measures.values(), ...table.hierarchies.values()];
    for (const object of named) {
      const name = object.name.toLowerCase();
      if (names.has(name)) fault(object, `${object.name} twice in table ${table.name}`);
      names.add(name);
      if (object.type === 'measure' && measures.has(name)) fault(object, `measure ${object.name} is in ${measures.get(name)} too`);
      if (object.type === 'measure') measures.set(name, table.name);
    }
    const levels = [...table.hierarchies.values()].flatMap((hierarchy) => hierarchy.children);
    for (const object of [table, ...named]) {
      if (!object.description) fault(object, `${object.type} ${object.name} has no description`);
    }
    for (const { properties, ...object } of [table, ...named, ...levels]) {
      if (!properties.lineageTag || tags.has(properties.lineageTag)) fault(object, 'its lineage tag is missing or used twice');
      tags.add(properties.lineageTag);
    }
  }
  const listed = model.references.filter((reference) => reference.kind === 'table').map((reference) => reference.name);
  for (const reference of model.references) {
    if (!model.tables.has(reference.name)) fault(reference, `no table ${reference.name}`);
  }
  for (const table of model.tables.values()) {
    if (listed.filter((name) => name === table.name).length !== 1) fault(table, 'is not listed once in the model');
  }
}

// DirectQuery joins by inner joins only where integrity may be relied on, and only keys are joined to.
function CheckRelationships(model, fault) {
  const pairs = new Set();
  for (const relationship of model.relationships) {
    const { fromColumn, toColumn, relyOnReferentialIntegrity } = relationship.properties;
    const [from, to] = [fromColumn, toColumn].map((text) => {
      const reference = ColumnReference(text);
      const column = reference && model.tables.get(reference.table)?.columns.get(reference.column);
      if (!column) fault(relationship, `no column ${text}`);
      return column;
    });
    if (relyOnReferentialIntegrity !== true) fault(relationship, 'does not rely on referential integrity');
    if (to && to.properties.isKey !== true) fault(relationship, `${toColumn} is no key`);
    if (from && to && from.properties.dataType !== to.properties.dataType) fault(relationship, `joins ${from.properties.dataType} to ${to.properties.dataType}`);
    if (pairs.has(`${fromColumn} ${toColumn}`)) fault(relationship, 'is there twice');
    pairs.add(`${fromColumn} ${toColumn}`);
  }
}

export async function CheckModel(model, report) {
  const fault = (object, message) => report(`${object.file}:${object.line}`, message);
  CheckNames(model, fault);
  CheckRelationships(model, fault);
  for (const table of model.tables.values()) {
    CheckColumns(table, fault);
    CheckHierarchies(table, fault);
    CheckMeasures(table, model, fault);
    if (table.partitions.length !== 1) fault(table, `has ${table.partitions.length} partitions`);
    for (const partition of table.partitions) {
      if (partition.value === 'm') await CheckM(table, partition, model, fault);
      else if (ParameterFields(table).length === 0) fault(partition, 'is neither a view nor a field parameter');
      for (const [of, field] of ParameterFields(table)) {
        if (!model.tables.get(of)?.measures.has(field)) fault(partition, `no measure '${of}'[${field}]`);
      }
    }
  }
}
