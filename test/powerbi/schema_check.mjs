// The project's JSON files against Microsoft's schemas, which lie beside this file, and the report against Microsoft's own validator.

import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { getMetadataProvider, runReportValidation } from '@microsoft/powerbi-report-authoring-cli';

const kBase = 'https://developer.microsoft.com/json-schemas/';
const kSchemas = fileURLToPath(new URL('schemas/', import.meta.url));
// These formats have no schema of their own.
const kWithoutSchema = /\.pbids$|RegisteredResources/;

const Files = (folder) => readdirSync(folder, { recursive: true }).map(String).sort();

function Compiler() {
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats(ajv);
  for (const path of Files(kSchemas).filter((name) => name.endsWith('.json'))) {
    const schema = JSON.parse(readFileSync(join(kSchemas, path), 'utf8'));
    // A file's address is its place; what it calls itself is not always that.
    delete schema.$id;
    ajv.addSchema(schema, kBase + path.replaceAll('\\', '/'));
  }
  return ajv;
}

function CheckSchemas(project, report) {
  const ajv = Compiler();
  const ofProject = Files(project).filter((path) => /\.(json|pbip|pbir|pbism|pbids|platform)$/.test(path) && !path.includes('.pbi/'));
  for (const path of ofProject) {
    let content;
    try {
      content = JSON.parse(readFileSync(join(project, path), 'utf8'));
    } catch (error) {
      report(path, error.message);
      continue;
    }
    if (kWithoutSchema.test(path)) continue;
    const validate = ajv.getSchema(content.$schema ?? '');
    if (!validate) report(path, `no schema ${content.$schema}`);
    else if (!validate(content)) {
      for (const { instancePath, message } of validate.errors) report(path, `${instancePath || '/'} ${message}`);
    }
  }
}

export async function CheckForm(project, reportFolder, report) {
  CheckSchemas(project, report);
  const provider = await getMetadataProvider();
  // The schemas are checked above: the validator would fetch them over the network.
  const found = await runReportValidation({ reportDir: reportFolder, defDir: join(reportFolder, 'definition'), provider, skipSchema: true });
  const { diagnostics } = found.data ?? found;
  for (const [code, { items }] of Object.entries(diagnostics)) {
    for (const { file, message } of items) report(file ? relative(project, file) : reportFolder, `${code}: ${message}`);
  }
}
