import type { GraphQLSchema } from 'graphql';
import { NODE_TYPES, toGlobalId, type NodeType } from '../../../src/schema/relay/global-id';
import { probesOf, typeOfId, variablesOf, type IdsByType, type Probe, type RootKind } from './schema-walk';

/** Who asks, and where. */
export interface Asker {
  url: string;
  token: string;
  /** What it has and may see. */
  own: IdsByType;
}

/** An id that was made as ours are and names nothing. */
const MISSING_KEY = 987_654_321;
/** What is asked last, for it takes away what others ask about. */
const DESTRUCTIVE = ['removeAccount', 'revokeApiToken', 'updateTenant'];

/** The status and the very bytes of an answer. */
export async function ask({ url, token }: Asker, document: string, variables: object): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: document, variables }),
  });
  return `${response.status} ${await response.text()}`;
}

/** Queries first, so that a look at them is one at what is there. */
function placesOf(schema: GraphQLSchema): Probe[] {
  const order = ({ kind, field }: Probe) => (kind === 'query' ? 0 : DESTRUCTIVE.includes(field) ? 2 : 1);
  return probesOf(schema)
    .filter(({ kind, place }) => kind !== 'subscription' && place)
    .sort((a, b) => order(a) - order(b));
}

export function nameOf({ field, place }: Probe, type: NodeType): string {
  return `${field}(${place!.join('.')}: ${type})`;
}

/** A document that asks for the fields of one type says little of others. */
function typesOf({ showsAs }: Probe): readonly NodeType[] {
  if (showsAs === null) return NODE_TYPES;
  return [NODE_TYPES.find((type) => type === showsAs) ?? 'Resource'];
}

/** What is answered about an id, without the id itself. */
async function answers(asker: Asker, probe: Probe, id: string): Promise<string> {
  const answer = await ask(asker, probe.document, variablesOf(probe, id, asker.own));
  return answer.replaceAll(id, '<id>');
}

/** The places of ids in mutations, as `leaksById` names them. */
export function mutationPlaces(schema: GraphQLSchema): string[] {
  const places = placesOf(schema).filter(({ kind }) => kind === 'mutation');
  return places.map((probe) => nameOf(probe, typeOfId(probe.place!.at(-1)!)));
}

/**
 * Places where an id of somebody else is not answered as one of nobody, byte by byte; all of them, those of one kind of
 * root field, or the first alone.
 */
export async function leaksById(
  schema: GraphQLSchema,
  asker: Asker,
  foreign: IdsByType,
  { firstOnly = false, kind = null as RootKind | null } = {},
): Promise<string[]> {
  const leaks: string[] = [];
  for (const probe of placesOf(schema)) {
    if (kind && probe.kind !== kind) continue;
    for (const type of typesOf(probe)) {
      const missing = await answers(asker, probe, toGlobalId(type, MISSING_KEY));
      for (const id of foreign[type]) {
        if ((await answers(asker, probe, id)) === missing) continue;
        leaks.push(nameOf(probe, type));
        if (firstOnly) return leaks;
        break;
      }
    }
  }
  return leaks;
}

/** Places where no id of the caller's own is answered otherwise than one of nobody: a look there would show nothing. */
export async function blindPlaces(schema: GraphQLSchema, asker: Asker): Promise<string[]> {
  const blind: string[] = [];
  for (const probe of placesOf(schema)) {
    let sees = false;
    for (const type of typesOf(probe)) {
      const missing = await answers(asker, probe, toGlobalId(type, MISSING_KEY));
      for (const id of asker.own[type]) sees ||= (await answers(asker, probe, id)) !== missing;
      if (sees) break;
    }
    if (!sees) blind.push(`${probe.field}(${probe.place!.join('.')})`);
  }
  return blind;
}

/** What every query without an id answers: whole, in pages of one, from behind each of `cursors`, and to a search. */
export async function lists(
  schema: GraphQLSchema,
  asker: Asker,
  cursors: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  const answered: Record<string, string> = {};
  for (const probe of probesOf(schema)) {
    const { kind, field, place, document } = probe;
    // `node` alone, without an id, is no question.
    if (kind !== 'query' || place || /^(node|nodes|account|resource)$/.test(field)) continue;
    const given = variablesOf(probe, null, asker.own);
    answered[field] = await ask(asker, document, given);
    const takes = (name: string) => probe.arguments.some((argument) => argument.name === name);
    if (takes('filter')) {
      answered[`${field} of canary`] = await ask(asker, document, { ...given, filter: { search: 'canary' } });
    }
    if (!takes('after')) continue;
    let after: string | null = null;
    for (let page = 1; page <= 20; page++) {
      const text = await ask(asker, document, { ...given, first: 1, after });
      answered[`${field} page ${page}`] = text;
      after = /"hasNextPage":true/.test(text) ? endCursor(text, field) : null;
      if (after === null) break;
    }
    if (cursors[field]) {
      answered[`${field} behind another's`] = await ask(asker, document, { ...given, after: cursors[field] });
    }
  }
  return answered;
}

/** The end of the first page of one, of every list. */
export async function cursorsOf(schema: GraphQLSchema, asker: Asker): Promise<Record<string, string>> {
  const pages = Object.entries(await lists(schema, asker)).filter(([name]) => name.endsWith(' page 1'));
  return Object.fromEntries(
    pages.flatMap(([name, text]) => {
      const field = name.replace(' page 1', '');
      const cursor = endCursor(text, field);
      return cursor === null ? [] : [[field, cursor]];
    }),
  );
}

function endCursor(text: string, field: string): string | null {
  const { data } = JSON.parse(text.slice(4)) as {
    data: Record<string, { pageInfo: { endCursor: string | null } }> | null;
  };
  return data?.[field].pageInfo.endCursor ?? null;
}

/** Lists that say something else than they said when nobody else was there, or that name somebody else. */
export function leaksInLists(
  now: Readonly<Record<string, string>>,
  alone: Readonly<Record<string, string>>,
  foreignNames: readonly string[],
): string[] {
  const names = new Set([...Object.keys(now), ...Object.keys(alone)]);
  return [...names].filter(
    (name) => now[name] !== alone[name] || foreignNames.some((foreign) => now[name]?.includes(foreign)),
  );
}
