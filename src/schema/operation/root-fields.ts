import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** The root fields that an operation names, those under @skip and in fragments included; introspection is left out. */
export function rootFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): GraphQLField<unknown, unknown>[] {
  const fields = schema.getRootType(operation.operation)?.getFields() ?? {};
  return [...namesIn(operation.selectionSet, document)].flatMap((name) => fields[name] ?? []);
}

function namesIn(selectionSet: SelectionSetNode, document: DocumentNode): Set<string> {
  const names = new Set<string>();
  const spread = new Set<string>();
  const visit = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) visit(selection.selectionSet);
      else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        document.definitions.forEach((definition) => {
          if (definition.kind !== Kind.FRAGMENT_DEFINITION) return;
          if (definition.name.value === selection.name.value) visit(definition.selectionSet);
        });
      }
    }
  };
  visit(selectionSet);
  return names;
}
