import { refusal } from './authenticator';
import { CredentialAuthenticator } from './credential-authenticator';

const HEADER = Buffer.from('{"alg":"RS256"}').toString('base64url');

describe('CredentialAuthenticator', () => {
  const tokens = { verify: jest.fn(async () => refusal('UNKNOWN')) };
  const oidc = { verify: jest.fn(async () => refusal('JWT_INVALID')) };
  const authenticator = new CredentialAuthenticator({ tokens, oidc });
  const reasonFor = async (credential: string | null) => {
    const signIn = await authenticator.authenticate(credential);
    return 'refused' in signIn ? signIn.refused : null;
  };

  it('asks nobody without a credential', async () => {
    expect(await reasonFor(null)).toBe('MISSING');
    expect(tokens.verify).not.toHaveBeenCalled();
    expect(oidc.verify).not.toHaveBeenCalled();
  });

  it.each([`${HEADER}.e30.c2ln`, `${HEADER}.e30.`])('knows a JWT by its form: %s', async (credential) => {
    expect(await reasonFor(credential)).toBe('JWT_INVALID');
  });

  it.each([
    '',
    'eyJ',
    HEADER,
    `${HEADER}.e30`,
    `${HEADER}.e30.c2ln.more`,
    `${HEADER}.e30.c2ln=`,
    'www.example.com',
    `rcl_boot00000001_${'x'.repeat(49)}`,
  ])('takes anything else for a token: %s', async (credential) => {
    expect(await reasonFor(credential)).toBe('UNKNOWN');
  });
});
