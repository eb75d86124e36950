import type { ResultTree, ResultValue } from './protocol';

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text as XML content; control characters become references, as a parser would otherwise drop them. */
export function escapeXml(text: string): string {
  return text
    .replace(/[&<>"']/g, (char) => escapes[char])
    .replace(/[\n\r\t]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** A result tree as XML elements without indentation. */
export function writeXml(tree: ResultTree): string {
  let xml = '';
  for (const [name, value] of Object.entries(tree)) xml += writeElement(name, value);
  return xml;
}

function writeElement(name: string, value: ResultValue): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((item) => writeElement(name, item)).join('');
  if (value instanceof Date) return `<${name}>${value.toISOString()}</${name}>`;
  if (typeof value === 'object') return `<${name}>${writeXml(value)}</${name}>`;
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}
