import { SessionStore } from '../../src/simulator/auth/sessions';

/** The secret key and the token of every session that simulators of this process hand out from now on. */
export function recordSessionSecrets(): string[] {
  const secrets: string[] = [];
  const create = SessionStore.prototype.create;
  jest.spyOn(SessionStore.prototype, 'create').mockImplementation(function (this: SessionStore, input) {
    const session = create.call(this, input);
    secrets.push(session.secretAccessKey, session.sessionToken);
    return session;
  });
  return secrets;
}
