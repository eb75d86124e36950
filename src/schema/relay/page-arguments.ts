import { ArgsType, Field, Int } from 'type-graphql';

/** The arguments of every list. */
@ArgsType()
export class PageArguments {
  @Field(() => Int, { defaultValue: 50, description: '1 to 500.' })
  first: number;

  @Field(() => String, { nullable: true, description: 'The `endCursor` of the page before.' })
  after?: string | null;
}

/** The same for the lists whose pages are short by default. */
@ArgsType()
export class ShortPageArguments {
  @Field(() => Int, { defaultValue: 20, description: '1 to 500.' })
  first: number;

  @Field(() => String, { nullable: true, description: 'The `endCursor` of the page before.' })
  after?: string | null;
}
