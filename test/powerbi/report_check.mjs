// The report against the model: every field a visual shows exists; and its form: layout, titles, what a screen reader is told, contrast.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { ParameterFields } from './tmdl.mjs';

const kWithoutTitle = ['textbox', 'pageNavigator', 'slicer'];
const kTextContrast = 4.5;
const kGraphicContrast = 3;

const ReadJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

// What a field expression names: { table, name, kind }; nothing for other nodes.
function FieldOf(node) {
  for (const kind of ['Column', 'Measure']) {
    const table = node?.[kind]?.Expression?.SourceRef?.Entity;
    if (table) return { kind, table, name: node[kind].Property };
  }
  const hierarchy = node?.HierarchyLevel?.Expression?.Hierarchy;
  return hierarchy && { kind: 'Level', table: hierarchy.Expression.SourceRef.Entity, name: `${hierarchy.Hierarchy}.${node.HierarchyLevel.Level}` };
}

function* Fields(node) {
  if (node === null || typeof node !== 'object') return;
  const field = FieldOf(node);
  if (field) yield field;
  else for (const child of Object.values(node)) yield* Fields(child);
}

function Exists({ kind, table, name }, model) {
  const found = model.tables.get(table);
  if (kind === 'Column') return found?.columns.has(name);
  if (kind === 'Measure') return found?.measures.has(name);
  const [hierarchy, level] = name.split('.');
  return found?.hierarchies.get(hierarchy)?.children.some((child) => child.type === 'level' && child.name === level);
}

function CheckBindings(visual, model, fault) {
  for (const field of Fields(visual)) {
    if (!Exists(field, model)) fault(`no ${field.kind.toLowerCase()} ${field.table}.${field.name} in the model`);
  }
  const shown = new Set();
  for (const [role, { projections, fieldParameters = [] }] of Object.entries(visual.query?.queryState ?? {})) {
    for (const { field, queryRef } of projections) {
      const { table, name } = FieldOf(field) ?? {};
      if (queryRef !== `${table}.${name}`) fault(`${role} shows ${table}.${name} by the name of ${queryRef}`);
      shown.add(queryRef);
    }
    for (const { parameterExpr, index, length } of fieldParameters) {
      const { table, name } = FieldOf(parameterExpr) ?? {};
      const parameter = model.tables.get(table);
      const offered = parameter ? ParameterFields(parameter).map((field) => field.join('.')) : [];
      const own = projections.slice(index, index + length).map((projection) => projection.queryRef);
      if (name !== parameter?.name || own.length !== length || !own.every((reference) => offered.includes(reference))) {
        fault(`${role} shows ${own.join(', ')}, which ${table}.${name} does not offer`);
      }
    }
  }
  for (const entry of Object.values(visual.objects ?? {}).flat()) {
    const styled = entry.selector?.metadata;
    if (styled && !shown.has(styled)) fault(`styles ${styled}, which it does not show`);
  }
}

const TextOf = (entries, property) => /^'(.*)'$/s.exec(entries?.[0]?.properties?.[property]?.expr?.Literal?.Value ?? '')?.[1] ?? '';

function CheckAccessibility(visual, fault) {
  const container = visual.visualContainerObjects ?? {};
  if (TextOf(container.general, 'altText').length < 5) fault('has no alternative text');
  if (!kWithoutTitle.includes(visual.visualType) && !TextOf(container.title, 'text')) fault('has no title');
  if (visual.visualType === 'slicer' && !TextOf(visual.objects?.header, 'text')) fault('has no header');
}

function CheckLayout(page, visuals, fault) {
  const orders = new Set();
  visuals.forEach(({ name, position: a }, i) => {
    if (a.x < 0 || a.y < 0 || a.x + a.width > page.width || a.y + a.height > page.height) fault(name, 'reaches beyond the page');
    if (orders.has(a.tabOrder)) fault(name, 'shares its place in the tab order');
    orders.add(a.tabOrder);
    for (const { name: other, position: b } of visuals.slice(i + 1)) {
      const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
      if (!apart) fault(name, `lies over ${other}`);
    }
  });
  // Who tabs through a page reads it from top to bottom.
  const inOrder = [...visuals].sort((a, b) => a.position.tabOrder - b.position.tabOrder);
  for (let i = 1; i < inOrder.length; ++i) {
    if (inOrder[i].position.y + inOrder[i].position.height <= inOrder[i - 1].position.y) fault(inOrder[i].name, 'is reached too late by tabs');
  }
}

function Luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

// Web Content Accessibility Guidelines 2.1, 1.4.3 and 1.4.11.
function Contrast(one, other) {
  const [low, high] = [Luminance(one), Luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function CheckTheme(theme, fault) {
  const expect = (colour, against, least) => {
    const contrast = Contrast(colour, against);
    if (contrast < least) fault(`${colour} on ${against} has a contrast of ${contrast.toFixed(1)}, less than ${least}`);
  };
  for (const colour of [...theme.dataColors, theme.good, theme.neutral, theme.bad]) expect(colour, theme.background, kGraphicContrast);
  for (const paper of [theme.background, theme.backgroundLight]) {
    for (const ink of [theme.foreground, theme.foregroundNeutralSecondary, ...Object.values(theme.textClasses).map((text) => text.color)]) {
      expect(ink, paper, kTextContrast);
    }
  }
}

export function CheckReport(folder, model, report) {
  const definition = join(folder, 'definition');
  const pages = join(definition, 'pages');
  const order = ReadJson(join(pages, 'pages.json')).pageOrder;
  for (const name of order) {
    if (!existsSync(join(pages, name, 'page.json'))) {
      report('pages.json', `no page ${name}`);
      continue;
    }
    const page = ReadJson(join(pages, name, 'page.json'));
    const visuals = readdirSync(join(pages, name, 'visuals')).sort().map((visual) => ReadJson(join(pages, name, 'visuals', visual, 'visual.json')));
    for (const { name: visual, visual: content } of visuals) {
      const fault = (message) => report(`${name}/${visual}`, message);
      CheckBindings(content, model, fault);
      CheckAccessibility(content, fault);
    }
    CheckLayout(page, visuals, (visual, message) => report(`${name}/${visual}`, message));
  }
  const resources = join(folder, 'StaticResources', 'RegisteredResources');
  for (const theme of readdirSync(resources)) CheckTheme(ReadJson(join(resources, theme)), (message) => report(theme, message));
}
