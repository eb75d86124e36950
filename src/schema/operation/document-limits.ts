import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { limitExceeded } from '../errors/request-error';
import type { OperationLimits } from './limits';

/** What a selection set amounts to, every use of a fragment counted. */
interface Size {
  depth: number;
  aliases: number;
  /** Fields of its own level. */
  fields: number;
}

/** A validation rule that holds each operation to the depth, the aliases and the root fields that are allowed. */
export function documentLimits(
  limits: Pick<OperationLimits, 'depth' | 'aliases' | 'rootFields'>,
): ValidationRule {
  return (context: ValidationContext): ASTVisitor => ({
    OperationDefinition({ selectionSet }) {
      const { depth, aliases, fields } = sizeOf(selectionSet, fragmentsOf(context.getDocument()), new Map());
      const judge = (name: string, found: number, limit: number) => {
        if (found <= limit) return;
        context.reportError(
          limitExceeded(
            `The operation has ${name} ${found}, at most ${limit}`,
            'Send it as several operations.',
          ),
        );
      };
      judge('a depth of', depth, limits.depth);
      judge('aliases:', aliases, limits.aliases);
      judge('root fields:', fields, limits.rootFields);
    },
  });
}

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((definition) => [definition.name.value, definition]),
  );
}

/** `seen` holds the size of each fragment; one that is still being measured counts nothing, another rule refuses the cycle. */
function sizeOf(
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  seen: Map<string, Size>,
): Size {
  const total: Size = { depth: 0, aliases: 0, fields: 0 };
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FIELD) {
      const { name, alias, selectionSet: below } = selection;
      // graphql-js bounds the depth of introspection itself.
      const size = below && !name.value.startsWith('__') ? sizeOf(below, fragments, seen) : EMPTY;
      total.depth = Math.max(total.depth, 1 + size.depth);
      total.aliases += (alias ? 1 : 0) + size.aliases;
      total.fields += 1;
    } else {
      const size =
        selection.kind === Kind.INLINE_FRAGMENT
          ? sizeOf(selection.selectionSet, fragments, seen)
          : sizeOfFragment(selection.name.value, fragments, seen);
      total.depth = Math.max(total.depth, size.depth);
      total.aliases += size.aliases;
      total.fields += size.fields;
    }
  }
  return total;
}

function sizeOfFragment(
  name: string,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  seen: Map<string, Size>,
): Size {
  const known = seen.get(name);
  if (known) return known;
  seen.set(name, EMPTY);
  const fragment = fragments.get(name);
  const size = fragment ? sizeOf(fragment.selectionSet, fragments, seen) : EMPTY;
  seen.set(name, size);
  return size;
}

const EMPTY: Size = { depth: 0, aliases: 0, fields: 0 };
