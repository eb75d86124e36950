const compiled = new Map<string, RegExp>();
const maxCompiled = 10_000;

/** Whether `text` matches an IAM pattern: `*` any run of characters, `?` any single one. */
export function matchesPattern(
  pattern: string,
  text: string,
  options: { ignoreCase?: boolean } = {},
): boolean {
  if (!/[*?]/.test(pattern)) {
    return options.ignoreCase ? pattern.toLowerCase() === text.toLowerCase() : pattern === text;
  }
  return expressionFor(pattern, options.ignoreCase ?? false).test(text);
}

/** Whether an ARN matches an ARN pattern: each of the six parts is matched by itself, so `*` never crosses a colon. */
export function matchesArn(pattern: string, arn: string): boolean {
  const patternParts = arnParts(pattern);
  const parts = arnParts(arn);
  return (
    patternParts.length === parts.length && patternParts.every((part, i) => matchesPattern(part, parts[i]))
  );
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function expressionFor(pattern: string, ignoreCase: boolean): RegExp {
  const key = `${ignoreCase ? 'i' : 's'}${pattern}`;
  let expression = compiled.get(key);
  if (!expression) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '.*')
      .replace(/\?/g, '.');
    expression = new RegExp(`^${source}$`, ignoreCase ? 'is' : 's');
    if (compiled.size >= maxCompiled) compiled.clear();
    compiled.set(key, expression);
  }
  return expression;
}
