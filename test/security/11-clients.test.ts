import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Requirement 11: clients of the AWS SDK are made in one place, with one shared handler and real time limits. */

const root = join(__dirname, '../..');
/** The one place. */
const FACTORY = 'src/core/aws/aws-clients.ts';
/** Where the shared handler is made, and taken. */
const HANDLER_FILES = ['src/gateway/aws.ts', FACTORY, 'src/core/aws/bounded-handler.ts'];

/** What a file does that only the factory may. */
function faultsIn(file: string, text: string): string[] {
  const imported = [...text.matchAll(/import (type )?\{([^}]*)\} from '(@aws-sdk\/[\w-]+)'/g)];
  const values = imported.filter(([, isType]) => !isType);
  const classes = values.flatMap(([, , names]) =>
    names!
      .split(',')
      .map((name) =>
        name
          .trim()
          .split(/\s+as\s+/)
          .pop()!,
      )
      .filter((name) => !name.startsWith('type ') && name !== ''),
  );
  const faults = classes
    .filter((name) => !name.endsWith('Command'))
    .filter((name) => new RegExp(`\\bnew ${name}\\(`).test(text))
    .map((name) => `makes a ${name}`);
  if (/import \* as \w+ from '@aws-sdk\//.test(text)) faults.push('imports a whole client package by name');
  if (file !== FACTORY && values.some(([, , , name]) => name === '@aws-sdk/credential-providers'))
    faults.push('takes credentials by itself');
  if (!HANDLER_FILES.includes(file) && text.includes('@smithy/node-http-handler'))
    faults.push('has a handler of its own');
  return faults;
}

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map((name) => relative(root, join(root, 'src', name)).replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('src/simulator/'));

it('no file but the factory makes a client, takes credentials or has a handler', () => {
  expect(files).toContain(FACTORY);
  const faulty = files.flatMap((file) =>
    faultsIn(file, readFileSync(join(root, file), 'utf8')).map((fault) => `${file} ${fault}`),
  );
  expect(faulty).toEqual([]);
});

it.each([
  ["import { EC2Client } from '@aws-sdk/client-ec2';\nconst ec2 = new EC2Client({});", 'makes a EC2Client'],
  ["import { STS as Sts } from '@aws-sdk/client-sts';\nconst sts = new Sts({});", 'makes a Sts'],
  ["import * as ec2 from '@aws-sdk/client-ec2';", 'imports a whole client package by name'],
  ["import { fromIni } from '@aws-sdk/credential-providers';", 'takes credentials by itself'],
  ["import { NodeHttpHandler } from '@smithy/node-http-handler';", 'has a handler of its own'],
])('finds %s', (text, fault) => {
  expect(faultsIn('src/plugins/ec2/discover.ts', text)).toEqual([fault]);
});
