// Checks a Power BI project: node check.mjs PROJECT [COLUMNS] [CLASS…]
//
// Classes: form (Microsoft's schemas and validator), model, report, and, where COLUMNS is a file of what a role sees in a database
// (view, column, type and scale, parted by tabs), views and columns. One line a fault; the exit status tells whether there was any.
// CLASS relationships prints them instead, for a test of the data: view, column, a condition, the view and the column referred to.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { CheckColumns, CheckViews } from './live_check.mjs';
import { CheckReport } from './report_check.mjs';
import { ColumnReference, ReadModel, ViewOf } from './tmdl.mjs';

const [project, columns = '', ...asked] = process.argv.slice(2);
const Folder = (ending) => join(project, readdirSync(project).find((name) => name.endsWith(ending)));
const reportFolder = Folder('.Report');

let faults = 0;
const Report = (kind) => (place, message) => {
  ++faults;
  console.log(`${kind}: ${place}: ${message}`);
};
const model = ReadModel(Folder('.SemanticModel'), Report('model'));

function PrintRelationships() {
  for (const { properties } of model.relationships) {
    const [from, to] = [properties.fromColumn, properties.toColumn].map((text) => {
      const { table, column } = ColumnReference(text);
      const found = model.tables.get(table);
      const { schema, view, without } = ViewOf(found);
      return { view: `${schema}.${view}`, column: found.columns.get(column).properties.sourceColumn, without };
    });
    const condition = from.without ? `${from.without.column} <> '${from.without.value}'` : 'true';
    console.log([from.view, from.column, condition, to.view, to.column].join('\t'));
  }
}

// Two classes load Microsoft's packages, which takes a while.
const classes = {
  form: async () => (await import('./schema_check.mjs')).CheckForm(project, reportFolder, Report('form')),
  model: async () => (await import('./model_check.mjs')).CheckModel(model, Report('model')),
  report: () => CheckReport(reportFolder, model, Report('report')),
  ...(columns && {
    views: () => CheckViews(model, columns, Report('views')),
    columns: () => CheckColumns(model, columns, Report('columns')),
  }),
};
if (asked[0] === 'relationships') {
  PrintRelationships();
} else {
  for (const name of asked.length > 0 ? asked : Object.keys(classes)) await classes[name]();
  console.log(`${model.tables.size} tables, ${faults} faults`);
}
process.exitCode = faults > 0 ? 1 : 0;
